"""`manage.py up` with real processes, on a folder and a port of its own beside whatever runs here."""

import os
import signal
import socket
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from leadflow.places import BASE
from leadflow.up import launcher, programs, words
from leadflow.up.service import ServiceError
from tests.waiting import alive, eventually

pytestmark = pytest.mark.xdist_group("launcher")
PROGRAMS = {"web", "worker", "beat", "postgres", "valkey"}
START = 180  # seconds a start may take on a machine that is busy with other tests
SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


@pytest.fixture
def bare_environment(monkeypatch, tmp_path):
    """The environment of somebody who types `make run`, with var/ in `tmp_path`."""
    for name in ("DATABASE_URL", "REDIS_URL", "LEADFLOW_TEST", "BASE_URL"):
        monkeypatch.setenv(name, "")  # so that what the launcher sets is undone
        monkeypatch.delenv(name)
    monkeypatch.setenv("LEADFLOW_VAR", str(tmp_path))


@pytest.fixture
def port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@pytest.fixture
def keep_signals():
    before = [signal.getsignal(each) for each in SIGNALS]
    yield
    for each, handler in zip(SIGNALS, before, strict=True):
        signal.signal(each, handler)


def processes(var):
    """Every living process of this launcher by the name of its service: those that inherited its lock file."""
    found = {}
    for link in Path("/proc").glob("[0-9]*/fd/*"):
        try:
            target = link.readlink()
        except OSError:
            continue
        pid = int(link.parts[2])
        if target.parent == var and target.suffix == ".lock" and alive(pid):
            found.setdefault(target.stem, set()).add(pid)
    return found


def parent(pid):
    try:
        return int(Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[1])
    except FileNotFoundError:
        return None


def leader(var, name):
    """The process the launcher started itself: its parent is none of them."""
    family = processes(var).get(name, set())
    return next((pid for pid in family if parent(pid) not in family), None)


def comes_back(var, name):
    """Whether a service is there again after it was killed."""
    old = leader(var, name)
    os.kill(old, signal.SIGKILL)
    return eventually(lambda: leader(var, name) not in {None, old}, seconds=START)


def up(port, log):
    return subprocess.Popen(
        [sys.executable, str(BASE / "manage.py"), "up", "--no-demo", "--port", str(port)],
        stdout=log.open("ab"),
        stderr=subprocess.STDOUT,
        stdin=subprocess.DEVNULL,
    )


@pytest.mark.fault
@pytest.mark.slow
def test_up_serves_restarts_what_dies_refuses_a_second_copy_and_stops(
    bare_environment, tmp_path, port, keep_signals, capfd
):
    """In this process, so that what the launcher itself does is measured."""
    seen = {}

    def visit():
        seen["page"] = eventually(lambda: programs.answers(port + 1), seconds=START)
        seen["all"] = eventually(lambda: processes(tmp_path).keys() >= PROGRAMS, seconds=START)
        second = up(port, tmp_path / "second")
        seen["second"] = second.wait(START), (tmp_path / "second").read_text()
        seen.update({name: comes_back(tmp_path, name) for name in ("postgres", "web")})
        seen["again"] = eventually(lambda: programs.answers(port + 1), seconds=START)

    def visitor():
        try:
            visit()
        finally:
            os.kill(os.getpid(), signal.SIGTERM)

    with socket.socket() as other:
        other.bind(("127.0.0.1", port))
        other.listen()
        thread = threading.Thread(target=visitor)
        thread.start()
        assert launcher.up(tmp_path, port=port, demo=False) == 0
        thread.join()
    url = f"http://127.0.0.1:{port + 1}"
    said = capfd.readouterr().out
    assert seen == {
        **dict.fromkeys(["page", "all", "postgres", "web", "again"], True),
        "second": (1, f"LeadFlow đã chạy sẵn: already running at {url}\n"),
    }
    assert f"LeadFlow dùng cổng {port + 1}" in said
    assert f"LeadFlow đang chạy tại {url}" in said
    assert "postgres đã dừng (mã -9)" in said
    assert processes(tmp_path) == {}


@pytest.mark.fault
@pytest.mark.slow
def test_a_killed_launcher_takes_everything_with_it_and_starts_again_on_the_same_port(bare_environment, tmp_path, port):
    log = tmp_path / "out"
    first = up(port, log)
    assert eventually(lambda: programs.answers(port) and processes(tmp_path).keys() >= PROGRAMS, seconds=START)
    first.kill()
    first.wait()
    second = up(port, log)
    assert eventually(lambda: programs.answers(port) and processes(tmp_path).keys() >= PROGRAMS, seconds=START)
    assert (tmp_path / "up.lock").read_text() == f"http://127.0.0.1:{port}"
    os.kill(leader(tmp_path, "worker"), signal.SIGKILL)
    assert eventually(lambda: "worker đã dừng (mã -9)" in log.read_text(), seconds=START)
    second.send_signal(signal.SIGINT)
    assert second.wait(START) == 0
    assert processes(tmp_path) == {}


def test_a_second_copy_is_told_the_address(tmp_path):
    with launcher.only_copy(tmp_path) as note:
        launcher.write_note(note, "http://127.0.0.1:8000")
        with pytest.raises(launcher.SecondCopyError, match=r"http://127.0.0.1:8000"), launcher.only_copy(tmp_path):
            pass
    with launcher.only_copy(tmp_path):
        assert (tmp_path / "up.lock").read_text() == ""


def test_a_second_copy_says_where_the_first_one_is(tmp_path, capsys):
    with launcher.only_copy(tmp_path):
        assert launcher.up(tmp_path, port=8000, demo=True) == 1
    assert capsys.readouterr().out == "LeadFlow đã chạy sẵn: already running at (starting)\n"


def test_a_failing_start_says_why_and_leaves_nothing(
    bare_environment, tmp_path, port, keep_signals, capsys, monkeypatch
):
    monkeypatch.setattr(launcher, "PORTS_TO_TRY", 0)
    assert launcher.up(tmp_path, port=port, demo=False) == 1
    assert f"Không khởi động được: no free port from {port} to {port - 1}" in capsys.readouterr().out
    assert processes(tmp_path) == {}


def test_named_servers_are_not_started(monkeypatch, tmp_path):
    monkeypatch.setenv("DATABASE_URL", "postgres://db.example/leadflow")
    monkeypatch.setenv("REDIS_URL", "redis://cache.example")
    keeper = launcher.Keeper()
    launcher._start_servers(keeper, tmp_path)
    assert keeper._kept == []


def test_a_free_port_is_taken_as_it_is(port, capsys):
    assert launcher.free_port(port) == port
    assert capsys.readouterr().out == ""


def test_a_port_that_may_not_be_used_is_named(monkeypatch):
    monkeypatch.setattr(programs, "HOST", "192.0.2.1")  # an address no machine has
    with pytest.raises(ServiceError, match="port 8000: "):
        launcher.free_port(8000)


def test_a_database_that_cannot_be_prepared_stops_the_start(bare_environment, monkeypatch):
    monkeypatch.setenv("DATABASE_URL", "postgres://db.example/leadflow")  # and no SECRET_KEY
    with pytest.raises(ServiceError, match=r"manage.py prepare ended with code 1"):
        launcher.prepare(demo=True)


def test_the_logins_of_the_demo_are_listed(capsys):
    words.say_logins()
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].endswith("leadflow-demo")
    assert [line.split()[0] for line in lines[1:]] == list(words.LOGINS)
