"""Two lanes of one import: while PostgreSQL works for one, Python works for the other."""

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from types import TracebackType
from typing import Generic, Self, TypeVar

from django.db import connection, connections
from django.utils.translation import get_language, override

from leads.importing.chunks import Line, Numbered
from leads.matching import Found, Known, look_up

Made = TypeVar("Made")
Read = tuple[Numbered, Line]  # a line as it stands in the file, and how it was read


class Beside(Generic[Made]):
    """The second lane: a thread with a database connection of its own, one piece of work at a time.

    Who waits for it must hold no lock it may need: PostgreSQL can't see that somebody waits for a thread.
    """

    def __init__(self) -> None:
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="lane")
        self._working: Future[Made] | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Lets the lane end what it is at, and takes no notice of how that went: its lines say so."""
        self._thread.submit(connections.close_all)  # those of the thread
        self._thread.shutdown()

    def begin(self, work: Callable[[], Made]) -> None:
        """Starts work, in the caller's language. What came before must have ended."""
        language = get_language()

        def speaking() -> Made:
            with override(language):
                return work()

        self._working = self._thread.submit(speaking)

    def end(self) -> Made | None:
        """Waits for what was begun, and hands over what it made; raises what it raised. None: nothing was begun."""
        working, self._working = self._working, None
        return working.result() if working else None


def is_alone() -> bool:
    """Whether we are inside somebody else's transaction: another connection would not see what it has written."""
    return bool(connection.savepoint_ids)


def parted(waiting: Sequence[Read], lines: Sequence[Read]) -> tuple[list[Read], list[Read], list[Read]]:
    """This lane's lines, the other's, and those that wait until both are stored. Those that waited come first.

    No person is in both lanes, whether the file names them alike or we know them by what it says. A line waits that
    names somebody of this lane, or somebody who waits already: each person's lines are brought in in their order.
    """
    half = len(lines) // 2
    mine, rest = [*waiting, *lines[:half]], lines[half:]
    enquiries = [line.stored.enquiry for _cells, line in (*mine, *rest) if line.stored]
    known = look_up(
        keys=[(e.sender, e.external_id) for e in enquiries if e.external_id],
        phones=[e.phone for e in enquiries if e.phone],
        emails=[e.email for e in enquiries if e.email],
    )
    taken = {trait for _cells, line in mine for trait in _traits(line, known)}
    other, later = [], []
    for one in rest:
        traits = set(_traits(one[1], known))
        if taken.isdisjoint(traits):
            other.append(one)
        else:
            later.append(one)
            taken |= traits
    return mine, other, later


def _traits(line: Line, known: Known) -> Iterator[str | int]:
    """All that may lead to the person of this line: their own marks, and the leads that have one of them."""
    if line.stored is None:
        return
    enquiry = line.stored.enquiry
    key = Found(enquiry).key
    for mark, leads in ((key, known.external_id), (enquiry.phone, known.phone), (enquiry.email, known.email)):
        if mark:
            yield mark
            if lead_id := leads.get(mark):
                yield lead_id
