"""Where LeadFlow keeps its things on this machine, and how the embedded servers are reached.

Everything hangs on one folder, `var/` beside manage.py, or LEADFLOW_VAR. The launcher and the
settings both ask here, so every command finds the running servers by itself.
"""

import hashlib
import os
import tempfile
from pathlib import Path

BASE = Path(__file__).resolve().parent.parent
LONGEST_SOCKET_PATH = 90  # the kernel takes 107 bytes; PostgreSQL appends its own file name


def var_folder() -> Path:
    """The folder of all run-time data: LEADFLOW_VAR, or `var/` beside manage.py."""
    return Path(os.environ.get("LEADFLOW_VAR") or BASE / "var").resolve()


def socket_folder() -> Path:
    """The folder of the unix sockets: inside var/, or a short one under /tmp when var/ lies too deep."""
    folder = var_folder() / "run"
    if len(str(folder)) <= LONGEST_SOCKET_PATH - len("/.s.PGSQL.5432"):
        return folder
    digest = hashlib.sha256(str(folder).encode()).hexdigest()[:12]
    return Path(tempfile.gettempdir()) / f"leadflow-{digest}"


def database_url() -> str:
    """DATABASE_URL, or the embedded PostgreSQL's socket."""
    return os.environ.get("DATABASE_URL") or f"postgres://leadflow@{_quoted(socket_folder())}/leadflow"


def valkey_socket() -> Path:
    return socket_folder() / "valkey.sock"


def redis_url(database: int) -> str:
    """REDIS_URL with the given database number, or the embedded Valkey's socket, as redis-py reads it."""
    url = os.environ.get("REDIS_URL")
    return f"{url.rstrip('/')}/{database}" if url else f"unix://{valkey_socket()}?db={database}"


def broker_url() -> str:
    """The same server as Celery spells it."""
    url = os.environ.get("REDIS_URL")
    return f"{url.rstrip('/')}/1" if url else f"redis+socket://{valkey_socket()}?virtual_host=1"


def _quoted(folder: Path) -> str:
    return str(folder).replace("/", "%2F")
