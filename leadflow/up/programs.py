"""LeadFlow's own processes: web, worker and beat, as the launcher starts them."""

import http.client
import sys
from pathlib import Path

from leadflow import places
from leadflow.up.service import Service

HOST = "127.0.0.1"
# Celery warns root of pickled messages; ours are JSON only.
QUIET_AS_ROOT = "ignore:You're running the worker with superuser privileges"
BIN = Path(sys.executable).parent  # the virtual environment's


def web(var: Path, port: int) -> Service:
    """Two processes on one port. An open page's event stream would hold up a stop: after 3 s it is cut."""
    return Service(
        name="web",
        command=(
            *(str(BIN / "granian"), "--interface", "asginl", "--loop", "uvloop", "--log-level", "warning"),
            *("--host", HOST, "--port", str(port), "--workers", "2", "--workers-kill-timeout", "3"),
            *("--respawn-failed-workers", "--respawn-interval", "0.2", "leadflow.asgi:application"),
        ),
        is_ready=lambda: answers(port),
        folder=var,
        directory=places.BASE,
        environment={"LEADFLOW_PROCESS": "web"},
    )


def worker(var: Path) -> Service:
    """A stop interrupts tasks after its patience: the rows they claimed are taken up by the next worker."""
    return Service(
        name="worker",
        command=(
            *(
                str(BIN / "celery"),
                "-q",
                "-A",
                "leadflow",
                "worker",
                "--pool",
                "prefork",
                "--concurrency",
                "2",
            ),
            *("--without-gossip", "--without-mingle", "--loglevel", "WARNING"),
        ),
        folder=var,
        directory=places.BASE,
        environment={"LEADFLOW_PROCESS": "worker", "PYTHONWARNINGS": QUIET_AS_ROOT},
    )


def beat(var: Path) -> Service:
    return Service(
        name="beat",
        command=(str(BIN / "celery"), "-q", "-A", "leadflow", "beat", "--loglevel", "WARNING", "--pidfile="),
        folder=var,
        directory=places.BASE,
        environment={"LEADFLOW_PROCESS": "beat"},
    )


def answers(port: int) -> bool:
    """Whether the web server says that it is healthy."""
    connection = http.client.HTTPConnection(HOST, port, timeout=5)
    try:
        connection.request("GET", "/healthz")
        return connection.getresponse().status == http.HTTPStatus.OK
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()
