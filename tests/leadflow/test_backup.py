"""Backup and restore: what is refused, and the drill on a fresh cluster."""

import io
import json
import tarfile

import pytest
from django.core.management import CommandError, call_command

from leadflow.backup import ABOUT, DUMP
from tests import stack as stacks
from tests.factories import make_lead, make_user


@pytest.fixture
def archive(tmp_path):
    """A file that looks like a backup, made at some moment in some format."""

    def make(**about):
        path = tmp_path / "backup.tar"
        with tarfile.open(path, "w") as tar:
            for name, content in ((ABOUT, json.dumps(about).encode()), (DUMP, b"SELECT 1/0;")):
                entry = tarfile.TarInfo(name)
                entry.size = len(content)
                tar.addfile(entry, io.BytesIO(content))
        return path

    return make


@pytest.mark.django_db
@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 no tar", b"\x00" * 1024])
def test_a_file_that_is_no_backup_is_refused(tmp_path, content):
    path = tmp_path / "x"
    path.write_bytes(content)
    with pytest.raises(CommandError, match=r"x is not a backup of LeadFlow\."):
        call_command("restore", path)


def test_a_missing_file_and_a_newer_format_are_refused(tmp_path, archive):
    with pytest.raises(CommandError, match="is not a backup"):
        call_command("restore", tmp_path / "nothing")
    with pytest.raises(CommandError, match="made by a newer LeadFlow"):
        call_command("restore", archive(format=2, made_at="2026-11-23T03:00:00+00:00"))


@pytest.mark.django_db
def test_a_database_in_use_is_not_replaced_by_mistake(archive):
    make_user()
    with pytest.raises(CommandError, match="say --overwrite"):
        call_command("restore", archive(format=1, made_at="2026-11-23T03:00:00+00:00"))


@pytest.mark.django_db(transaction=True)
def test_a_dump_that_does_not_load_changes_nothing(archive):
    user, lead = make_user(), make_lead()
    with pytest.raises(CommandError, match="psql: "):
        call_command("restore", archive(format=1, made_at="2026-11-23T03:00:00+00:00"), overwrite=True)
    user.refresh_from_db()
    lead.refresh_from_db()


@pytest.mark.django_db
def test_a_place_that_cannot_be_written_is_told_and_nothing_left_there(tmp_path):
    with pytest.raises(CommandError, match="cannot be written: No such file or directory"):
        call_command("backup", tmp_path / "missing" / "backup.tar")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.fault
def test_backup_of_a_working_product_comes_to_life_on_an_empty_cluster(tmp_path):
    path = tmp_path / "backup.tar"
    with stacks.up(test_build=False) as product:
        product.inside("furnish", leads=15)
        kept = product.var / "media" / "files" / "hop-dong.pdf"
        kept.parent.mkdir(parents=True, exist_ok=True)
        kept.write_bytes(b"%PDF-1.7")
        ((newest,),) = product.ask("SELECT max(id) FROM leads_event")  # both products go on working
        events = f"SELECT count(*) FROM leads_event WHERE id <= {newest}"
        counts = f"SELECT (SELECT count(*) FROM leads_lead), ({events}), count(*) FROM accounts_user"
        assert product.manage("backup", str(path)).returncode == 0
        assert (path.stat().st_mode & 0o777, [file.name for file in tmp_path.iterdir()]) == (0o600, ["backup.tar"])
        before = product.ask(counts)
    with stacks.up(test_build=False) as other:
        assert other.ask(counts) == [(0, 0, 0)]
        done = other.manage("restore", str(path))
        assert (done.returncode, done.stderr) == (0, "")
        assert other.ask(counts) == before
        assert (other.var / "media" / "files" / "hop-dong.pdf").read_bytes() == b"%PDF-1.7"
        assert other.manage("check_invariants").returncode == 0
        assert "say --overwrite" in other.manage("restore", str(path)).stderr
        assert other.manage("restore", str(path), "--overwrite").returncode == 0
        assert other.ask(counts) == before
