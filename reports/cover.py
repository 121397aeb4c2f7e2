"""Which days of a span are counted already, and what must be read from the rows themselves. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, tzinfo

from reports.periods import DAY, Span, midnight, today


@dataclass(frozen=True, slots=True)
class Days:
    """Local days from `first` to `last`, both included."""

    first: date
    last: date


@dataclass(frozen=True, slots=True)
class Cover:
    """`months` and `counted` days come from the roll-ups, `raw` spans from the rows; together the whole span, once."""

    months: Sequence[Days]
    counted: Sequence[Days]
    raw: Sequence[Span]


@dataclass(frozen=True, slots=True)
class Held:
    """What the roll-ups hold, each in order and apart from each other: runs of days, and whole months added up."""

    days: Sequence[Days] = ()
    months: Sequence[Days] = ()


def cover(span: Span, held: Held, zone: tzinfo) -> Cover:
    """Splits the span. A month counts as one only where all its days hold."""
    counted: list[Days] = []
    raw: list[Span] = []
    reached = span.start
    whole = _whole_days(span, zone)
    for island in held.days if whole else ():
        first, last = max(island.first, whole.first), min(island.last, whole.last)  # type: ignore[union-attr]
        if first > last:
            continue
        raw.extend(_gap(reached, midnight(first, zone)))
        counted.append(Days(first, last))
        reached = midnight(last + DAY, zone)
    raw.extend(_gap(reached, span.end))
    months, days = _months_apart(counted, held.months)
    return Cover(months, days, raw)


def _months_apart(runs: Iterable[Days], summed: Sequence[Days]) -> tuple[list[Days], list[Days]]:
    """The runs as whole months that are added up, neighbours together, and the days around them."""
    months: list[Days] = []
    days: list[Days] = []
    for run in runs:
        reached = run.first
        for month in summed:
            if month.first < reached or month.last > run.last:
                continue
            days.extend(_days_between(reached, month.first - DAY))
            if months and months[-1].last == month.first - DAY:
                months[-1] = Days(months[-1].first, month.last)
            else:
                months.append(month)
            reached = month.last + DAY
        days.extend(_days_between(reached, run.last))
    return months, days


def _days_between(first: date, last: date) -> list[Days]:
    return [Days(first, last)] if first <= last else []


def _whole_days(span: Span, zone: tzinfo) -> Days | None:
    """The days that lie in the span from their first instant to their last."""
    first = today(span.start, zone) if midnight(today(span.start, zone), zone) == span.start else None
    first = first or today(span.start, zone) + DAY
    last = today(span.end, zone) - DAY
    return Days(first, last) if first <= last else None


def _gap(start: datetime, end: datetime) -> list[Span]:
    return [Span(start, end)] if start < end else []
