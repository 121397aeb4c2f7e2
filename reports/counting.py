"""How figures are read: measures over one table in one query, for the period and the one before it together."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db.models import Aggregate, CharField, Count, DurationField, ExpressionWrapper, F, Q, QuerySet
from django.db.models import Value as Constant

from reports.periods import Span
from reports.scope import Scope

Value = int | float | None
Values = Mapping[str, Value]
ALL = Q()
NOW, BEFORE = "now", "before"


class Percentile(Aggregate):
    """The value below which that share of the rows lies, between two rows if need be."""

    name = "Percentile"
    template = "percentile_cont(%(share)s) WITHIN GROUP (ORDER BY %(expressions)s)"

    def __init__(self, expression: Any, *, share: float, **extra: Any) -> None:
        super().__init__(expression, share=share, **extra)


@dataclass(frozen=True, slots=True)
class Measure:
    """`where` says which rows count, `of` what is made of them.

    `moment` is the column that places them in time, where that is not the one of the whole reading;
    "" is: as things stand now.
    """

    key: str
    where: Q = ALL
    of: Callable[[Q], Aggregate] = lambda rows: Count("pk", filter=rows or None)
    moment: str | None = None


@dataclass(frozen=True)
class Reading:
    """Measures read from one table. `moment` is the column that places its rows in time.

    `reach` narrows the table further: to what the reading is about, and to rows an index can find.
    """

    rows: Callable[[Scope], QuerySet[Any]]
    moment: str
    measures: tuple[Measure, ...]
    reach: Callable[[Span], Q] = lambda _span: ALL

    def within(self, span: Span) -> Q:
        """The rows of the span, or those that any of the measures may count there."""
        return (between(self.moment, span) if self.moment else ALL) & self.reach(span)

    def aggregate(self, measure: Measure, span: Span) -> Aggregate:
        """The measure over rows that are already `within` the span."""
        timed = between(measure.moment, span) if measure.moment else ALL
        return measure.of(timed & measure.where)

    def counted(self, measure: Measure, span: Span) -> Q:
        """The condition on a row that counts."""
        column = self.moment if measure.moment is None else measure.moment
        return (between(column, span) if column else ALL) & self.reach(span) & measure.where


def between(column: str, span: Span) -> Q:
    return Q(**{f"{column}__gte": span.start, f"{column}__lt": span.end})


def took(since: str, until: str, share: float = 0.5) -> Callable[[Q], Aggregate]:
    """The median (or another percentile) of an elapsed time; rows that have not come so far do not count."""
    elapsed = ExpressionWrapper(F(until) - F(since), output_field=DurationField())
    return lambda rows: Percentile(elapsed, share=share, filter=rows or None)


def totals(scope: Scope, readings: Iterable[Reading]) -> tuple[Values, Values]:
    """All measures of the readings for the period and for the one before: one query per reading."""
    found: dict[str, dict[str, Value]] = {NOW: {}, BEFORE: {}}
    for reading in readings:
        both = _row(scope, reading, scope.now, NOW).union(_row(scope, reading, scope.before, BEFORE), all=True)
        for row in both:
            found[row.pop("side")] |= {key: plain(value) for key, value in row.items()}
    return found[NOW], found[BEFORE]


def of_period(scope: Scope, readings: Iterable[Reading]) -> Values:
    """The same for the period alone."""
    found: dict[str, Value] = {}
    for reading in readings:
        (row,) = _row(scope, reading, scope.now, NOW)
        found |= {key: plain(value) for key, value in row.items() if key != "side"}
    return found


def grouped(scope: Scope, reading: Reading, keys: Iterable[str], *, by: Any) -> dict[Any, Values]:
    """The named measures of one reading for the period, for each value of `by` (a column or expression)."""
    chosen = [measure for measure in reading.measures if measure.key in set(keys)]
    rows = reading.rows(scope).filter(reading.within(scope.now)).order_by()
    by = F(by) if isinstance(by, str) else by
    found = rows.values(group=by).annotate(**{m.key: reading.aggregate(m, scope.now) for m in chosen})
    return {row["group"]: {m.key: plain(row[m.key]) for m in chosen} for row in found}


def behind(scope: Scope, reading: Reading, measure: Measure) -> QuerySet[Any]:
    """The rows the measure counts in the period."""
    return reading.rows(scope).filter(reading.counted(measure, scope.now))


def ratio(part: Value, whole: Value) -> float | None:
    """A share of 1; None where there is nothing to share."""
    return None if not whole or part is None else part / whole


def plain(value: Any) -> Any:
    """Spans of time in seconds."""
    return value.total_seconds() if isinstance(value, timedelta) else value


def _row(scope: Scope, reading: Reading, span: Span, side: str) -> QuerySet[Any, dict[str, Any]]:
    """One row with all measures of the span. Each side of a union finds its own rows by the index."""
    rows = reading.rows(scope).filter(reading.within(span)).order_by()
    named = rows.values(side=Constant(side, CharField()))
    found: QuerySet[Any, dict[str, Any]] = named.annotate(
        **{m.key: reading.aggregate(m, span) for m in reading.measures}
    )
    return found
