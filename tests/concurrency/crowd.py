"""Several real connections at once."""

from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import TypeVar

from django.db import connection

Result = TypeVar("Result")


def at_once(acts: Iterable[Callable[[], Result]]) -> list[Result]:
    """Runs every act on a thread and a connection of its own, all starting together; results in order."""
    acts = list(acts)
    gate = Barrier(len(acts))

    def run(act: Callable[[], Result]) -> Result:
        try:
            gate.wait(timeout=30)
            return act()
        finally:
            connection.close()

    with ThreadPoolExecutor(len(acts)) as pool:
        return [future.result(timeout=120) for future in [pool.submit(run, act) for act in acts]]
