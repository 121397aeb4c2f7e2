"""Calls of one kind that come at the same moment are worked off together: one transaction, one commit for all of them.

Whoever finds nobody at work works for all who wait; who comes meanwhile is taken with the next turn. Nobody waits for
company: a call that comes alone is worked off alone, at once.
"""

import threading
from collections.abc import Callable, Sequence
from typing import Generic, TypeVar

from django.db import connection

Item = TypeVar("Item")
Result = TypeVar("Result")


class _Call(Generic[Item, Result]):
    """One caller, waiting for an answer or for the lead."""

    def __init__(self, item: Item) -> None:
        self.item = item
        self.result: list[Result] = []  # empty: not worked off
        self.over = False
        self._woken = threading.Lock()
        self._woken.acquire()

    def wait(self) -> None:
        self._woken.acquire()

    def wake(self) -> None:
        self._woken.release()


class Together(Generic[Item, Result]):
    """`work` takes up to `most` items and answers each, in their order, in a transaction of its own.

    Where it raises for several, each caller's item is worked off alone in the caller's thread: one that can't be worked
    off spoils nobody else's, and the error reaches who sent it. Inside a transaction of the caller it is alone anyway.
    """

    def __init__(self, work: Callable[[Sequence[Item]], Sequence[Result]], *, most: int) -> None:
        self._work, self._most = work, most
        self._guard = threading.Lock()
        self._waiting: list[_Call[Item, Result]] = []
        self._busy = False

    def __call__(self, item: Item) -> Result:
        if connection.in_atomic_block:
            return self._work([item])[0]
        call: _Call[Item, Result] = _Call(item)
        with self._guard:
            self._waiting.append(call)
            leads, self._busy = not self._busy, True
        if not leads:
            call.wait()
        if not call.over:
            self._lead()
        return call.result[0] if call.result else self._work([item])[0]

    def _lead(self) -> None:
        """Works off those who wait, the leader first of them, and hands the lead on."""
        with self._guard:
            calls, self._waiting = self._waiting[: self._most], self._waiting[self._most :]
        try:
            self._work_off(calls)
        finally:
            with self._guard:
                following = self._waiting[:1]
                self._busy = bool(following)
            for call in calls:
                call.over = True
            for call in (*calls[1:], *following):
                call.wake()

    def _work_off(self, calls: Sequence[_Call[Item, Result]]) -> None:
        try:
            results = self._work([call.item for call in calls])
        except Exception:
            if len(calls) == 1:
                raise
            return
        for call, result in zip(calls, results, strict=True):
            call.result.append(result)
