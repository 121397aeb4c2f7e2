"""What the roll-ups say: sums and spreads of counted days, remembered under the version of those days.

A day that is counted again has another version, and a day with a mark is not asked for here at all: what is remembered
is never older than the roll-ups themselves. Without a cache everything is added up each time.
"""

from collections.abc import Iterable, Iterator, Sequence
from hashlib import sha1
from operator import add
from typing import Any

from django.core.cache import cache

from reports import sql
from reports.counting import mask
from reports.kept import shape
from reports.periods import Group
from reports.questions import By, Piece, Question, seen
from reports.scope import MARKETER, PAIR, Scope
from reports.steps import SHARES, percentiles

KEPT_FOR = 3600  # seconds; no more is needed for exactness, and nothing of a person lies in it for long
Found = dict[str, dict[Any, Any]]  # side, group, and its counts, or its Spread
Spread = tuple[list[int], list[int], list[float]]  # steps, how many lie in each, and what comes of them
Versions = Sequence[Any]


def stored(scope: Scope, pieces: Sequence[Piece], versions: dict[str, Versions]) -> dict[Question, Found]:
    """The answers of the counted days to each question; of two statements where they are not remembered."""
    asked: dict[Question, list[Piece]] = {}
    for piece in pieces:
        if piece.cover.counted or piece.cover.months:
            asked.setdefault(piece.question, []).append(piece)
    names = {question: _name(scope, mine, versions) for question, mine in asked.items()}
    known = cache.get_many([name for name in names.values() if name]) or {}
    found = {question: known[name] for question, name in names.items() if name in known}
    read = _read(scope, [piece for question in asked.keys() - found.keys() for piece in asked[question]])
    if kept := {name: read[question] for question, name in names.items() if name and question in read}:
        cache.set_many(kept, KEPT_FOR)
    return found | read


def _name(scope: Scope, pieces: Sequence[Piece], versions: dict[str, Versions]) -> str:
    """Under which an answer is remembered; "" for one that is not: whose campaign it is may change at any time."""
    question = pieces[0].question
    if question.by == MARKETER:
        return ""
    days = [(piece.side, piece.cover.months, piece.cover.counted) for piece in pieces]
    said = (shape(), question.reading.part, question.by, question.time, sorted(scope.chosen.items()), days)
    return f"reports:stored:{sha1(repr((said, versions[question.reading.part])).encode()).hexdigest()}"  # noqa: S324


def _read(scope: Scope, pieces: Iterable[Piece]) -> dict[Question, Found]:
    numbered = list(enumerate(pieces))
    found: dict[Question, Found] = {piece.question: {} for _number, piece in numbered}
    for number, key, counts in _run(_sums(scope, numbered)):
        piece = numbered[number][1]
        groups = found[piece.question].setdefault(piece.side, {})
        place = None if key is None else piece.question.key(key)
        groups[place] = list(map(add, groups[place], counts)) if place in groups else counts
    spreads: dict[tuple[Question, str, Any], dict[int, int]] = {}
    for number, key, steps, counts in _run(_spreads(scope, numbered)):
        piece = numbered[number][1]
        place = piece.question, piece.side, None if key is None else piece.question.key(key)
        merge(spreads.setdefault(place, {}), zip(steps, counts, strict=True))
    for (question, side, place), spread in spreads.items():
        found[question].setdefault(side, {})[place] = summarised(spread)
    return found


def merge(spread: dict[int, int], more: Iterable[tuple[int, int]]) -> None:
    """Adds the steps of another to it."""
    for step, count in more:
        spread[step] = spread.get(step, 0) + count


def summarised(spread: dict[int, int]) -> Spread:
    return list(spread), list(spread.values()), percentiles(spread, *SHARES)


Part = tuple[str, list[Any]]


def _sums(scope: Scope, numbered: Iterable[tuple[int, Piece]]) -> Iterator[Part]:
    for number, piece in numbered:
        if not piece.question.time:
            places = range(1, len(piece.question.reading.measures) + 1)
            sums = ", ".join(f"sum(counts[{place}])::bigint" for place in places)
            yield from _parts(scope, number, piece, "rollup", sql.STORED_SUMS, sums=sums)


def _spreads(scope: Scope, numbered: Iterable[tuple[int, Piece]]) -> Iterator[Part]:
    for number, piece in numbered:
        if piece.question.time:
            yield from _parts(scope, number, piece, "rolluptime", sql.STORED_SPREADS)


def _parts(scope: Scope, number: int, piece: Piece, table: str, text: str, **more: str) -> Iterator[Part]:
    question = piece.question
    where, given = ["part = %s", "mask = %s"], [question.reading.part, mask(seen(scope, question.by))]
    if question.time:
        where.append("spread = %s")
        given.append(question.time)
    for name, value in scope.chosen.items():
        where.append(f"{name} = %s")
        given.append(value)
    for kept, runs in ((f"reports_month{table}", piece.cover.months), (f"reports_{table}", piece.cover.counted)):
        for days in runs:
            filled = text.format(key=_key(question.by, kept), kept=kept, where=" AND ".join(where), **more)
            yield filled, [number, *given, days.first, days.last]


def _key(by: By, kept: str) -> str:
    """What the slices of a table are grouped by."""
    if isinstance(by, Group):
        return f"date_trunc('{by.value}', day)::date"
    made = {MARKETER: sql.MARKETER.format(kept=kept), PAIR: sql.PAIR}
    return made.get(by or "", by or "''::text")


def _run(parts: Iterable[Part]) -> list[tuple[Any, ...]]:
    found = list(parts)
    union = " UNION ALL ".join(text for text, _given in found)
    return sql.run(union, [value for _text, given in found for value in given]) if found else []
