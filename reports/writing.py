"""Statements over the rows, written once and filled in with each question's days and filters.

Putting such a statement together takes the query builder longer than the database takes to answer it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, tzinfo
from functools import lru_cache
from typing import Any

from reports.counting import Elapsed, Measure, Reading, facts, grouping, spreads
from reports.periods import Group, Span, custom
from reports.scope import Scope

By = str | Group | None
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


def counts_of(scope: Scope, reading: Reading, by: By, measures: tuple[Measure, ...], *spans: Span) -> Statement:
    """The measures of the rows of the spans, by group: `g_key`, and `m_<measure>` each."""
    names = tuple(measure.key for measure in measures)
    written = _counts(reading, by, names, tuple(scope.chosen), len(spans), scope.period.zone)
    return written.text, written.filled(_values(scope, spans))


def times_of(scope: Scope, reading: Reading, by: By, time: Elapsed, *spans: Span) -> Statement:
    """How many rows of the spans lie in each step of an elapsed time, by group: `g_key`, `step`, `n`."""
    written = _times(reading, by, time.key, tuple(scope.chosen), len(spans), scope.period.zone)
    return written.text, written.filled(_values(scope, spans))


@lru_cache(maxsize=512)
def _counts(
    reading: Reading, by: By, names: tuple[str, ...], chosen: tuple[str, ...], spans: int, zone: tzinfo
) -> Written:
    scope, days = _stand_in(chosen, spans, zone)
    measures = [measure for measure in reading.measures if measure.key in names]
    rows = reading.rows(scope).filter(reading.within(*days))
    if len(measures) == 1:
        rows = rows.filter(measures[0].where)  # so that an index on just these rows serves
    return _written(facts(rows, grouping(scope, reading, by), measures), days)


@lru_cache(maxsize=512)
def _times(reading: Reading, by: By, key: str, chosen: tuple[str, ...], spans: int, zone: tzinfo) -> Written:
    scope, days = _stand_in(chosen, spans, zone)
    (time,) = (time for time in reading.times if time.key == key)
    rows = reading.rows(scope).filter(reading.within(*days))
    return _written(spreads(rows, grouping(scope, reading, by), time), days)


def _stand_in(chosen: tuple[str, ...], spans: int, zone: tzinfo) -> tuple[Scope, list[Span]]:
    day = timedelta(days=1)
    days = [Span(LONG_AGO + 2 * number * day, LONG_AGO + (2 * number + 1) * day) for number in range(spans)]
    period = custom(date(2000, 1, 1), date(2000, 1, 1), zone=zone)
    return Scope(period, LONG_AGO, **{name: STAND_INS[name] for name in chosen}), days


def _written(query: Any, days: list[Span]) -> Written:
    text, parameters = query.query.sql_with_params()
    known = {value: name for name, value in (STAND_INS | _moments(days)).items()}
    return Written(text, tuple((known.get(value, ""), value) for value in parameters))


def _values(scope: Scope, spans: tuple[Span, ...]) -> dict[str, Any]:
    return scope.chosen | _moments(spans)


def _moments(spans: list[Span] | tuple[Span, ...]) -> dict[str, Any]:
    return {
        f"{edge}{number}": moment
        for number, span in enumerate(spans)
        for edge, moment in (("start", span.start), ("end", span.end))
    }
