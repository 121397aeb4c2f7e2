"""The working calendar as the administrator sets it. Every change is kept, and the running clocks follow it."""

from collections.abc import Sequence
from datetime import date, datetime, time
from itertools import pairwise
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from accounts.availability import Span, office_hours
from accounts.models import SpecialDay, User, WorkSpan
from core.errors import Conflict, Invalid, NotFound
from sla.agreements import calendar_version
from sla.enums import CalendarPart
from sla.models import CalendarChange
from sla.months import local_day
from sla.sweep import follow_calendar


def check_hours(spans: Sequence[Span]) -> None:
    """Raises Invalid, with the weekday in `extra`, when these can't be office hours."""
    if not spans:
        raise Invalid(_("There must be working hours on at least one day."), code="no_hours")
    for weekday, start, end in spans:
        if end <= start:
            raise Invalid(_("Must end after it starts."), code="backwards", extra={"weekday": weekday})
    for (day, _start, end), (next_day, start, _end) in pairwise(sorted(spans)):
        if day == next_day and start < end:
            raise Invalid(_("The second part must begin after the first one."), code="overlap", extra={"weekday": day})


def set_office_hours(spans: Sequence[Span], *, by: User | None, at: datetime) -> int:
    """Replaces the office hours of the week. Returns how many due times moved. Raises Invalid for impossible hours."""
    check_hours(spans)
    with transaction.atomic():
        before = office_hours().spans
        _note(CalendarPart.HOURS, before=_texts(before), after=_texts(sorted(spans)), by=by, at=at)
        WorkSpan.objects.all().delete()
        WorkSpan.objects.bulk_create(WorkSpan(weekday=d, start=s, end=e) for d, s, e in spans)
    return follow_calendar(at=at)


def add_special_day(day: date, *, name: str, working: bool, by: User | None, at: datetime) -> int:
    """A closure of the company's own, or a make-up working day. Returns how many due times moved.

    Raises Conflict when the day is already there, Invalid for one out of reach: before this year, or beyond the next.
    """
    this_year = local_day(at).year
    if not this_year <= day.year <= this_year + 1:
        message = _("Choose a day of this year or the next.")
        raise Invalid(message, code="out_of_reach", field="day")
    with transaction.atomic():
        _made, created = SpecialDay.objects.get_or_create(day=day, defaults={"name": name, "working": working})
        if not created:
            raise Conflict(_("This day is already in the list."), code="day_taken", field="day")
        _note(CalendarPart.DAY, after=[[day.isoformat(), name, working]], by=by, at=at)
    return follow_calendar(at=at)


def remove_special_day(day: date, *, by: User | None, at: datetime) -> int:
    """The day is like its weekday again. Returns how many due times moved. Raises NotFound for a day not listed."""
    with transaction.atomic():
        row = SpecialDay.objects.select_for_update().filter(pk=day).first()
        if row is None:
            raise NotFound
        row.delete()
        _note(CalendarPart.DAY, before=[[day.isoformat(), row.name, row.working]], by=by, at=at)
    return follow_calendar(at=at)


def _note(
    part: CalendarPart, *, by: User | None, at: datetime, before: Sequence[Any] = (), after: Sequence[Any] = ()
) -> None:
    """One more version. Of two changes at the same moment the second is refused, so that versions count up in order."""
    change = CalendarChange(
        version=calendar_version() + 1, part=part, before=list(before), after=list(after), at=at, by=by
    )
    try:
        with transaction.atomic():
            change.save(force_insert=True)
    except IntegrityError as error:
        raise Conflict(_("Somebody else has just changed the calendar."), code="calendar_changed") from error


def _texts(spans: Sequence[Span]) -> list[list[int | str]]:
    return [[weekday, _text(start), _text(end)] for weekday, start, end in spans]


def _text(wall: time) -> str:
    return f"{wall:%H:%M}"
