"""The embedded PostgreSQL on folders of its own; the running one of the tests is left alone."""

import os
import pwd
import signal

import psycopg2
import pytest

from leadflow import places
from leadflow.up import postgres
from leadflow.up import service as up
from leadflow.up.service import ServiceError


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    return tmp_path_factory.mktemp("pg")


@pytest.fixture(scope="module")
def server(home):
    return postgres.service(home, home / "run", durable=False)


def value(home, query, database=postgres.DATABASE):
    connection = psycopg2.connect(host=str(home / "run"), user=postgres.ROLE, dbname=database)
    try:
        with connection.cursor() as cursor:
            cursor.execute(query)
            return cursor.fetchone()[0]
    finally:
        connection.close()


def as_server(path):
    account = postgres.account_of_servers()
    if account:
        os.chown(path, pwd.getpwnam(account).pw_uid, -1)


def test_the_database_is_made_once_and_belongs_to_a_role_without_power(home, server):
    with up.running(server):
        postgres.create_database(home / "run")
        postgres.create_database(home / "run")
        assert value(home, "SELECT rolsuper FROM pg_roles WHERE rolname = current_user") is False
        assert value(home, "SELECT rolcreatedb FROM pg_roles WHERE rolname = current_user") is True
        assert value(home, "SELECT datlocprovider FROM pg_database WHERE datname = current_database()") == "b"
        assert value(home, "SELECT count(*) >= 0 FROM pg_stat_statements") is True
        assert value(home, "SHOW listen_addresses") == ""
        assert value(home, "SHOW data_checksums") == "on"
    assert not postgres.answers(home / "run")


def test_data_and_sockets_are_private(home, server):
    with up.running(server):
        assert [(home / name).stat().st_mode & 0o777 for name in ("postgres", "run")] == [0o700, 0o700]


def test_a_stale_pid_file_of_a_reused_pid_is_no_obstacle(home, server):
    with up.running(server):
        pass
    file = home / "postgres" / "postmaster.pid"
    file.write_text(f"{os.getppid()}\n{home / 'postgres'}\n")
    as_server(file)
    with up.running(server) as process:
        assert file.read_text().split()[0] == str(process.pid)


def test_an_empty_pid_file_is_no_obstacle(home, server):
    with up.running(server):
        pass
    file = home / "postgres" / "postmaster.pid"
    file.write_text("")
    as_server(file)
    with up.running(server):
        assert postgres.answers(home / "run")


def test_a_server_that_lives_on_the_data_is_respected(home, server):
    with up.running(server) as process:
        with pytest.raises(ServiceError, match=rf"another PostgreSQL \(process {process.pid}\) runs on"):
            postgres.prepare(home, home / "run", postgres.account_of_servers())
        assert process.poll() is None


def test_a_killed_server_starts_again(home, server):
    with up.running(server) as process:
        process.send_signal(signal.SIGKILL)
        process.wait()
    with up.running(server):
        assert postgres.answers(home / "run")


def test_an_interrupted_first_start_is_cleared_away(tmp_path):
    (tmp_path / "postgres.new" / "base").mkdir(parents=True)
    with up.running(postgres.service(tmp_path, tmp_path / "run", durable=False)):
        pass
    assert sorted(path.name for path in tmp_path.glob("postgres*")) == ["postgres", "postgres.lock"]


def test_initdb_that_fails_says_why(tmp_path, monkeypatch):
    monkeypatch.setattr(postgres, "LOCALE", ("--locale-provider=none-such",))
    with pytest.raises(ServiceError, match="unrecognized locale provider: none-such"):
        up.start(postgres.service(tmp_path, tmp_path / "run"))
    assert not (tmp_path / "postgres").exists()


def test_a_folder_of_somebody_else_is_refused(tmp_path):
    (tmp_path / "real").mkdir()
    (tmp_path / "run").symlink_to(tmp_path / "real")
    with pytest.raises(ServiceError, match="run belongs to somebody else"):
        postgres.own_folder(tmp_path / "run", "")


def test_a_folder_changes_hands_with_all_that_is_in_it(tmp_path):
    (tmp_path / "data").mkdir(mode=0o755)
    (tmp_path / "data" / "file").touch()
    account = postgres.account_of_servers()
    owner = pwd.getpwnam(account).pw_uid if account else os.getuid()
    postgres.own_folder(tmp_path / "data", account)
    assert [(tmp_path / name).stat().st_uid for name in ("data", "data/file")] == [owner, owner]
    assert (tmp_path / "data").stat().st_mode & 0o777 == 0o700


def test_the_servers_account_is_never_root():
    account = postgres.account_of_servers()
    assert (account in {"postgres", "nobody"}) if os.getuid() == 0 else (account == "")


def test_the_tests_own_server_is_found_by_its_place():
    assert places.database_url() == os.environ["DATABASE_URL"]
