"""The calendar's frame: which days a month, a week or a day shows, and what falls on each. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from django.utils import timezone

from leads.models import Appointment

WEEK = timedelta(days=7)
DAY = timedelta(days=1)


class Shape(StrEnum):
    MONTH = "month"
    WEEK = "week"
    DAY = "day"


@dataclass(frozen=True)
class Frame:
    """The days on screen, whole weeks from Monday; `inside` are those of the month itself."""

    shape: Shape
    day: date
    first: date
    last: date  # the day after the last one shown

    @property
    def days(self) -> list[date]:
        return [self.first + n * DAY for n in range((self.last - self.first).days)]

    @property
    def before(self) -> date:
        return (self.day.replace(day=1) - DAY).replace(day=1) if self.shape == Shape.MONTH else self.day - self._step

    @property
    def after(self) -> date:
        month_end = self.day.replace(day=28) + timedelta(days=4)
        return month_end.replace(day=1) if self.shape == Shape.MONTH else self.day + self._step

    @property
    def _step(self) -> timedelta:
        return WEEK if self.shape == Shape.WEEK else DAY

    def inside(self, day: date) -> bool:
        return self.shape != Shape.MONTH or day.month == self.day.month


def frame(shape: Shape, day: date) -> Frame:
    if shape == Shape.DAY:
        return Frame(shape, day, day, day + DAY)
    if shape == Shape.WEEK:
        monday = day - day.weekday() * DAY
        return Frame(shape, day, monday, monday + WEEK)
    first = day.replace(day=1)
    monday = first - first.weekday() * DAY
    ends = (first.replace(day=28) + timedelta(days=4)).replace(day=1)
    return Frame(shape, day, monday, ends + ((7 - ends.weekday()) % 7) * DAY)


@dataclass(frozen=True)
class Box:
    """One day of the calendar."""

    day: date
    inside: bool
    today: bool
    appointments: list[Appointment]


def boxes(shown: Frame, appointments: Iterable[Appointment], *, today: date) -> list[Box]:
    """Every day of the frame with its appointments in order, by local day."""
    by_day = _by_day(appointments)
    return [Box(day, shown.inside(day), day == today, by_day.get(day, [])) for day in shown.days]


def _by_day(appointments: Iterable[Appointment]) -> Mapping[date, list[Appointment]]:
    found: dict[date, list[Appointment]] = {}
    for appointment in sorted(appointments, key=lambda one: (one.starts_at, one.pk)):
        found.setdefault(timezone.localtime(appointment.starts_at).date(), []).append(appointment)
    return found
