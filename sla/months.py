"""Local months, weeks and days of the agreement. Pure: no clock, no database; the zone is the company's."""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta

from django.utils import timezone

DAY = timedelta(days=1)
EARLIEST, LATEST = date(2000, 1, 1), date(2100, 1, 1)  # no month beyond these is asked for in earnest


def midnight(day: date) -> datetime:
    """The first instant of a local day."""
    return timezone.make_aware(datetime.combine(day, time.min))


def local_day(at: datetime) -> date:
    return timezone.localtime(at).date()


def first_of(day: date) -> date:
    """The first day of the month the day lies in."""
    return day.replace(day=1)


def parse_month(text: str) -> date:
    """The first day of a month written 2026-11. Raises ValueError for anything else, and for a month out of reach."""
    month = date.fromisoformat(f"{text}-01")
    if not EARLIEST <= month <= LATEST:
        raise ValueError(text)
    return month


def last_of(day: date) -> date:
    """The last day of the month the day lies in."""
    return next_month(day) - DAY


def next_month(day: date) -> date:
    return (day.replace(day=1) + timedelta(days=32)).replace(day=1)


def month_before(day: date) -> date:
    return first_of(first_of(day) - DAY)


def monday_of(day: date) -> date:
    return day - timedelta(days=day.weekday())


def share_of_months(first: date, last: date) -> float:
    """How many months the days from `first` to `last` make: a whole month is 1, whatever its length."""
    return sum(1 / last_of(day).day for day in days(first, last))


def days(first: date, last: date) -> Iterator[date]:
    """Every day, both ends included."""
    day = first
    while day <= last:
        yield day
        day += DAY
