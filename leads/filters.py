"""The filters of the lead list, for the pages and the API alike: an allow-list, read strictly."""

import re
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime, timedelta
from typing import TypeVar

from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _

from core.errors import Invalid
from core.text import clean
from leads.custom_filters import CUSTOM, custom_condition
from leads.enquiry import read_time
from leads.enums import Outcome, Stage, Status
from leads.models import Standing
from leads.search import search_condition
from leads.values import several

NOBODY = "none"
LARGEST_ID = 2**63 - 1
LARGEST_SCORE = 2**31 - 1
YES_NO = {"true": True, "1": True, "yes": True, "false": False, "0": False, "no": False}
GRADES = frozenset(f"{fit}{engagement}" for fit in "ABC" for engagement in "123")
SLA_STATES = ("ok", "warning", "breached")
LONGEST_QUIET = 36_500  # days
SEVERAL = (
    "status", "stage", "grade", "sla", "outcome", "owner", "team", "source", "campaign", "product", "city", "tag",
)  # fmt: skip

OF_LEAD = frozenset({"campaign", "product", "city", "tag", "q"})  # what is looked up in the lead itself

T = TypeVar("T")


def filter_standings(queryset: QuerySet[Standing], params: Mapping[str, str], *, at: datetime) -> QuerySet[Standing]:
    """Narrows standings by the filters of the lead list; parameters it does not know are left alone.

    Those in SEVERAL take several values, comma separated, a value with a comma in double quotes; `owner`, `team` and
    `outcome` also take `none`. `..._after` and `..._before` bound a half-open span: from, up to but without; a day
    alone begins at midnight, company time. `custom.<key>` asks for one of the administrator's own fields.
    Raises Invalid, with the field, for a value that can't be.
    """
    for name, condition in CONDITIONS.items():
        if value := (params.get(name) or "").strip():
            queryset = queryset.filter(condition(name, value))
    for name, timed in TIMED.items():
        if value := (params.get(name) or "").strip():
            queryset = queryset.filter(timed(name, value, at))
    own = {name: text for name in params if name.startswith(CUSTOM) and (text := (params[name] or "").strip())}
    return queryset.filter(custom_condition(own)) if own else queryset


def of_standing(params: Mapping[str, str]) -> dict[str, str]:
    """Those of the filters that ask nothing of the lead itself, so that a list can walk by them."""
    return {name: value for name, value in params.items() if name not in OF_LEAD and not name.startswith(CUSTOM)}


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


def outcomes(name: str, value: str) -> Q:
    """Leads whose current hand-off stands so; `none`: never handed over. Raises Invalid."""
    given = one_of(name, value, [NOBODY, *Outcome.values])
    return Q(outcome__in=["" if outcome == NOBODY else outcome for outcome in given])


def quiet(name: str, value: str, at: datetime) -> Q:
    """Leads that have done nothing for so many days; who never did anything counts from arrival. Raises Invalid."""
    since = at - timedelta(days=whole(name, value, largest=LONGEST_QUIET))
    # Arriving is an action, so the second half says nothing new, but an index can begin where it says.
    return (Q(last_activity_at__lt=since) | Q(last_activity_at=None)) & Q(created_at__lt=since)


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


def _texts(path: str) -> Callable[[str, str], Q]:
    return lambda _name, value: Q(**{f"{path}__in": [clean(part, 120) for part in several(value)]})


def _since(path: str) -> Callable[[str, str], Q]:
    return lambda name, value: Q(**{f"{path}__gte": moment(name, value)})


def _until(path: str) -> Callable[[str, str], Q]:
    return lambda name, value: Q(**{f"{path}__lt": moment(name, value)})


def _last_seen_until(name: str, value: str) -> Q:
    # Arriving is an action, so the second half says nothing new, but an index can begin where it says.
    until = moment(name, value)
    return Q(last_activity_at__lt=until, created_at__lt=until)


def _tags(_name: str, value: str) -> Q:
    return Q(lead__tags__overlap=[clean(part, 60) for part in several(value)])


CONDITIONS: Mapping[str, Callable[[str, str], Q]] = {
    "status": lambda name, value: Q(status__in=one_of(name, value, Status.values)),
    "stage": lambda name, value: Q(stage__in=one_of(name, value, Stage.values)),
    "grade": lambda name, value: Q(grade__in=one_of(name, value, sorted(GRADES))),
    "owner": ids_or_none,
    "team": ids_or_none,
    "source": _texts("source"),
    "campaign": _texts("lead__campaign"),
    "product": _texts("lead__product"),
    "city": _texts("lead__city"),
    "outcome": outcomes,
    "score_min": lambda name, value: Q(score__gte=whole(name, value, largest=LARGEST_SCORE)),
    "score_max": lambda name, value: Q(score__lte=whole(name, value, largest=LARGEST_SCORE)),
    "created_after": _since("created_at"),
    "created_before": _until("created_at"),
    "mql_after": _since("mql_at"),
    "mql_before": _until("mql_at"),
    "active_after": _since("last_activity_at"),
    "active_before": _last_seen_until,
    "has_open_handoff": lambda name, value: Q(outcome=Outcome.OPEN) if yes_no(name, value) else Q(handoff_open=False),
    "tag": _tags,
    "q": lambda _name, value: search_condition(value),
}
TIMED: Mapping[str, Callable[[str, str, datetime], Q]] = {
    "sla": lambda name, value, at: sla_states(name, value, at=at),
    "quiet_days": quiet,
}
NAMES = (*CONDITIONS, *TIMED)
