"""When people work: the company's calendar, and who can take a lead right now."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from django.conf import settings

from accounts.models import SpecialDay, User, WorkSpan
from core.business_time import DEFAULT_WEEK, Calendar, Hours, vietnam_closures, vietnam_extra_workdays

YEARS_BACK, YEARS_AHEAD = 2, 2

Span = tuple[int, time, time]  # weekday (0 = Monday), from, to
Day = tuple[date, str, bool]  # day, name, working


@dataclass(frozen=True)
class OfficeHours:
    """What the administrator has entered: office hours, and days unlike their weekday."""

    spans: tuple[Span, ...] = ()
    days: tuple[Day, ...] = ()

    def around(self, at: datetime) -> Calendar:
        """The calendar from two years before to two years after `at`."""
        return build_calendar(self.spans, self.days, year=at.year)


@dataclass(frozen=True, slots=True)
class ListedDay:
    """A day unlike its weekday. `name` is empty for a make-up day the government announced; `own` was entered here."""

    day: date
    name: str
    working: bool
    own: bool

    @property
    def key(self) -> str:
        """The date as forms send it back: 2026-11-23."""
        return self.day.isoformat()


def office_hours() -> OfficeHours:
    """Two small queries; whoever needs calendars of several years reads once and asks `around`."""
    return OfficeHours(
        tuple(WorkSpan.objects.order_by("weekday", "start").values_list("weekday", "start", "end")),
        tuple(SpecialDay.objects.order_by("day").values_list("day", "name", "working")),
    )


def calendar(*, at: datetime) -> Calendar:
    """The company's calendar around `at`: office hours, public holidays, own closures, make-up days."""
    return office_hours().around(at)


@lru_cache(maxsize=32)
def build_calendar(spans: tuple[Span, ...], days: tuple[Day, ...], *, year: int) -> Calendar:
    """A calendar from stored office hours and special days, which win over public holidays and announced make-up days.

    Office hours without any span are the default week. A make-up day has the hours of the longest weekday.
    """
    week = tuple(tuple((s, e) for d, s, e in spans if d == weekday) for weekday in range(7)) if spans else DEFAULT_WEEK
    longest = max(week, key=_length)
    years = range(year - YEARS_BACK, year + YEARS_AHEAD + 1)
    own = {day for day, _name, _working in days}
    closed = {day: name for day, name in vietnam_closures(years).items() if day not in own}
    extra = {day: hours for day, hours in vietnam_extra_workdays(years, hours=longest).items() if day not in own}
    closed |= {day: name for day, name, working in days if not working}
    extra |= {day: longest for day, _name, working in days if working}
    return Calendar(zone=ZoneInfo(settings.TIME_ZONE), week=week, closed=closed, extra=extra)


def listed_days(years: Iterable[int], own: Iterable[Day]) -> list[ListedDay]:
    """The days of these years unlike their weekday, in order: public holidays, make-up days, the company's own."""
    wanted = sorted(set(years))
    found = {day: ListedDay(day, name, working=False, own=False) for day, name in vietnam_closures(wanted).items()}
    found |= {day: ListedDay(day, "", working=True, own=False) for day in vietnam_extra_workdays(wanted)}
    found |= {day: ListedDay(day, name, working, own=True) for day, name, working in own if day.year in wanted}
    return [found[day] for day in sorted(found)]


def is_free(user: User, *, open_handoffs: int, at: datetime, hours: Calendar | None) -> bool:
    """Whether this person can be given a lead now: works here, on duty, under capacity, in hours if the team asks.

    `hours` may be None when no team asks for working hours.
    """
    return (
        user.is_active
        and user.on_duty
        and open_handoffs < user.capacity
        and (hours is None or user.team is None or not user.team.in_hours_only or hours.is_open(at))
    )


def _length(hours: Hours) -> timedelta:
    """A span that ends at 0:00 runs to midnight."""
    return sum((_moment(end, late=True) - _moment(start) for start, end in hours), timedelta())


def _moment(wall: time, *, late: bool = False) -> datetime:
    day = date(2000, 1, 2 if late and wall == time.min else 1)
    return datetime.combine(day, wall, UTC)
