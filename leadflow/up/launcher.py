"""From nothing to a running LeadFlow, and back to nothing."""

import contextlib
import errno
import fcntl
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NoReturn, TextIO

from leadflow import places
from leadflow.up import postgres, programs, valkey
from leadflow.up.keeper import Keeper, Stopped, stop_on_signals
from leadflow.up.service import ServiceError, leash, wait_gone
from leadflow.up.words import say, say_logins

PORTS_TO_TRY = 50


class SecondCopyError(Exception):
    """Another launcher holds this var/ folder; the message is its address."""


def up(var: Path, *, port: int, demo: bool) -> int:
    """Starts everything, keeps it alive, stops it. Returns the exit code: 0 after a wanted stop, else 1."""
    keeper = Keeper()
    try:
        with only_copy(var) as note:
            stop_on_signals()
            try:
                _run(keeper, var, port=port, demo=demo, note=note)
            finally:
                say("stopping")
                keeper.stop()
    except SecondCopyError as other:
        say("already", url=other)
    except ServiceError as error:
        say("failed", error=error)
    except Stopped:
        say("stopped")
        return 0
    return 1


def _run(keeper: Keeper, var: Path, *, port: int, demo: bool, note: TextIO) -> NoReturn:
    """Steps: 1 let a killed copy finish dying, 2 servers, 3 database, 4 demo data, 5 programs, 6 keep."""
    for name in ("web", "worker", "beat"):
        wait_gone(name, var)
    port = free_port(port)
    url = f"http://{programs.HOST}:{port}"
    write_note(note, url)
    os.environ.setdefault("BASE_URL", url)
    _start_servers(keeper, var)
    say("database")
    prepare(demo=demo)
    say("programs")
    keeper.add(programs.web(var, port))
    keeper.wait_ready()  # the first page comes sooner when the others do not compete with it
    keeper.add(programs.worker(var))
    keeper.add(programs.beat(var))
    say("running", url=url)
    if demo:
        say_logins()
    keeper.keep()


def _start_servers(keeper: Keeper, var: Path) -> None:
    """The embedded servers, where the environment names no others."""
    own_database, own_valkey = not os.environ.get("DATABASE_URL"), not os.environ.get("REDIS_URL")
    if own_database or own_valkey:
        say("servers")
    if own_valkey:
        keeper.add(valkey.service(var, places.valkey_socket()))
    if own_database:
        keeper.add(postgres.service(var, places.socket_folder()))
    keeper.wait_ready()
    if own_database:
        postgres.create_database(places.socket_folder())


def prepare(*, demo: bool) -> None:
    """Migrations and demo data, in a process that is gone afterwards; raises ServiceError when it fails."""
    command = [*leash(signal.SIGKILL), sys.executable, str(places.BASE / "manage.py"), "prepare"]
    done = subprocess.run(
        [*command, *(["--demo"] if demo else [])],
        env={**os.environ, "LEADFLOW_PROCESS": "migrate"},
        start_new_session=True,
        check=False,
    )
    if done.returncode:
        raise ServiceError(f"manage.py prepare ended with code {done.returncode}")


def free_port(wanted: int) -> int:
    """The first free port from `wanted` on; says so when it is not that one."""
    for port in range(wanted, wanted + PORTS_TO_TRY):
        if _is_free(port):
            if port != wanted:
                say("port", taken=wanted, port=port)
            return port
    raise ServiceError(f"no free port from {wanted} to {wanted + PORTS_TO_TRY - 1}")


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # a port still in TIME_WAIT is free
        try:
            probe.bind((programs.HOST, port))
        except OSError as error:
            if error.errno == errno.EADDRINUSE:
                return False
            raise ServiceError(f"port {port}: {error.strerror}") from error
    return True


@contextlib.contextmanager
def only_copy(var: Path) -> Iterator[TextIO]:
    """Holds var/up.lock, a file with the address; raises SecondCopyError when another launcher holds it."""
    var.mkdir(parents=True, exist_ok=True)
    with (var / "up.lock").open("a+", encoding="utf-8") as note:
        try:
            fcntl.flock(note, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            note.seek(0)
            raise SecondCopyError(note.read().strip() or "(starting)") from None
        write_note(note, "")
        yield note


def write_note(note: TextIO, text: str) -> None:
    note.seek(0)
    note.truncate()
    note.write(text)
    note.flush()
