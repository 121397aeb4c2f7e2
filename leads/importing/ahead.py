"""Work done one piece ahead: Python reads the next lines while PostgreSQL writes the last ones."""

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TypeVar

from django.utils.translation import get_language, override

Piece = TypeVar("Piece")
Made = TypeVar("Made")


def ahead(pieces: Iterable[Piece], make: Callable[[Piece], Made]) -> Iterator[tuple[Piece, Made]]:
    """Each piece with what is made of it; of the next one it is made on a thread while the caller uses this one.

    `make` runs in the caller's language and must not touch the database. At most two pieces are held.
    """
    language = get_language()

    def speaking(piece: Piece) -> Made:
        with override(language):
            return make(piece)

    with ThreadPoolExecutor(1) as thread:
        waiting: deque[tuple[Piece, Future[Made]]] = deque()
        for piece in pieces:
            waiting.append((piece, thread.submit(speaking, piece)))
            if len(waiting) > 1:
                first, made = waiting.popleft()
                yield first, made.result()
        for last, made in waiting:
            yield last, made.result()
