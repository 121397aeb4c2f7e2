"""Statements over the rows, written once and filled in with each question's days and filters.

Putting such a statement together takes the query builder longer than the database takes to answer it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, tzinfo
from functools import lru_cache
from typing import Any

from django.db.models import CharField, Value

from reports import sql
from reports.counting import Reading, facts, spreads
from reports.periods import Group, Span, custom
from reports.questions import By
from reports.scope import Scope

Statement = tuple[str, list[Any]]
LONG_AGO = datetime(1000, 1, 1, tzinfo=UTC)  # stand in for the moments a question will bring, each another one
STAND_INS: dict[str, Any] = {
    "team": -1_000_001,
    "owner": -1_000_002,
    "source": "?source",
    "campaign": "?campaign",
    "product": "?product",
    "city": "?city",
}


@dataclass(frozen=True, slots=True)
class Written:
    """A statement, and for each of its parameters the name of what fills it, or what it always is."""

    text: str
    places: tuple[tuple[str, Any], ...]

    def filled(self, values: Mapping[str, Any]) -> list[Any]:
        return [values[name] if name else always for name, always in self.places]


def counts_of(scope: Scope, reading: Reading, groups: tuple[By, ...], *spans: Span) -> Statement:
    """The measures of the rows of the spans, by each of the groups."""
    written = _counts(reading, groups, tuple(scope.chosen), len(spans), scope.period.zone)
    return written.text, written.filled(_values(scope, spans))


def times_of(scope: Scope, reading: Reading, time: str, groups: tuple[By, ...], *spans: Span) -> Statement:
    """How many rows of the spans lie in each step of an elapsed time, by each of the groups."""
    written = _times(reading, time, groups, tuple(scope.chosen), len(spans), scope.period.zone)
    return written.text, written.filled(_values(scope, spans))


def grouped_by(place: int, groups: tuple[By, ...]) -> By:
    """Which of the groups a row is of. GROUPING has a bit for each, the first one the highest; its own is not set."""
    rest = ((1 << len(groups)) - 1) ^ place
    return groups[len(groups) - rest.bit_length()]


@lru_cache(maxsize=512)
def _counts(reading: Reading, groups: tuple[By, ...], chosen: tuple[str, ...], spans: int, zone: tzinfo) -> Written:
    scope, days = _stand_in(chosen, spans, zone)
    rows = reading.rows(scope).filter(reading.within(*days))
    if len(reading.measures) == 1:
        rows = rows.filter(reading.measures[0].where)  # so that an index on just these rows serves
    inner, places = _written(facts(rows, _named(scope, reading, groups), reading.measures), days)
    sums = ", ".join(f"COALESCE(sum(m_{measure.key}), 0)::bigint" for measure in reading.measures)
    return Written(sql.FROM_ROWS.format(rows=inner, sums=sums, **_sets(groups)), places)


@lru_cache(maxsize=512)
def _times(
    reading: Reading, key: str, groups: tuple[By, ...], chosen: tuple[str, ...], spans: int, zone: tzinfo
) -> Written:
    scope, days = _stand_in(chosen, spans, zone)
    (time,) = (time for time in reading.times if time.key == key)
    rows = reading.rows(scope).filter(reading.within(*days))
    inner, places = _written(spreads(rows, _named(scope, reading, groups), time), days)
    sets = _sets(groups) | {"sets": ", ".join(f"(step, g_{number})" for number in range(len(groups)))}
    return Written(sql.SPREADS_FROM_ROWS.format(rows=inner, **sets), places)


def _named(scope: Scope, reading: Reading, groups: tuple[By, ...]) -> Mapping[str, Any]:
    """Every group of a row as a column: a dimension, a bucket of time, or nothing."""
    return {str(number): _group(scope, reading, by) for number, by in enumerate(groups)}


def _group(scope: Scope, reading: Reading, by: By) -> Any:
    if by is None:
        return Value("", CharField())
    return reading.day(scope, by) if isinstance(by, Group) else reading.dimension(by)


def _sets(groups: tuple[By, ...]) -> dict[str, str]:
    names = [f"g_{number}" for number in range(len(groups))]
    dated = zip(names, groups, strict=True)
    keys = ", ".join(f"{name}::date::text" if isinstance(by, Group) else f"{name}::text" for name, by in dated)
    return {"groups": ", ".join(names), "keys": keys, "sets": ", ".join(f"({name})" for name in names)}


def _stand_in(chosen: tuple[str, ...], spans: int, zone: tzinfo) -> tuple[Scope, list[Span]]:
    day = timedelta(days=1)
    days = [Span(LONG_AGO + 2 * number * day, LONG_AGO + (2 * number + 1) * day) for number in range(spans)]
    period = custom(date(2000, 1, 1), date(2000, 1, 1), zone=zone)
    return Scope(period, LONG_AGO, **{name: STAND_INS[name] for name in chosen}), days


def _written(query: Any, days: list[Span]) -> tuple[str, tuple[tuple[str, Any], ...]]:
    text, parameters = query.query.sql_with_params()
    known = {value: name for name, value in (STAND_INS | _moments(days)).items()}
    return text, tuple((known.get(value, ""), value) for value in parameters)


def _values(scope: Scope, spans: tuple[Span, ...]) -> dict[str, Any]:
    return scope.chosen | _moments(spans)


def _moments(spans: list[Span] | tuple[Span, ...]) -> dict[str, Any]:
    return {
        f"{edge}{number}": moment
        for number, span in enumerate(spans)
        for edge, moment in (("start", span.start), ("end", span.end))
    }
