"""What the administrator fills in on the agreement page."""

from collections.abc import Iterator
from datetime import time
from typing import Any, NamedTuple

from django import forms
from django.forms import BoundField
from django.utils.dates import WEEKDAYS
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.availability import Span
from accounts.models import SpecialDay
from core.errors import Invalid
from core.typed import NameField
from sla.office import check_hours

PARTS = (1, 2)
EDGES = (("from", _("from")), ("to", _("to")))


class WeekdayRow(NamedTuple):
    """One weekday of the form: its name, its four fields, and what is wrong with them together."""

    name: str | Promise
    fields: list[BoundField]
    errors: list[str]


def _time_field(label: str) -> forms.TimeField:
    widget = forms.TimeInput(format="%H:%M", attrs={"type": "time", "step": 300, "class": "form-control"})
    return forms.TimeField(required=False, widget=widget, label=label, input_formats=["%H:%M", "%H:%M:%S"])


class OfficeHoursForm(forms.Form):
    """Up to two parts of a day for each weekday; both ends of a part, or neither."""

    def __init__(self, *args: Any, spans: tuple[Span, ...] = (), **kwargs: Any) -> None:
        self.spans: list[Span] = []
        super().__init__(*args, **kwargs)
        for weekday in range(7):
            known = [(start, end) for day, start, end in spans if day == weekday]
            for part in PARTS:
                given = known[part - 1] if len(known) >= part else ("", "")
                for (edge, label), value in zip(EDGES, given, strict=True):
                    name = _name(weekday, part, edge)
                    self.fields[name] = _time_field(f"{WEEKDAYS[weekday]}, {part}: {label}")
                    self.initial[name] = value

    def rows(self) -> Iterator[WeekdayRow]:
        """The week for the template; errors of a weekday as a whole are on its first field."""
        for weekday in range(7):
            fields = [self[_name(weekday, part, edge)] for part in PARTS for edge, _label in EDGES]
            yield WeekdayRow(WEEKDAYS[weekday], fields, [str(error) for bound in fields for error in bound.errors])

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        for weekday in range(7):
            for part in PARTS:
                self._take(weekday, part, cleaned)
        if not self.errors:
            self._check()
        return cleaned

    def _take(self, weekday: int, part: int, cleaned: dict[str, Any]) -> None:
        start, end = (cleaned.get(_name(weekday, part, edge)) for edge, _label in EDGES)
        if isinstance(start, time) and isinstance(end, time):
            self.spans.append((weekday, start, end))
        elif start or end:
            self.add_error(_name(weekday, 1, "from"), _("Enter both times, or neither."))

    def _check(self) -> None:
        try:
            check_hours(self.spans)
        except Invalid as error:
            weekday = error.extra.get("weekday")
            self.add_error(None if weekday is None else _name(weekday, 1, "from"), str(error))


def _name(weekday: int, part: int, edge: str) -> str:
    return f"d{weekday}_{part}_{edge}"


class SpecialDayForm(forms.ModelForm[SpecialDay]):
    """A closure of the company's own, or a make-up working day."""

    class Meta:
        model = SpecialDay
        fields = ("day", "name", "working")
        field_classes = {"name": NameField}
        widgets = {"day": forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})}
        labels = {"working": _("We work on this day (a make-up day)")}
        error_messages = {"day": {"unique": _("This day is already in the list.")}}


class DayForm(forms.Form):
    """Names one day of the list."""

    day = forms.DateField(input_formats=["%Y-%m-%d"])
