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
    """`counted` days come from the roll-ups, `raw` spans from the rows; together they are the whole span, once."""

    counted: Sequence[Days]
    raw: Sequence[Span]


def cover(span: Span, islands: Iterable[Days], zone: tzinfo) -> Cover:
    """Splits the span. `islands` are runs of days whose roll-ups hold, in order and apart from each other."""
    counted: list[Days] = []
    raw: list[Span] = []
    reached = span.start
    whole = _whole_days(span, zone)
    for island in islands if whole else ():
        first, last = max(island.first, whole.first), min(island.last, whole.last)  # type: ignore[union-attr]
        if first > last:
            continue
        raw.extend(_gap(reached, midnight(first, zone)))
        counted.append(Days(first, last))
        reached = midnight(last + DAY, zone)
    raw.extend(_gap(reached, span.end))
    return Cover(counted, raw)


def _whole_days(span: Span, zone: tzinfo) -> Days | None:
    """The days that lie in the span from their first instant to their last."""
    first = today(span.start, zone) if midnight(today(span.start, zone), zone) == span.start else None
    first = first or today(span.start, zone) + DAY
    last = today(span.end, zone) - DAY
    return Days(first, last) if first <= last else None


def _gap(start: datetime, end: datetime) -> list[Span]:
    return [Span(start, end)] if start < end else []
