"""What a notice says, in the active language: each property it carries has its way of being said."""

from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Any

from django.utils.dateparse import parse_date, parse_datetime
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from leads.enums import RequestKind

Say = Callable[[Any], str]
STATES: dict[str, str | Promise] = {
    "upheld": gettext_lazy("the dispute is right"),
    "rejected": gettext_lazy("it stays as it was"),
}


def about(properties: Mapping[str, Any]) -> str:
    """Which agreement, month, week, team, source or person: "Sales HCM · week of 23/11/2026"."""
    return _said(ABOUT, properties)


def detail(properties: Mapping[str, Any]) -> str:
    """Until when, from when, or how it ended: "due 17:30 27/11/2026"."""
    return _said(DETAIL, properties)


def time_of(moment: datetime) -> str:
    local = localtime(moment)
    return f"{date_format(local, 'TIME_FORMAT')} {_date(local)}"


def _said(ways: Mapping[str, Say], properties: Mapping[str, Any]) -> str:
    given = {name: properties.get(name) for name in ways}
    return " · ".join(ways[name](value) for name, value in given.items() if value not in (None, ""))


def _date(day: date) -> str:
    return str(date_format(day, "SHORT_DATE_FORMAT"))


def _day(text: str) -> str:
    day = parse_date(text)
    return _date(day) if day else text


def _moment(text: str) -> str:
    moment = parse_datetime(text)
    return time_of(moment) if moment else text


ABOUT: dict[str, Say] = {
    "version": lambda value: _("version %(number)s") % {"number": value},
    "month": lambda value: f"{value[5:7]}/{value[:4]}",
    "team_name": str,
    "source": str,
    "week": lambda value: _("week of %(day)s") % {"day": _day(value)},
    "person": str,
    "request": lambda value: str(dict(RequestKind.choices).get(value, value)),
    "lead": lambda value: f"#{value}",
}
DETAIL: dict[str, Say] = {
    "in_force_from": lambda value: _("in force from %(day)s") % {"day": _day(value)},
    "due_on": lambda value: _("due %(time)s") % {"time": _day(value)},
    "due_at": lambda value: _("due %(time)s") % {"time": _moment(value)},
    "state": lambda value: str(STATES.get(value, value)),
    "right": lambda value: _("logged right") if value else _("logged wrongly"),
}
