"""What is counted, once: every figure of every report is one of these, or a ratio of two.

A measure is a condition on rows, and the column whose time must lie in the period. The same definition counts the
figure and lists the rows behind it, so the two cannot differ. Measures over one table are read in one query,
for the period and the one before it together.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db.models import Aggregate, Count, DurationField, ExpressionWrapper, F, Q, QuerySet, Sum

from leads.enums import Outcome, Reason
from reports.periods import Span
from reports.scope import Scope
from sla.enums import StopReason

ALL = Q()
INVALID = Q(reason=Reason.WRONG_CONTACT) | Q(qualification__right_phone=False)
JUDGED = ~Q(outcome=Outcome.OPEN) | Q(qualification__right_phone__isnull=False)
LEAD_INVALID = Q(handoff__reason=Reason.WRONG_CONTACT) | Q(handoff__qualification__right_phone=False)
ACCEPTED = Q(handoff__outcome=Outcome.ACCEPTED)

Value = int | float | None
Values = Mapping[str, Value]


class Percentile(Aggregate):
    """The value below which that share of the rows lies, between two rows if need be."""

    name = "Percentile"
    template = "percentile_cont(%(share)s) WITHIN GROUP (ORDER BY %(expressions)s)"

    def __init__(self, expression: Any, *, share: float, **extra: Any) -> None:
        super().__init__(expression, share=share, **extra)


@dataclass(frozen=True, slots=True)
class Measure:
    """`where` says which rows count, `moment` the column that places them in time ("" is: as things stand now)."""

    key: str
    moment: str
    where: Q = ALL
    of: Callable[[Q], Aggregate] = lambda rows: Count("pk", filter=rows)

    def within(self, span: Span) -> Q:
        """The rows that count in the span."""
        if not self.moment:
            return self.where
        return Q(**{f"{self.moment}__gte": span.start, f"{self.moment}__lt": span.end}) & self.where


@dataclass(frozen=True)
class Reading:
    """Measures read from one table in one query. `reach` narrows it to rows an index can find."""

    rows: Callable[[Scope], QuerySet[Any]]
    measures: tuple[Measure, ...]
    reach: Callable[[Span], Q]


def _revenue(rows: Q) -> Aggregate:
    return Sum("revenue", filter=rows)


def _took(since: str, until: str, share: float = 0.5) -> Callable[[Q], Aggregate]:
    """The median (or another percentile) of an elapsed time; rows that have not come so far do not count."""
    elapsed = ExpressionWrapper(F(until) - F(since), output_field=DurationField())
    return lambda rows: Percentile(elapsed, share=share, filter=rows)


def _between(column: str) -> Callable[[Span], Q]:
    return lambda span: Q(**{f"{column}__gte": span.start, f"{column}__lt": span.end})


# Index used: standing_newest (or the one of owner, team or source): only the index is read.
CREATED = Reading(Scope.standings, (Measure("leads", "created_at"),), _between("created_at"))

# Index used: handoff_offered; a lead's hand-off is never older than the lead.
SPOILT = Reading(
    Scope.standings,
    (Measure("leads_invalid", "created_at", LEAD_INVALID),),
    lambda span: _between("created_at")(span) & Q(handoff__offered_at__gte=span.start) & LEAD_INVALID,
)

# Index used: handoff_offered. The cohort: hand-offs offered in the period, and what came of them until now.
OFFERED = Reading(
    Scope.handoffs,
    (
        Measure("offered", "offered_at"),
        Measure("offered_accepted", "offered_at", Q(outcome=Outcome.ACCEPTED)),
        Measure("offered_recycled", "offered_at", Q(outcome=Outcome.RECYCLED)),
        Measure("offered_discarded", "offered_at", Q(outcome=Outcome.DISCARDED)),
        Measure("offered_open", "offered_at", Q(outcome=Outcome.OPEN)),
        Measure("offered_won", "offered_at", Q(won_at__isnull=False)),
        Measure("offered_revenue", "offered_at", Q(won_at__isnull=False), _revenue),
        Measure("offered_judged", "offered_at", JUDGED),
        Measure("offered_invalid", "offered_at", INVALID),
        Measure("offered_touched", "offered_at", Q(first_touch_at__isnull=False)),
        Measure("touch_median", "offered_at", of=_took("offered_at", "first_touch_at")),
        Measure("touch_p90", "offered_at", of=_took("offered_at", "first_touch_at", 0.9)),
    ),
    _between("offered_at"),
)

# Indexes used: handoff_decided, handoff_won, handoff_open_by_owner, together. The flow: what happened in the period.
HAPPENED = Reading(
    Scope.handoffs,
    (
        Measure("accepted", "decided_at", Q(outcome=Outcome.ACCEPTED)),
        Measure("won", "won_at"),
        Measure("revenue", "won_at", of=_revenue),
        Measure("open", "", Q(outcome=Outcome.OPEN)),
    ),
    lambda span: _between("decided_at")(span) | _between("won_at")(span) | Q(outcome=Outcome.OPEN),
)

# Index used: clock_due. A promise belongs to the period in which it fell due.
DUE = Reading(
    Scope.clocks,
    (
        Measure("promises_kept", "due_at", Q(stop_reason=StopReason.TOUCHED, breached_at=None)),
        Measure("promises_broken", "due_at", Q(breached_at__isnull=False)),
    ),
    _between("due_at"),
)

# Index used: handoff_offered, then the standings that point at those hand-offs. The cohort of leads, and how far they
# have come by their latest hand-off.
REACHED = Reading(
    Scope.standings,
    (
        Measure("leads_handed", "created_at", Q(handoff__isnull=False)),
        Measure("leads_handed_time", "created_at", of=_took("created_at", "handoff__offered_at")),
        Measure("leads_accepted", "created_at", ACCEPTED),
        Measure("leads_accepted_time", "created_at", ACCEPTED, _took("handoff__offered_at", "handoff__decided_at")),
        Measure("leads_won", "created_at", Q(handoff__won_at__isnull=False)),
        Measure("leads_won_time", "created_at", of=_took("handoff__decided_at", "handoff__won_at")),
    ),
    lambda span: _between("created_at")(span) & Q(handoff__offered_at__gte=span.start),
)

# Never read as a figure (it is the difference of two), only listed.
SOUND = Reading(Scope.standings, (Measure("leads_valid", "created_at", ~LEAD_INVALID),), _between("created_at"))

READINGS = (CREATED, SPOILT, OFFERED, HAPPENED, DUE)
MEASURES = {measure.key: (reading, measure) for reading in (*READINGS, REACHED, SOUND) for measure in reading.measures}


def totals(scope: Scope, readings: Iterable[Reading] = READINGS) -> tuple[Values, Values]:
    """All measures of the readings for the period and for the one before: one query per reading."""
    now: dict[str, Value] = {}
    before: dict[str, Value] = {}
    whole = Span(min(scope.before.start, scope.now.start), scope.now.end)
    for reading in readings:
        wanted = {f"now_{m.key}": m.of(m.within(scope.now)) for m in reading.measures}
        wanted |= {f"before_{m.key}": m.of(m.within(scope.before)) for m in reading.measures if m.moment}
        row = reading.rows(scope).filter(reading.reach(whole)).aggregate(**wanted)
        now |= {m.key: _plain(row[f"now_{m.key}"]) for m in reading.measures}
        before |= {m.key: _plain(row.get(f"before_{m.key}")) for m in reading.measures}
    return now, before


def of_period(scope: Scope, readings: Iterable[Reading]) -> Values:
    """The same for the period alone."""
    now: dict[str, Value] = {}
    for reading in readings:
        wanted = {m.key: m.of(m.within(scope.now)) for m in reading.measures}
        row = reading.rows(scope).filter(reading.reach(scope.now)).aggregate(**wanted)
        now |= {key: _plain(value) for key, value in row.items()}
    return now


def grouped(scope: Scope, reading: Reading, keys: Iterable[str], *, by: Any) -> dict[Any, Values]:
    """The named measures of one reading for the period, for each value of `by` (a column or expression)."""
    chosen = [measure for measure in reading.measures if measure.key in set(keys)]
    rows = reading.rows(scope).filter(reading.reach(scope.now)).order_by().values(group=_expression(by))
    found = rows.annotate(**{m.key: m.of(m.within(scope.now)) for m in chosen})
    return {row["group"]: {m.key: _plain(row[m.key]) for m in chosen} for row in found}


def behind(scope: Scope, key: str) -> QuerySet[Any]:
    """The rows a measure counts in the period. Raises KeyError for a measure that does not exist."""
    reading, measure = MEASURES[key]
    return reading.rows(scope).filter(measure.within(scope.now))


def ratio(part: Value, whole: Value) -> float | None:
    """A share of 1; None where there is nothing to share."""
    return None if not whole or part is None else part / whole


def _expression(by: Any) -> Any:
    return F(by) if isinstance(by, str) else by


def _plain(value: Any) -> Value:
    """Spans of time in seconds."""
    return value.total_seconds() if isinstance(value, timedelta) else value
