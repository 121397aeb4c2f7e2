"""The filters of the lead list, for the pages and the API alike: an allow-list, read strictly."""

import re
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import TypeVar

from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _

from core.errors import Invalid
from core.text import clean
from leads.enquiry import read_time
from leads.enums import Stage, Status
from leads.models import Standing
from leads.search import search_terms

NOBODY = "none"
LARGEST_ID = 2**63 - 1
LARGEST_SCORE = 2**31 - 1
YES_NO = {"true": True, "1": True, "yes": True, "false": False, "0": False, "no": False}
GRADES = frozenset(f"{fit}{engagement}" for fit in "ABC" for engagement in "123")
SLA_STATES = ("ok", "warning", "breached")

T = TypeVar("T")


def filter_standings(queryset: QuerySet[Standing], params: Mapping[str, str], *, at: datetime) -> QuerySet[Standing]:
    """Narrows standings by the filters of the lead list; parameters it does not know are left alone.

    `status stage owner team source campaign grade sla tag` take several values, comma separated; `owner` and `team`
    also take `none`. `created_after/before` and `mql_after/before` bound a half-open span: from, up to but without;
    a day alone begins at midnight, company time. Raises Invalid, with the field, for a value that can't be.
    """
    for name, condition in CONDITIONS.items():
        if value := (params.get(name) or "").strip():
            queryset = queryset.filter(condition(name, value))
    if states := (params.get("sla") or "").strip():
        queryset = queryset.filter(sla_states("sla", states, at=at))
    return queryset


def several(value: str) -> list[str]:
    """The comma-separated values, without blanks; at most 100."""
    return [part for piece in value.split(",")[:100] if (part := piece.strip())]


def one_of(name: str, value: str, choices: Iterable[str]) -> list[str]:
    """The values, all of them among the choices, or Invalid."""
    allowed, values = list(choices), several(value)
    if not set(values) <= set(allowed):
        message = _("Choose from: %(choices)s.") % {"choices": ", ".join(allowed)}
        raise Invalid(message, code="invalid_choice", field=name)
    return values


def whole(name: str, value: str, *, largest: int) -> int:
    """A whole number from 0 to `largest`, or Invalid."""
    if not re.fullmatch(r"[0-9]{1,19}", value) or int(value) > largest:
        raise Invalid(_("This must be a whole number."), code="invalid", field=name)
    return int(value)


def moment(name: str, value: str) -> datetime:
    """A moment in UTC; a day alone begins at midnight, company time. Raises Invalid."""
    # In an address a plus sign that nobody escaped arrives as a space.
    text = re.sub(r" (\d\d:?\d\d)$", r"+\1", value)
    found = read_time(_midnight(text) or text)
    if found is None:
        message = _("Write the time as 2026-11-23 or 2026-11-23T09:30:00+07:00.")
        raise Invalid(message, code="invalid", field=name)
    return found


def yes_no(name: str, value: str) -> bool:
    answer = YES_NO.get(value.lower())
    if answer is None:
        raise Invalid(_("Answer true or false."), code="invalid", field=name)
    return answer


def ids_or_none(name: str, value: str) -> Q:
    """Rows whose `name` is one of these ids; `none` means nobody. Raises Invalid."""
    given = several(value)
    ids = [whole(name, part, largest=LARGEST_ID) for part in given if part != NOBODY]
    return Q(**{f"{name}__in": ids}) | (Q(**{name: None}) if NOBODY in given else Q())


def sla_states(name: str, value: str, *, at: datetime, prefix: str = "") -> Q:
    """Standings, reached by `prefix`, whose next promise is ok, in warning or breached at `at`; or Invalid."""
    wanted, due, warn = Q(), f"{prefix}sla_due_at", f"{prefix}sla_warn_at"
    running = {
        "breached": Q(**{f"{due}__lte": at}),
        "warning": Q(**{f"{due}__gt": at, f"{warn}__lte": at}),
        "ok": Q(**{f"{due}__gt": at, f"{warn}__gt": at}),
    }
    for state in one_of(name, value, SLA_STATES):
        wanted |= running[state]
    return wanted


def _midnight(text: str) -> datetime | None:
    try:
        day = parse_date(text)
    except ValueError:
        return None
    return timezone.make_aware(datetime(day.year, day.month, day.day)) if day else None  # noqa: DTZ001 - made aware


def _texts(name: str, value: str) -> Q:
    return Q(**{f"{name}__in": [clean(part, 120) for part in several(value)]})


def _tags(_name: str, value: str) -> Q:
    return Q(lead__tags__overlap=[clean(part, 60) for part in several(value)])


def _search(_name: str, value: str) -> Q:
    found = Q()
    for term in search_terms(value[:200]):
        # The column is folded already: a plain LIKE, which its trigram index serves; icontains would hide it.
        found &= Q(lead__search__contains=term)
    return found


CONDITIONS: Mapping[str, Callable[[str, str], Q]] = {
    "status": lambda name, value: Q(status__in=one_of(name, value, Status.values)),
    "stage": lambda name, value: Q(stage__in=one_of(name, value, Stage.values)),
    "grade": lambda name, value: Q(grade__in=one_of(name, value, sorted(GRADES))),
    "owner": ids_or_none,
    "team": ids_or_none,
    "source": _texts,
    "campaign": _texts,
    "score_min": lambda name, value: Q(score__gte=whole(name, value, largest=LARGEST_SCORE)),
    "score_max": lambda name, value: Q(score__lte=whole(name, value, largest=LARGEST_SCORE)),
    "created_after": lambda name, value: Q(created_at__gte=moment(name, value)),
    "created_before": lambda name, value: Q(created_at__lt=moment(name, value)),
    "mql_after": lambda name, value: Q(mql_at__gte=moment(name, value)),
    "mql_before": lambda name, value: Q(mql_at__lt=moment(name, value)),
    "has_open_handoff": lambda name, value: Q(handoff_open=yes_no(name, value)),
    "tag": _tags,
    "q": _search,
}
