"""Places where a test kills the process, to see whether anything is lost or doubled.

Armed only in test builds (LEADFLOW_TEST=1): LEADFLOW_FAILPOINTS names a folder, and a file in it named like a
failpoint is one death. The first process that passes the place takes the file away and dies there as by kill -9;
the one started in its stead lives. Everywhere else passing is one comparison.
"""

import os
import signal
from pathlib import Path

NAMES = frozenset(
    {
        "body_read", "submission_stored", "ledger_written", "handoff_opened", "rotation_locked", "clock_started",
        "before_commit", "committed", "answer_kept", "delivery_leased", "delivery_sent", "sweep_chunk", "rescore_chunk",
        "rollup", "import_chunk",
    }
)  # fmt: skip

FOLDER = os.environ.get("LEADFLOW_FAILPOINTS", "") if os.environ.get("LEADFLOW_TEST") else ""


def arm(name: str, *, folder: Path) -> None:
    """The next process that passes the named place dies there."""
    if name not in NAMES:
        raise ValueError(f"no such failpoint: {name}")
    (folder / name).touch()


def reach(name: str) -> None:
    """Says that the code has come to this place."""
    if FOLDER and _taken(Path(FOLDER) / name):
        os.kill(os.getpid(), signal.SIGKILL)


def _taken(death: Path) -> bool:
    """Of several processes that pass at once only one removes the file."""
    try:
        death.unlink()
    except FileNotFoundError:
        return False
    return True
