"""What is measured stands here: the product's own servers, durable, and its web server, as the launcher starts them."""

import contextlib
import os
import shutil
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from leadflow import places
from leadflow.up import postgres, programs, valkey
from leadflow.up.service import Service, running

KEPT = places.BASE / "var" / "bench"  # the million leads of `make bench-data`
READY = KEPT / "ready"  # there when they are all there


@contextlib.contextmanager
def servers(var: Path) -> Iterator[None]:
    """PostgreSQL and Valkey on `var` with every migration done; this process and its children find them."""
    os.environ |= {"LEADFLOW_VAR": str(var), "API_REQUESTS_PER_MINUTE": "10000000"}  # the benchmark is one caller
    for elsewhere in ("DATABASE_URL", "REDIS_URL"):
        os.environ.pop(elsewhere, None)
    sockets = places.socket_folder()
    with running(valkey.service(var, places.valkey_socket())), running(postgres.service(var, sockets)):
        postgres.create_database(sockets)
        run("manage.py", "prepare")
        yield


@contextlib.contextmanager
def web(var: Path) -> Iterator[tuple[int, int]]:
    """The ports of the product and of the bare view beside it, both on the product's web server."""
    product, bare = free_port(), free_port()
    with running(programs.web(var, product)), running(_bare(var, bare)):
        yield product, bare


@contextlib.contextmanager
def temporary_folder() -> Iterator[Path]:
    """A folder the servers' own account can reach, gone afterwards."""
    folder = Path(tempfile.mkdtemp(prefix="leadflow-bench-"))
    folder.chmod(0o755)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def run(*command: str) -> None:
    """A Python program of ours, to its end; what it prints is shown. Raises CalledProcessError."""
    subprocess.run([sys.executable, *command], cwd=places.BASE, check=True)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind((programs.HOST, 0))
        return int(probe.getsockname()[1])


def _bare(var: Path, port: int) -> Service:
    """The product's web server with another application in it."""
    product = programs.web(var, port)
    return replace(
        product,
        name="bare",
        command=(*product.command[:-1], "bench.bare.web:application"),
        is_ready=lambda: _listens(port),
        environment={**product.environment, "DJANGO_SETTINGS_MODULE": "bench.bare.settings"},
    )


def _listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex((programs.HOST, port)) == 0
