"""Business time: how long the teams were really on duty, and when a promise made in working hours falls due.

Instants go in and come out as aware UTC datetimes; opening hours are wall-clock times of the calendar's zone.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import holidays

Hours = tuple[tuple[time, time], ...]
Spans = tuple[tuple[datetime, datetime], ...]

MORNING = (time(8), time(12))
DEFAULT_DAY: Hours = (MORNING, (time(13), time(17, 30)))
DEFAULT_WEEK: tuple[Hours, ...] = (*[DEFAULT_DAY] * 5, (), ())

_DAY = timedelta(days=1)
_NONE = timedelta(0)
_SEARCH_DAYS = 400


class NeverOpenError(ValueError):
    """The calendar has no opening hours within 400 days."""


@dataclass(frozen=True)
class Calendar:
    """Opening hours per weekday (Monday first), closed days by name, and days with hours of their own.

    `extra` (make-up working days, short days) wins over `closed`. A span that ends at 0:00 runs to midnight.
    ValueError for a week that is not seven days, or hours out of order; for naive datetimes everywhere.
    """

    zone: ZoneInfo
    week: tuple[Hours, ...] = DEFAULT_WEEK
    closed: Mapping[date, str] = field(default_factory=dict)
    extra: Mapping[date, Hours] = field(default_factory=dict)
    _known: dict[date, Spans] = field(default_factory=dict, init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        if len(self.week) != 7:
            raise ValueError("A week has seven days of opening hours.")
        for hours in (*self.week, *self.extra.values()):
            _check(hours)

    def spans(self, day: date) -> Spans:
        """The open spans of a local day, as UTC instants."""
        known = self._known.get(day)
        if known is None:
            known = self._known[day] = tuple(self._instants(day))
        return known

    def is_open(self, at: datetime) -> bool:
        """Openings count as open, closing instants as closed."""
        return any(start <= at < end for start, end in self.spans(self._day_of(at)))

    def next_open(self, at: datetime) -> datetime:
        """`at` itself when open, else the next opening."""
        for start, end in self._spans_from(at):
            if at < end:
                return max(at, start)
        raise NeverOpenError(at)

    def add(self, start: datetime, amount: timedelta) -> datetime:
        """The instant at which `amount` of business time has passed.

        A start outside hours counts from the next opening. An amount that fills a span ends at its closing
        instant, not at the next opening. ValueError for a negative amount.
        """
        if amount < _NONE:
            raise ValueError("Business time only runs forward.")
        for opening, end in self._spans_from(start):
            if end < start:
                continue
            begin = max(opening, start)
            if amount <= end - begin:
                return begin + amount
            amount -= end - begin
        raise NeverOpenError(start)

    def elapsed(self, start: datetime, end: datetime) -> timedelta:
        """Business time between two instants; zero when `end` is not after `start`."""
        total = _NONE
        last = self._day_of(end)
        day = self._day_of(start)
        while day <= last:
            for opening, close in self.spans(day):
                total += max(min(close, end) - max(opening, start), _NONE)
            day += _DAY
        return total

    def add_days(self, start: datetime, days: int) -> datetime:
        """The same time of day, `days` business days on; by that day's closing if it closes earlier."""
        at = self.add(start, _NONE)
        if days < 0:
            raise ValueError("Business days only run forward.")
        if not days:
            return at
        local = at.astimezone(self.zone)
        day = local.date()
        for _ in range(days):
            day = self._next_business_day(day)
        same_time = datetime.combine(day, local.time(), self.zone).astimezone(UTC)
        return min(self.add(same_time, _NONE), self.spans(day)[-1][1])

    def _day_of(self, at: datetime) -> date:
        if at.tzinfo is None:
            raise ValueError("Business time needs a time zone on every instant.")
        return at.astimezone(self.zone).date()

    def _hours(self, day: date) -> Hours:
        own = self.extra.get(day)
        if own is not None:
            return own
        return () if day in self.closed else self.week[day.weekday()]

    def _instants(self, day: date) -> Iterator[tuple[datetime, datetime]]:
        """Clipped to follow one another: a clock change may fold two spans' wall times together."""
        latest = self._instant(day, time.min)
        for opening, closing in self._hours(day):
            start = max(self._instant(day, opening), latest)
            latest = self._instant(day if closing > time.min else day + _DAY, closing)
            if start < latest:
                yield start, latest

    def _instant(self, day: date, wall: time) -> datetime:
        return datetime.combine(day, wall, self.zone).astimezone(UTC)

    def _spans_from(self, at: datetime) -> Iterator[tuple[datetime, datetime]]:
        """Every span from the local day `at` belongs to, or ends; stops after 400 days in a row without one."""
        day = self._day_of(at - timedelta.resolution)  # a span may close at the midnight that `at` is
        idle = 0
        while idle < _SEARCH_DAYS:
            spans = self.spans(day)
            idle = 0 if spans else idle + 1
            yield from spans
            day += _DAY

    def _next_business_day(self, day: date) -> date:
        for ahead in range(1, _SEARCH_DAYS + 1):
            if self.spans(day + ahead * _DAY):
                return day + ahead * _DAY
        raise NeverOpenError(day)


def _check(hours: Hours) -> None:
    if any(start >= end != time.min for start, end in hours):
        raise ValueError("Opening hours must end after they start.")
    if any(start < end or end == time.min for (_, end), (start, _) in pairwise(hours)):
        raise ValueError("Opening hours must follow one another.")


def vietnam_closures(years: Iterable[int]) -> dict[date, str]:
    """Public holidays with their Vietnamese names: Tết, days in lieu and swapped days (source: holidays)."""
    known = holidays.country_holidays("VN", years=sorted(set(years)), expand=False, language="vi")
    return dict(sorted(known.items()))


def vietnam_extra_workdays(years: Iterable[int], *, hours: Hours = DEFAULT_DAY) -> dict[date, Hours]:
    """Weekend days the government swapped for a day off, each with `hours`: the `extra` of a Calendar.

    The library knows those announced when it was released; later ones are entered by an administrator.
    """
    wanted = set(years)
    # A day off in one year may be made up for in the year before or after it.
    around = sorted({near for year in wanted for near in (year - 1, year, year + 1)})
    known = holidays.country_holidays("VN", years=around, expand=False)
    return {day: hours for day in sorted(known.weekend_workdays) if day.year in wanted}
