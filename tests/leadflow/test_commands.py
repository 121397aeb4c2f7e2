from io import StringIO

import polib
import pytest
from django.core.cache import cache
from django.core.management import CommandError, call_command
from django.db import OperationalError

from core import heartbeat
from leadflow.management.commands import prepare, sweep
from leadflow.schedule import ENTRIES


def output(*command, **options):
    out = StringIO()
    call_command(*command, stdout=out, **options)
    return out.getvalue()


@pytest.mark.django_db
@pytest.mark.parametrize("what", sorted(sweep.SWEEPS))
def test_sweep_runs_now_what_the_beat_would_run(what):
    assert sweep.SWEEPS[what] in {entry.task for entry in ENTRIES}
    assert output("sweep", what).startswith(f"{what}: ")


def test_sweep_knows_its_sweeps_only():
    with pytest.raises(CommandError, match="invalid choice: 'floor'"):
        call_command("sweep", "floor")


@pytest.mark.parametrize("who", ["worker", "beat"])
def test_alive_tells_by_the_last_sign(who):
    cache.clear()
    with pytest.raises(CommandError, match=f"no sign of life from {who}"):
        call_command("alive", who)
    heartbeat.beat(who)
    assert output("alive", who) == f"{who} is alive\n"


@pytest.mark.django_db
def test_prepare_changes_nothing_on_a_prepared_database():
    assert output("prepare") == ""


def failing_commands(monkeypatch, failures):
    """Lets `call_command` be refused a lock some times before it succeeds; returns what was called."""
    called = []

    def command(name, **_options):
        called.append(name)
        if len(called) <= failures:
            raise OperationalError("canceling statement due to lock timeout")

    monkeypatch.setattr(prepare, "call_command", command)
    monkeypatch.setattr(prepare, "PAUSE", 0)
    return called


@pytest.mark.django_db
def test_prepare_waits_for_a_lock_and_seeds_afterwards(monkeypatch):
    called = failing_commands(monkeypatch, 2)
    call_command("prepare", demo=True)
    assert called == ["migrate", "migrate", "migrate", "demo"]


@pytest.mark.django_db
def test_prepare_gives_up_in_the_end(monkeypatch):
    called = failing_commands(monkeypatch, 99)
    with pytest.raises(OperationalError, match="lock timeout"):
        call_command("prepare", demo=True)
    assert called == ["migrate"] * prepare.ATTEMPTS


@pytest.fixture
def words(tmp_path, settings):
    """One room with one Vietnamese word."""
    settings.BASE_DIR = tmp_path
    folder = tmp_path / "leads" / "locale" / "vi" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    file = polib.POFile()
    file.metadata = {"Content-Type": "text/plain; charset=UTF-8"}
    file.append(polib.POEntry(msgid="Hot", msgstr="Nóng"))
    file.save(str(folder / "django.po"))
    return folder


def test_translations_are_compiled(words):
    assert output("compile_translations") == "compiled leads/locale/vi/LC_MESSAGES/django.po\n"
    assert polib.mofile(str(words / "django.mo")).find("Hot").msgstr == "Nóng"


def test_compiled_translations_are_left_alone(words):
    call_command("compile_translations", stdout=StringIO())
    assert output("compile_translations") == ""
