"""Waiting for other processes: by looking again, never by a fixed sleep."""

import threading
import time
from collections.abc import Callable
from pathlib import Path

PAUSE = 0.03  # seconds between two looks


def eventually(holds: Callable[[], object], *, seconds: float = 10) -> bool:
    """Whether `holds` becomes true within `seconds`; returns as soon as it is."""
    until = time.monotonic() + seconds
    while not holds():
        if time.monotonic() > until:
            return False
        threading.Event().wait(PAUSE)
    return True


def alive(pid: int) -> bool:
    """Whether a process runs; one that is dead but not yet collected by its parent does not."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False
