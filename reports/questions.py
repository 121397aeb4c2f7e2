"""What a report asks: one reading, seen by one dimension or bucket of time, its counts or one of its elapsed times."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from reports.counting import BEFORE, MEDIAN, NOW, P90, Elapsed, Reading
from reports.cover import Cover, Held, cover
from reports.kept import KEPT
from reports.periods import Group
from reports.scope import MARKETER, PAIR, Scope

By = str | Group | None
NUMBERED = {"team", "owner", MARKETER}


@dataclass(frozen=True, slots=True)
class Question:
    """The counts of a reading by something, or how long the elapsed time of that key took."""

    reading: Reading
    by: By
    time: str = ""

    @property
    def sides(self) -> tuple[str, ...]:
        """The period, and the one before where the whole is asked for."""
        return (NOW, BEFORE) if self.by is None and self.reading.moment else (NOW,)

    @property
    def key(self) -> Callable[[str], Any]:
        """Reads a group as the database writes it."""
        if isinstance(self.by, Group):
            return date.fromisoformat
        return int if self.by in NUMBERED else str


@dataclass(frozen=True, slots=True)
class Ask:
    """Measures and elapsed times of a reading by something; no names: all of them."""

    reading: Reading
    by: By = None
    keys: tuple[str, ...] = ()

    @property
    def measures(self) -> list[str]:
        return [m.key for m in self.reading.measures if not self.keys or m.key in self.keys]

    @property
    def times(self) -> list[Elapsed]:
        wanted = set(self.keys)
        return [t for t in self.reading.times if not wanted or {t.key, t.key + MEDIAN, t.key + P90} & wanted]

    def questions(self) -> Iterator[Question]:
        """All counts are asked for at once: they cost one question, whoever asks for some of them first."""
        if self.measures:
            yield Question(self.reading, self.by)
        for time in self.times:
            yield Question(self.reading, self.by, time.key)


@dataclass(frozen=True, slots=True)
class Piece:
    """One side of a question, and where its days are found."""

    question: Question
    side: str
    cover: Cover


def pieces(scope: Scope, questions: Iterable[Question], held: Callable[[Question], Held]) -> list[Piece]:
    spans = {NOW: scope.now, BEFORE: scope.before}
    return [
        Piece(question, side, cover(spans[side], held(question), scope.period.zone))
        for question in questions
        for side in question.sides
    ]


def seen(scope: Scope, by: By) -> set[str]:
    """The dimensions a question distinguishes; a bucket of time is none."""
    if by is None or isinstance(by, Group):
        return {*scope.chosen}
    return {*scope.chosen} | ({"source", "campaign"} if by in {MARKETER, PAIR} else {by})


def is_kept(scope: Scope, question: Question) -> bool:
    """Whether the roll-ups have slices that answer it."""
    return bool(question.reading.part) and seen(scope, question.by) in KEPT
