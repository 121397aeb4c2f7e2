"""Figures of a scope: from the roll-ups where they hold, from the rows where they do not."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.db import connection

from reports import sql
from reports.counting import (
    BEFORE,
    MEDIAN,
    NOW,
    P90,
    Elapsed,
    Measure,
    Reading,
    Values,
    mask,
    summed_up,
)
from reports.cover import Cover, Days, Held, cover
from reports.kept import KEPT, shape
from reports.periods import Group, today
from reports.scope import MARKETER, PAIR, Scope
from reports.steps import percentiles
from reports.writing import By, counts_of, times_of

Part = tuple[str, list[Any]]
SHARES = {MEDIAN: 0.5, P90: 0.9}


def totals(scope: Scope, readings: Iterable[Reading]) -> tuple[Values, Values]:
    """All measures of the readings for the period and for the one before. One statement each, one more per time."""
    found: dict[str, dict[str, Any]] = {NOW: {}, BEFORE: {}}
    for reading in readings:
        for side, values in found.items():
            values.update(_figures(scope, reading, None, reading.measures, reading.times, side)[""])
    return found[NOW], found[BEFORE]


def of_period(scope: Scope, readings: Iterable[Reading]) -> Values:
    """The same for the period alone; what has been read for both is not read again."""
    return totals(scope, readings)[0]


def grouped(scope: Scope, reading: Reading, keys: Iterable[str], *, by: str | Group) -> dict[Any, Values]:
    """The named measures of the period for each value of a dimension or bucket of time (its first day)."""
    wanted = set(keys)
    measures = tuple(measure for measure in reading.measures if measure.key in wanted)
    times = tuple(time for time in reading.times if {time.key, time.key + MEDIAN, time.key + P90} & wanted)
    return _figures(scope, reading, by, measures, times, NOW)


def _figures(
    scope: Scope, reading: Reading, by: By, measures: tuple[Measure, ...], times: tuple[Elapsed, ...], side: str
) -> dict[Any, Values]:
    counts = _counts(scope, reading, by, measures)[side] if measures else {}
    spread = _times(scope, reading, by, times)[side] if times else {}
    names = [measure.key for measure in measures]
    keys = counts.keys() | spread.keys() | ({""} if by is None else set())
    return {key: summed_up(names, times, counts.get(key, {}), spread.get(key, {})) for key in keys}


def _counts(scope: Scope, reading: Reading, by: By, measures: tuple[Measure, ...]) -> dict[str, dict[Any, Values]]:
    """Side -> group -> measure -> figure."""
    names = [measure.key for measure in measures]
    memo = ("counts", reading, by, tuple(names))
    if memo not in scope.memo:
        place = [reading.measures.index(measure) + 1 for measure in measures]
        columns = ", ".join(f"sum(counts[{number}]) AS m_{name}" for number, name in zip(place, names, strict=True))
        parts = _parts(scope, reading, by, f"rollup|{columns}|2", measures)
        sums = ", ".join(f"sum(m_{name})::bigint" for name in names)
        found: dict[str, dict[Any, Values]] = {NOW: {}, BEFORE: {}}
        for side, key, *values in _run(parts, f"SELECT side, g_key, {sums} FROM parts GROUP BY side, g_key"):
            found[side][key] = dict(zip(names, values, strict=True))
        scope.memo[memo] = found
    result: dict[str, dict[Any, Values]] = scope.memo[memo]
    return result


def _times(scope: Scope, reading: Reading, by: By, times: tuple[Elapsed, ...]) -> dict[str, dict[Any, Values]]:
    """Side -> group -> median and slowest tenth of each elapsed time."""
    memo = ("times", reading, by, tuple(time.key for time in times))
    if memo not in scope.memo:
        parts = [
            part
            for time in times
            for part in _parts(scope, reading, by, "rolluptime|spread, step, sum(count) AS n|2, 3, 4", time)
        ]
        found: dict[str, dict[Any, dict[str, Any]]] = {NOW: {}, BEFORE: {}}
        for side, key, spread, steps, counts in _run(parts, sql.SPREADS):
            values = percentiles(dict(zip(steps, counts, strict=True)), *SHARES.values())
            named = {spread + name: value for name, value in zip(SHARES, values, strict=True)}
            found[side].setdefault(key, {}).update(named)
        scope.memo[memo] = found
    result: dict[str, dict[Any, Values]] = scope.memo[memo]
    return result


def _parts(scope: Scope, reading: Reading, by: By, stored: str, wanted: tuple[Measure, ...] | Elapsed) -> list[Part]:
    """The pieces each side is put together from: rolled-up days, and spans of rows."""
    both = by is None and reading.moment
    sides = {NOW: scope.now, BEFORE: scope.before} if both else {NOW: scope.now}
    found: list[Part] = []
    for side, span in sides.items():
        pieces = cover(span, _held(scope, reading, by), scope.period.zone)
        found += _stored(scope, reading, by, stored, wanted, side, pieces)
        if pieces.raw:
            found.append(_raw(scope, reading, by, wanted, side, pieces))
    return found


def _raw(
    scope: Scope, reading: Reading, by: By, wanted: tuple[Measure, ...] | Elapsed, side: str, pieces: Cover
) -> Part:
    if isinstance(wanted, Elapsed):
        text, parameters = times_of(scope, reading, by, wanted, *pieces.raw)
        columns = [f"'{wanted.key}'::text AS spread", "step", "n"]
    else:
        text, parameters = counts_of(scope, reading, by, wanted, *pieces.raw)
        columns = [f"m_{measure.key}" for measure in wanted]
    key = "g_key::date" if isinstance(by, Group) else "g_key"
    return f"SELECT %s AS side, {key} AS g_key, {', '.join(columns)} FROM ({text}) AS rows", [side, *parameters]


def _stored(
    scope: Scope,
    reading: Reading,
    by: By,
    stored: str,
    wanted: tuple[Measure, ...] | Elapsed,
    side: str,
    pieces: Cover,
) -> list[Part]:
    table, columns, groups = stored.split("|")
    where, parameters = ["part = %s", "mask = %s"], [reading.part, mask(_seen(scope, by))]
    if isinstance(wanted, Elapsed):
        where.append("spread = %s")
        parameters.append(wanted.key)
    for name, value in scope.chosen.items():
        where.append(f"{name} = %s")
        parameters.append(value)
    found: list[Part] = []
    for kept, runs in ((f"reports_month{table}", pieces.months), (f"reports_{table}", pieces.counted)):
        text = f"SELECT %s AS side, {_key(by, kept)} AS g_key, {columns} FROM {kept} WHERE {' AND '.join(where)}"
        days = f"{text} AND day BETWEEN %s AND %s GROUP BY {groups}"  # summed first: fewer keys meet the rows
        found += [(days, [side, *parameters, d.first, d.last]) for d in runs]
    return found


def _key(by: By, kept: str) -> str:
    """What the slices of a table are grouped by."""
    if isinstance(by, Group):
        return f"date_trunc('{by.value}', day)::date"
    made = {MARKETER: sql.MARKETER.format(kept=kept), PAIR: sql.PAIR}
    return made.get(by or "", by or "''")


def _held(scope: Scope, reading: Reading, by: By) -> Held:
    """What of the roll-ups answers this question, around both spans. Weeks and days are not made of months."""
    if not reading.part or _seen(scope, by) not in KEPT:
        return Held()
    if "held" not in scope.memo:
        first = today(scope.before.start, scope.period.zone)
        rows = sql.run(sql.ISLANDS, {"first": first, "last": scope.period.last, "shape": shape()})
        found: dict[tuple[str, bool], list[Days]] = {}
        for whole, part, begin, end in rows:
            found.setdefault((part, whole), []).append(Days(begin, end))
        scope.memo["held"] = found
    held: Mapping[tuple[str, bool], list[Days]] = scope.memo["held"]
    months = [] if by in {Group.DAY, Group.WEEK} else held.get((reading.part, True), [])
    return Held(held.get((reading.part, False), []), months)


def _seen(scope: Scope, by: By) -> set[str]:
    """The dimensions a question distinguishes; a bucket of time is none."""
    if by is None or isinstance(by, Group):
        return {*scope.chosen}
    return {*scope.chosen} | ({"source", "campaign"} if by in {MARKETER, PAIR} else {by})


def _run(parts: list[Part], question: str) -> list[tuple[Any, ...]]:
    if not parts:
        return []
    union = " UNION ALL ".join(text for text, _parameters in parts)
    with connection.cursor() as cursor:
        cursor.execute(f"WITH parts AS ({union}) {question}", [p for _text, more in parts for p in more])
        return list(cursor.fetchall())
