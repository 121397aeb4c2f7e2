"""The roll-ups: each past day counted once, and again when something of it has changed.

1. A day that is over is announced: from then on every change of it leaves a mark (triggers, `migrations/0002`).
2. The announcement gets a barrier, a transaction begun after it.
3. Once every transaction older than the barrier is over, nobody can have changed the day unseen: it is counted.
4. A day with marks is read from the rows until it is counted again. Marks go in the transaction that counts.
5. Its month is added up anew in the same transaction (`reports.months`).

So what is read equals what would be counted from scratch, at any moment and whatever dies on the way.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction

from core import failpoints
from reports import months, sql
from reports.counting import Reading, facts, spreads
from reports.kept import GROUPING_SETS, shape
from reports.measures import ROLLED
from reports.periods import DAY, ZONE, Span, custom, midnight, today
from reports.scope import DIMENSIONS, Scope

CHUNK = 31  # days in one transaction
MASK = f"{2 ** len(DIMENSIONS) - 1} - GROUPING({', '.join(DIMENSIONS)})"


@dataclass(frozen=True, slots=True)
class Swept:
    """How many days were announced, and how many were counted (a day of each part on its own)."""

    announced: int
    counted: int


def sweep(*, at: datetime, chunk: int = CHUNK) -> Swept:
    """Announces the days that are over by `at` and counts what waits. Killed anywhere, the next one goes on."""
    yesterday = today(at) - DAY
    announced = sum(_announce(reading, yesterday) for reading in ROLLED.values())
    with transaction.atomic():
        sql.execute(sql.SET_BARRIERS)
    counted = 0
    for part in ROLLED:
        while days := _count_some(part, at=at, limit=chunk):
            counted += days
    months.sum_missing()
    return Swept(announced, counted)


def differing(*, at: datetime) -> Iterator[tuple[str, date]]:
    """The parts and days whose roll-ups are not what counting from scratch gives. Marked days hold no promise.

    A month that is not the sum of its days is named by its first.
    """
    for reading in ROLLED.values():
        days = [day for (day,) in sql.run(sql.HOLDING_DAYS, {"part": reading.part, "shape": shape()})]
        for first in range(0, len(days), CHUNK):
            chosen = days[first : first + CHUNK]
            counts, times = _counted(reading, chosen, at=at)
            for statement, (fresh, parameters) in ((sql.DIFFERENCE, counts), (sql.DIFFERENCE_OF_TIMES, times)):
                found = sql.run(statement.format(fresh=fresh), [*parameters, reading.part, chosen])
                yield from ((reading.part, day) for (day,) in found)
        yield from ((reading.part, month) for month in months.differing(reading))


def _announce(reading: Reading, last: date) -> int:
    with transaction.atomic():
        first = reading.rows(_whole(last, last, at=midnight(last))).order_by(reading.moment)
        begun = first.filter(**{f"{reading.moment}__isnull": False}).values_list(reading.moment, flat=True).first()
        if begun is None:
            return 0
        given = {"part": reading.part, "shape": shape(), "first": today(begun), "last": last}
        return len(sql.run(sql.ANNOUNCE, given))


@transaction.atomic
def _count_some(part: str, *, at: datetime, limit: int) -> int:
    """Counts some of the part's days that are announced or marked. Another sweep's days are left to it."""
    days = [day for (day,) in sql.run(sql.CLAIM, {"part": part, "limit": limit})]
    if not days:
        return 0
    sql.execute(sql.CLEAR, {"part": part, "days": days})
    failpoints.reach("rollup")
    counts, times = _counted(ROLLED[part], days, at=at)
    sql.execute(sql.STORE.format(fresh=counts[0]), counts[1])
    sql.execute(sql.STORE_TIMES.format(fresh=times[0]), times[1])
    sql.execute(sql.MARK_READY, {"part": part, "days": days, "shape": shape()})
    months.sum_again(part, days)
    return len(days)


Statement = tuple[str, list[object]]


def _counted(reading: Reading, days: Sequence[date], *, at: datetime) -> tuple[Statement, Statement]:
    """The statements that count these days from the rows: the slices' counts, and their elapsed times."""
    scope = _whole(min(days), max(days), at=at)
    rows = reading.rows(scope).filter(reading.within(*_spans(days)))
    groups = {"day": reading.day(scope)} | {name: reading.dimension(name) for name in DIMENSIONS}
    text, parameters = facts(rows, groups, reading.measures).query.sql_with_params()
    sums = ", ".join(f"COALESCE(sum(m_{measure.key}), 0)" for measure in reading.measures)
    counts = sql.SLICES.format(mask=MASK, sums=sums, rows=_renamed(text, "*"), sets=GROUPING_SETS)
    times: list[str] = []
    given: list[object] = []
    for time in reading.times:
        inner, more = spreads(rows, groups, time).query.sql_with_params()
        times.append(sql.SLICES_OF_TIMES.format(mask=MASK, rows=_renamed(inner, "step, n"), sets=_with_step()))
        given += [reading.part, time.key, *more]
    none = sql.NO_TIMES
    return (counts, [reading.part, *parameters]), (" UNION ALL ".join(times) or none, given)


def _renamed(text: str, more: str) -> str:
    columns = ", ".join(f"g_{name} AS {name}" for name in DIMENSIONS)
    return f"SELECT g_day::date AS day, {columns}, {more} FROM ({text}) AS r"


def _with_step() -> str:
    return GROUPING_SETS.replace("(day", "(step, day")


def _spans(days: Sequence[date]) -> list[Span]:
    """The days as spans, neighbours together."""
    found: list[Span] = []
    for day in sorted(days):
        span = Span(midnight(day), midnight(day + DAY))
        if found and found[-1].end == span.start:
            found[-1] = Span(found[-1].start, span.end)
        else:
            found.append(span)
    return found


def _whole(first: date, last: date, *, at: datetime) -> Scope:
    """Everything of these days."""
    return Scope(custom(first, last, zone=ZONE), at)
