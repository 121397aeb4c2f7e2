"""Spans of local days that reports speak of. Pure: no clock, no database; days are those of the zone given.

Every span is half-open: from the first instant of its first day up to, but without, the day after its last.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from enum import StrEnum
from zoneinfo import ZoneInfo

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
LONGEST = timedelta(days=5 * 366)
DAY = timedelta(days=1)


class Group(StrEnum):
    """How wide the buckets of a chart or a cohort are."""

    DAY = "day"
    WEEK = "week"
    MONTH = "month"


@dataclass(frozen=True, slots=True)
class Span:
    """Two aware moments in UTC, half-open."""

    start: datetime
    end: datetime


@dataclass(frozen=True, slots=True)
class Bucket:
    """One column of a chart: local days from `first` to `last`, both included."""

    first: date
    last: date


@dataclass(frozen=True, slots=True)
class Period:
    """Local days from `first` to `last`, both included, and the first day of the period it is compared with."""

    key: str
    first: date
    last: date
    compared_from: date
    zone: tzinfo = ZONE

    @property
    def span(self) -> Span:
        return Span(midnight(self.first, self.zone), midnight(self.last + DAY, self.zone))

    def before(self, *, at: datetime) -> Span:
        """The period before. While this one still runs, only as much of it as has passed of this one by `at`."""
        now, start = self.span, midnight(self.compared_from, self.zone)
        passed = min(max(at, now.start), now.end) - now.start
        return Span(start, now.start if at >= now.end else min(start + passed, now.start))

    def group(self) -> Group:
        """Buckets that fit on a screen: days up to two months, weeks up to half a year, months beyond."""
        days = (self.last - self.first).days + 1
        if days <= 62:
            return Group.DAY
        return Group.WEEK if days <= 190 else Group.MONTH

    def buckets(self, group: Group) -> list[Bucket]:
        """The whole days, weeks (from Monday) or months that tile the period; the outer ones may be cut."""
        found, first = [], self.first
        while first <= self.last:
            last = min(following(first, group) - DAY, self.last)
            found.append(Bucket(first, last))
            first = last + DAY
        return found


def midnight(day: date, zone: tzinfo = ZONE) -> datetime:
    """The first instant of a local day, in UTC."""
    return datetime.combine(day, time.min, zone).astimezone(UTC)


def opening(day: date, group: Group) -> date:
    """The first day of the week or month the day lies in."""
    if group == Group.WEEK:
        return day - timedelta(days=day.weekday())
    return day.replace(day=1) if group == Group.MONTH else day


def following(day: date, group: Group) -> date:
    """The first day after the bucket the day lies in."""
    if group == Group.MONTH:
        return months_on(day.replace(day=1), 1)
    return opening(day, group) + timedelta(days=7 if group == Group.WEEK else 1)


def opening_month(day: date) -> date:
    """The first day of the month the day lies in."""
    return day.replace(day=1)


def months_on(first: date, months: int) -> date:
    """The first day of a month, so many months on (or back)."""
    index = first.year * 12 + first.month - 1 + months
    return date(index // 12, index % 12 + 1, 1)


def today(at: datetime, zone: tzinfo = ZONE) -> date:
    """The local day of a moment."""
    return at.astimezone(zone).date()


def named(key: str, *, at: datetime, zone: tzinfo = ZONE) -> Period:
    """The period of that name around `at`. Raises KeyError for a name that is not in NAMED."""
    day = today(at, zone)
    first, last, compared_from = NAMED[key](day)
    return Period(key, first, last, compared_from, zone)


def custom(first: date, last: date, *, zone: tzinfo = ZONE) -> Period:
    """Any days, compared with as many before. Raises ValueError for days in the wrong order or beyond five years."""
    if not timedelta(0) <= last - first <= LONGEST or first.year < 2000 or last.year > 2999:
        raise ValueError("not a period")
    return Period("custom", first, last, first - (last - first + DAY), zone)


def _last_days(count: int) -> Callable[[date], tuple[date, date, date]]:
    def days(day: date) -> tuple[date, date, date]:
        first = day - timedelta(days=count - 1)
        return first, day, first - timedelta(days=count)

    return days


def _months(count: int, start: Callable[[date], date]) -> Callable[[date], tuple[date, date, date]]:
    def months(day: date) -> tuple[date, date, date]:
        first = start(day)
        return first, months_on(first, count) - DAY, months_on(first, -count)

    return months


def _week(day: date) -> tuple[date, date, date]:
    first = opening(day, Group.WEEK)
    return first, first + timedelta(days=6), first - timedelta(days=7)


NAMED: Mapping[str, Callable[[date], tuple[date, date, date]]] = {
    "today": _last_days(1),
    "7d": _last_days(7),
    "week": _week,
    "30d": _last_days(30),
    "90d": _last_days(90),
    "month": _months(1, lambda day: day.replace(day=1)),
    "quarter": _months(3, lambda day: day.replace(month=(day.month - 1) // 3 * 3 + 1, day=1)),
    "6m": _months(6, lambda day: months_on(day.replace(day=1), -5)),
    "12m": _months(12, lambda day: months_on(day.replace(day=1), -11)),
}
DEFAULT = "30d"
