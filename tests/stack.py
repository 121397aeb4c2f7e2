"""The whole product as `manage.py up` runs it, on a fresh folder: for tests that need every process."""

import contextlib
import json
import os
import re
import shutil
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psycopg2

from leadflow import places
from leadflow.up.service import Service, running

PROGRAMS = {
    "web": "bin/granian",
    "worker": "leadflow worker",
    "beat": "leadflow beat",
    "valkey": "valkey-server",
    "postgres": "bin/postgres",
}
RUNNING = re.compile(r"http://127\.0\.0\.1:(\d+)  \(running")


@dataclass
class Stack:
    var: Path
    environment: dict[str, str]
    launcher: int
    port: int
    _inside: list[subprocess.Popen[str]] = field(default_factory=list)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def failpoints(self) -> Path:
        return self.var / "failpoints"

    def pid(self, name: str) -> int | None:
        """The process of a service as the launcher started it, or None while there is none."""
        found = [pid for pid in children(self.launcher) if PROGRAMS[name] in command_line(pid)]
        return found[0] if found else None

    def ask(self, query: str, *parameters: Any) -> list[tuple[Any, ...]]:
        """Asks the database directly, past everything that is being tested."""
        with self.connected() as connection, connection.cursor() as cursor:
            cursor.execute(query, parameters)
            return cursor.fetchall() if cursor.description else []

    @contextlib.contextmanager
    def connected(self) -> Iterator[Any]:
        """One transaction on a connection of its own, committed at the end."""
        host = self.var / "run"
        connection = psycopg2.connect(host=str(host), user="leadflow", dbname="leadflow", connect_timeout=5)
        try:
            with connection:
                yield connection
        finally:
            connection.close()

    def manage(self, *command: str) -> subprocess.CompletedProcess[str]:
        """Runs a management command beside the running processes."""
        return subprocess.run(
            [sys.executable, "manage.py", *command],
            env={**os.environ, **self.environment},
            cwd=places.BASE,
            capture_output=True,
            text=True,
            check=False,
            timeout=120,
        )

    def api_key(self, *scopes: str) -> str:
        done = self.manage("create_api_key", "test", *(word for scope in scopes for word in ("--scope", scope)))
        return done.stdout.splitlines()[-1]

    def inside(self, name: str, **arguments: Any) -> Any:
        """Calls a function of tests/inside.py in a process with this product's settings; JSON both ways."""
        if not self._inside:
            self._inside.append(self._start_inside())
        process = self._inside[0]
        assert process.stdin
        assert process.stdout
        process.stdin.write(json.dumps([name, arguments]) + "\n")
        process.stdin.flush()
        return json.loads(process.stdout.readline())

    def _start_inside(self) -> subprocess.Popen[str]:
        return subprocess.Popen(
            [sys.executable, "-m", "tests.inside"],
            env={**os.environ, **self.environment},
            cwd=places.BASE,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def leave(self) -> None:
        """Ends the process inside."""
        for process in self._inside:
            process.communicate(timeout=10)


@contextlib.contextmanager
def up(*, test_build: bool) -> Iterator[Stack]:
    """The product without data, on servers of its own, until the end of the block.

    A test build obeys failpoints; the other is what users run, from the files `make setup` collected.
    """
    home = Path(tempfile.mkdtemp(prefix="leadflow-stack-"))
    (home / "failpoints").mkdir()
    environment = {
        "LEADFLOW_VAR": str(home),
        "LEADFLOW_TEST": "1" if test_build else "",
        "LEADFLOW_FAILPOINTS": str(home / "failpoints"),
        "SECRET_KEY": "of a test that is over soon, and long enough for a key",
        "DATABASE_URL": "",  # its own servers, whatever the other tests use
        "REDIS_URL": "",
        "PYTHONUNBUFFERED": "1",
    }
    log = home / "up.log"
    launcher = Service(
        name="stack",
        command=(sys.executable, "manage.py", "up", "--no-demo", "--port", str(free_port())),
        folder=home,
        directory=places.BASE,
        log=log,
        environment=environment,
        patience=20,
        is_ready=lambda: bool(RUNNING.search(log.read_text())),
    )
    try:
        with running(launcher) as process:
            port = int(RUNNING.findall(log.read_text())[-1])
            stack = Stack(home, environment | {"BASE_URL": f"http://127.0.0.1:{port}"}, process.pid, port)
            try:
                yield stack
            finally:
                stack.leave()
    finally:
        shutil.rmtree(home, ignore_errors=True)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def children(parent: int) -> list[int]:
    """The living child processes of a process, oldest first."""
    found = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):  # gone in the meantime
            state, ppid = stat.read_text().rpartition(")")[2].split()[:2]
            if int(ppid) == parent and state != "Z":
                found.append(int(stat.parent.name))
    return sorted(found)


def command_line(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode()
    except OSError:
        return ""
