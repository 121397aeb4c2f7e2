"""Places where a test kills the process, to see whether anything is lost or doubled.

Armed only in test builds (LEADFLOW_TEST=1) by LEADFLOW_FAILPOINT="name:n": the process that passes the named place
for the n-th time dies there as by kill -9. Everywhere else passing is one comparison.
"""

import os
import signal
from itertools import count

NAMES = frozenset(
    {
        "body_read", "submission_stored", "ledger_written", "handoff_opened", "rotation_locked", "clock_started",
        "before_commit", "committed", "delivery_leased", "delivery_sent", "sweep_chunk",
    }
)  # fmt: skip

_name, _, _nth = os.environ.get("LEADFLOW_FAILPOINT", "").partition(":")
ARMED = _name if os.environ.get("LEADFLOW_TEST") else ""
if ARMED and ARMED not in NAMES:
    raise ValueError(f"LEADFLOW_FAILPOINT names no failpoint: {ARMED}")
_dies_at = int(_nth or 1)
_passes = count(1)


def reach(name: str) -> None:
    """Says that the code has come to this place."""
    if name == ARMED and next(_passes) == _dies_at:
        os.kill(os.getpid(), signal.SIGKILL)
