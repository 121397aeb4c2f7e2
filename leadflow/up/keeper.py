"""Keeps services alive: restarts what dies, sooner the rarer it dies, and stops all of them in order."""

import contextlib
import os
import select
import signal
import subprocess
import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import NoReturn

from leadflow.up.service import Service, ServiceError, start, stop, wait_ready
from leadflow.up.words import say

FIRST_PAUSE, LONGEST_PAUSE = 0.2, 10.0  # seconds before a restart
STABLE = 60.0  # a service that lived this long starts again with the first pause


class Stopped(BaseException):
    """Somebody asked the launcher to stop (Ctrl-C, SIGTERM, a closed terminal)."""


@dataclass
class Kept:
    service: Service
    process: subprocess.Popen[bytes]
    since: float
    pause: float = FIRST_PAUSE
    due: float | None = None  # when it is started again; None while it runs


class Keeper:
    def __init__(self) -> None:
        self._kept: list[Kept] = []

    def add(self, service: Service) -> None:
        """Starts a service and keeps it from now on."""
        self._kept.append(Kept(service, start(service), time.monotonic()))

    def wait_ready(self) -> None:
        for kept in self._kept:
            wait_ready(kept.service, kept.process)

    def keep(self) -> NoReturn:
        """Sleeps until a service dies, and restarts it; ends only by an exception."""
        with child_bell() as bell:
            while True:
                self.look()
                ready, _, _ = select.select([bell], [], [], self._next_look())
                if ready:
                    os.read(bell, 4096)

    def look(self) -> None:
        now = time.monotonic()
        for kept in self._kept:
            if kept.due is None and kept.process.poll() is not None:
                _plan_restart(kept, now)
            if kept.due is not None and kept.due <= now:
                _restart(kept, now)

    def _next_look(self) -> float | None:
        due = [kept.due for kept in self._kept if kept.due is not None]
        return max(0.0, min(due) - time.monotonic()) if due else None

    def stop(self) -> None:
        """Stops the programs, all at once, and then the servers they rest on."""
        programs = [kept for kept in self._kept if not kept.service.is_ground]
        ground = [kept for kept in self._kept if kept.service.is_ground]
        for group in (programs, ground):
            stop(*((kept.service, kept.process) for kept in group))


def _plan_restart(kept: Kept, now: float) -> None:
    if now - kept.since > STABLE:
        kept.pause = FIRST_PAUSE
    say("died", name=kept.service.name, code=kept.process.returncode, seconds=kept.pause)
    kept.due, kept.pause = now + kept.pause, min(2 * kept.pause, LONGEST_PAUSE)


def _restart(kept: Kept, now: float) -> None:
    try:
        kept.process, kept.since, kept.due = start(kept.service), now, None
    except (ServiceError, OSError) as error:
        say("failed", error=error)
        kept.due = now + LONGEST_PAUSE


@contextlib.contextmanager
def child_bell() -> Iterator[int]:
    """A pipe that becomes readable whenever a child process ends."""
    reader, writer = os.pipe()
    os.set_blocking(writer, False)
    signal.signal(signal.SIGCHLD, lambda *_: None)  # without a handler the pipe stays silent
    before = signal.set_wakeup_fd(writer, warn_on_full_buffer=False)
    try:
        yield reader
    finally:
        signal.set_wakeup_fd(before)
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        os.close(reader)
        os.close(writer)


def stop_on_signals() -> None:
    """Makes the first SIGINT, SIGTERM or SIGHUP raise Stopped, wherever we are; later ones are ignored."""
    signals = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)

    def ask(*_: object) -> NoReturn:
        for each in signals:
            signal.signal(each, signal.SIG_IGN)
        raise Stopped

    for each in signals:
        signal.signal(each, ask)
