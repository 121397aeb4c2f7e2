"""How figures are read: measures over one table, for the period and the one before it together.

Days that are counted already come from the roll-ups, the rest (today, and days that have changed since) from the rows:
one statement, whatever the mixture, and the same figures either way.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db.models import (
    Aggregate,
    BigIntegerField,
    CharField,
    Count,
    DateField,
    DurationField,
    ExpressionWrapper,
    F,
    FloatField,
    Func,
    Q,
    QuerySet,
)
from django.db.models import Value as Constant
from django.db.models.functions import Trunc

from reports.periods import Group, Span
from reports.scope import DIMENSIONS, Scope

Value = int | float | None
Values = Mapping[str, Any]
ALL = Q()
NOW, BEFORE = "now", "before"
MEDIAN, P90 = "_median", "_p90"


class Step(Func):
    """An elapsed time in seconds, rounded down to its step (`reports.steps`)."""

    function = "reports_step"
    output_field = BigIntegerField()


class Percentile(Aggregate):
    """The value below which that share of the rows lies, between two rows if need be."""

    name = "Percentile"
    template = "percentile_cont(%(share)s) WITHIN GROUP (ORDER BY %(expressions)s)"

    def __init__(self, expression: Any, *, share: float, **extra: Any) -> None:
        super().__init__(expression, share=share, output_field=FloatField(), **extra)


@dataclass(frozen=True, slots=True)
class Measure:
    """`where` says which rows count, `of` what is made of them: something that adds up day by day."""

    key: str
    where: Q = ALL
    of: Callable[[Q], Aggregate] = lambda rows: Count("pk", filter=rows or None)


@dataclass(frozen=True, slots=True)
class Elapsed:
    """How long it took from one moment of a row to another; rows that have not come so far do not count."""

    key: str
    since: str
    until: str
    where: Q = ALL

    @property
    def reached(self) -> Q:
        return Q(**{f"{self.until}__isnull": False, f"{self.since}__isnull": False}) & self.where

    @property
    def step(self) -> Step:
        return Step(ExpressionWrapper(F(self.until) - F(self.since), output_field=DurationField()))


@dataclass(frozen=True, eq=False)
class Reading:
    """Measures read from one table. `moment` is the column that places its rows in time; "" is: as things stand now.

    `part` names its roll-ups, "" where there are none; `by` says where each dimension is found on a row.
    """

    part: str
    rows: Callable[[Scope], QuerySet[Any]]
    moment: str
    measures: tuple[Measure, ...]
    by: Mapping[str, Any]
    times: tuple[Elapsed, ...] = ()

    def within(self, *spans: Span) -> Q:
        """The rows of these spans."""
        found = ALL
        for span in spans if self.moment else ():
            found |= between(self.moment, span)
        return found

    def dimension(self, name: str) -> Any:
        found = self.by[name]
        return F(found) if isinstance(found, str) else found

    def day(self, scope: Scope, group: Group = Group.DAY) -> Trunc:
        """The first local day of the day, week or month a row lies in."""
        return Trunc(self.moment, group.value, output_field=DateField(), tzinfo=scope.period.zone)


def between(column: str, span: Span) -> Q:
    return Q(**{f"{column}__gte": span.start, f"{column}__lt": span.end})


def facts(rows: QuerySet[Any], groups: Mapping[str, Any], measures: Sequence[Measure]) -> QuerySet[Any, dict[str, Any]]:
    """The measures of the rows for each combination of the groups, as columns `g_<group>` and `m_<measure>`."""
    named = rows.order_by().values(**{f"g_{name}": group for name, group in groups.items()})
    found: QuerySet[Any, dict[str, Any]] = named.annotate(
        **{f"m_{measure.key}": measure.of(measure.where) for measure in measures}
    )
    return found


def spreads(rows: QuerySet[Any], groups: Mapping[str, Any], time: Elapsed) -> QuerySet[Any, dict[str, Any]]:
    """How many of the rows lie in each step of an elapsed time, as `g_<group>`, `step` and `n`."""
    named = rows.filter(time.reached).order_by()
    found: QuerySet[Any, dict[str, Any]] = named.values(
        **{f"g_{name}": group for name, group in groups.items()}, step=time.step
    ).annotate(n=Count("pk"))
    return found


def behind(scope: Scope, reading: Reading, measure: Measure) -> QuerySet[Any]:
    """The rows the measure counts in the period."""
    return reading.rows(scope).filter(reading.within(scope.now), measure.where)


def ratio(part: Value, whole: Value) -> float | None:
    """A share of 1; None where there is nothing to share."""
    return None if not whole or part is None else part / whole


def plain(value: Any) -> Any:
    """Spans of time in seconds."""
    return value.total_seconds() if isinstance(value, timedelta) else value


def grouping(scope: Scope, reading: Reading, by: str | Group | None) -> Mapping[str, Any]:
    """What rows are grouped by: a dimension, a bucket of time, or nothing."""
    if by is None:
        return {"key": Constant("", CharField())}
    return {"key": reading.day(scope, by) if isinstance(by, Group) else reading.dimension(by)}


def summed_up(keys: Iterable[str], times: Iterable[Elapsed], counts: Values, spread: Values) -> Values:
    """Counts, and the median and slowest tenth of each elapsed time."""
    names = [time.key + name for time in times for name in (MEDIAN, P90)]
    return {key: counts.get(key) or 0 for key in keys} | {name: spread.get(name) for name in names}


def mask(names: Iterable[str]) -> int:
    """The dimensions as bits, the first one the highest."""
    chosen = set(names)
    return sum(1 << place for place, name in enumerate(reversed(DIMENSIONS)) if name in chosen)
