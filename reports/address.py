"""The filters of the reports, for the pages and the API alike: read strictly, and within what the person may see."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _

from accounts.enums import SELLERS, Role
from accounts.models import Team, User
from core.errors import Invalid, NotFound
from core.text import clean, natural
from leads.models import Handoff
from leads.values import joined, several
from reports import periods
from reports.models import ReportPolicy
from reports.periods import Group, Period
from reports.scope import Scope

TEXTS = ("source", "campaign", "product", "city")
NOTHING = '""'


def read(params: Mapping[str, str], *, user: User | None, at: datetime) -> Scope:
    """The scope `period` (a name, or `from` and `to` as days) and the dimensions ask for.

    `source campaign product city` are one value each; `""` means leads without any. A rep reads the own figures and a
    team lead the own team, whatever is asked; `user` None (an integration) reads everything. Raises Invalid with the
    field for a value that can't be, NotFound for a team or person that does not exist or is not theirs.
    """
    team, owner = _id(params, "team"), _id(params, "owner")
    if user is not None and user.role == Role.REP:
        if owner not in {None, user.pk}:
            raise NotFound
        owner = user.pk  # a team only narrows it: the own part of the ranking opens so
    elif user is not None and user.role == Role.TEAM_LEAD:
        if team not in {None, user.team_id}:
            raise NotFound
        team = user.team_id
    if team is not None and not Team.objects.filter(pk=team).exists():
        raise NotFound
    if owner is not None and not _is_theirs(owner, user):
        raise NotFound
    texts: dict[str, Any] = {name: text_of(params.get(name) or "") for name in TEXTS}
    return Scope(period(params, at=at), at, team=team, owner=owner, ranked_in=_ranked_in(user), **texts)


def _ranked_in(user: User | None) -> int | None:
    if user is None or user.role != Role.REP:
        return None
    return user.team_id if ReportPolicy.current().reps_see_ranking else None


def text_of(value: str) -> str | None:
    """The value of a parameter: None where none is given, "" for `""`, and without the quotes of a quoted one."""
    if value.strip() == NOTHING:
        return ""
    found = clean(next(iter(several(value)), "") if value.startswith('"') else value, 120)
    return found or None


def as_param(value: str) -> str:
    """The value as `text_of`, and the filters of the lead list, read it."""
    return joined([value]) if value else NOTHING


def period(params: Mapping[str, str], *, at: datetime) -> Period:
    """`from`/`to` alone mean those days; the default is the last 30. Raises Invalid."""
    key = params.get("period") or ("custom" if params.get("from") or params.get("to") else periods.DEFAULT)
    if key in periods.NAMED:
        return periods.named(key, at=at)
    if key != "custom":
        choices = ", ".join([*periods.NAMED, "custom"])
        raise Invalid(_("Choose from: %(choices)s.") % {"choices": choices}, code="invalid_choice", field="period")
    first, last = _day(params, "from"), _day(params, "to")
    last = last or periods.today(at)
    try:
        return periods.custom(first or last, last)
    except ValueError:
        message = _("The first day comes after the last, or more than five years before it.")
        raise Invalid(message, code="invalid", field="from") from None


def group_by(params: Mapping[str, str]) -> Group | None:
    """`group_by`: day, week or month; None leaves the choice to the report. Raises Invalid."""
    value = params.get("group_by") or ""
    if not value:
        return None
    if value not in set(Group):
        choices = ", ".join(Group)
        raise Invalid(_("Choose from: %(choices)s.") % {"choices": choices}, code="invalid_choice", field="group_by")
    return Group(value)


def _is_theirs(owner: int, user: User | None) -> bool:
    """Whether this is a seller the person may ask about, or was one: who rose, left or changed team keeps a past."""
    own = {"team": user.team_id} if user is not None and user.role == Role.TEAM_LEAD else {}
    sells = User.objects.filter(pk=owner, role__in=SELLERS, **own)
    return sells.exists() or Handoff.objects.filter(owner=owner, **own).exists()


def _id(params: Mapping[str, str], name: str) -> int | None:
    value = params.get(name) or ""
    if not value:
        return None
    if (number := natural(value)) is None:
        raise Invalid(_("This must be a whole number."), code="invalid", field=name)
    return number


def _day(params: Mapping[str, str], name: str) -> date | None:
    value = params.get(name) or ""
    try:
        found = parse_date(value)
    except ValueError:
        found = None
    if value and found is None:
        raise Invalid(_("Write the day as 2026-11-23."), code="invalid", field=name)
    return found
