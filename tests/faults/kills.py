"""Ways to kill a part of the running product."""

import os
import random
import shutil
import signal
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

from core.failpoints import arm
from leadflow.up.postgres import answers
from tests.stack import Stack, children, command_line
from tests.waiting import alive, eventually

# The bars hold on a machine of one's own (`make faults`); in the suite other tests want the same two cores.
SLACK = 1 if "KILLS" in os.environ else 6
DATABASE_STEP, LEASED_STEP, BACKLOG = 6.0 * SLACK, 40.0 * SLACK, 60.0 * SLACK  # seconds until work goes on
STARTS_WITHIN = 15.0 * SLACK
WEB_WORKERS = POOL_WORKERS = 2

IN_WEB = (
    "body_read", "submission_stored", "ledger_written", "handoff_opened", "rotation_locked", "clock_started",
    "before_commit", "committed", "answer_kept",
)  # fmt: skip
IN_WORKER = ("delivery_leased", "delivery_sent")


def kill(pid: int | None) -> None:
    """Kills a process as a power cut would, and sees it gone."""
    assert pid
    os.kill(pid, signal.SIGKILL)
    assert eventually(lambda: not alive(pid))


def at_full_strength(stack: Stack) -> bool:
    """Whether everything that was killed before has been replaced and works."""
    web, worker, ground = stack.pid("web"), stack.pid("worker"), (stack.pid("beat"), stack.pid("valkey"))
    if not (web and worker and all(ground) and answers(stack.var / "run")):
        return False
    serving = [pid for pid in _serving(web) if _threads(pid) > 1]  # one thread only while it starts
    return len(serving) == WEB_WORKERS and len(_serving(worker)) == POOL_WORKERS


def kill_at(failpoint: str, stack: Stack) -> None:
    """The next process that passes this place dies there; returns when one has."""
    arm(failpoint, folder=stack.failpoints)
    assert eventually(lambda: not (stack.failpoints / failpoint).exists(), seconds=STARTS_WITHIN), failpoint


def kill_service(name: str, stack: Stack) -> float:
    """Kills the main process of a service; returns when another has been started, with the seconds it took."""
    old, since = stack.pid(name), time.monotonic()
    kill(old)
    assert eventually(lambda: stack.pid(name) not in {None, old}, seconds=STARTS_WITHIN), name
    return time.monotonic() - since


def kill_one_of(name: str, stack: Stack, chance: random.Random) -> None:
    """Kills one of a service's child processes: a web worker, a pool worker, a database connection."""
    parent = stack.pid(name)
    assert parent
    assert eventually(lambda: _serving(parent), seconds=STARTS_WITHIN)
    kill(chance.choice(_serving(parent)))


def freeze(name: str, stack: Stack) -> None:
    """Stops a service without ending it: connections stay open and nobody answers. Ended by a kill."""
    pid = stack.pid(name)
    assert pid
    os.kill(pid, signal.SIGSTOP)


def empty_valkey(stack: Stack) -> None:
    """Kills Valkey without its files: it comes back knowing nothing."""
    freeze("valkey", stack)
    for folder in (stack.var / "valkey").glob("*"):
        shutil.rmtree(folder)
    kill_service("valkey", stack)


def _serving(parent: int) -> list[int]:
    """Children that serve somebody; not PostgreSQL's own housekeeping, nor Python's resource tracker."""
    found = [(pid, command_line(pid)) for pid in children(parent)]
    return [pid for pid, line in found if "resource_tracker" not in line and _serves(line)]


def _serves(line: str) -> bool:
    return not line.startswith("postgres:") or "leadflow" in line


def _threads(pid: int) -> int:
    return len(list(Path(f"/proc/{pid}/task").glob("*")))


KILLS: dict[str, Callable[[Stack, random.Random], object]] = {
    "web worker": lambda stack, chance: kill_one_of("web", stack, chance),
    "pool worker": lambda stack, chance: kill_one_of("worker", stack, chance),
    "database connection": lambda stack, chance: kill_one_of("postgres", stack, chance),
    "web": lambda stack, _chance: kill_service("web", stack),
    "worker": lambda stack, _chance: kill_service("worker", stack),
    "beat": lambda stack, _chance: kill_service("beat", stack),
    "valkey": lambda stack, _chance: empty_valkey(stack),
    "postgres": lambda stack, _chance: kill_service("postgres", stack),
} | {name: partial(lambda name, stack, _chance: kill_at(name, stack), name) for name in (*IN_WEB, *IN_WORKER)}
