"""Which version of the agreement holds when, and which version of the calendar it is measured by."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any, NamedTuple

from django.utils import timezone

from accounts.availability import OfficeHours, office_hours
from core.statements import run
from leads.models import Policy
from sla import sql
from sla.enums import AgreementState
from sla.models import Agreement, CalendarChange

# The terms that the lead's life itself follows.
WORKED_BY = ("sql_rule", "bant_minimum", "attempts", "retry_hours", "care_days", "recall_hours", "recalls")


def versions() -> list[Agreement]:
    """All agreed versions, oldest first. Where nobody has entered any, the one of DOMAIN 5 holds."""
    known = list(Agreement.objects.filter(state=AgreementState.AGREED).order_by("in_force_from"))
    return known or [Agreement.objects.get_or_create(version=1)[0]]


class Measures(NamedTuple):
    """What promises are measured by: agreed versions, calendar version and hours. Shared: nobody changes them."""

    known: Sequence[Agreement]
    calendar_version: int
    office: OfficeHours


_read: dict[tuple[Any, ...], Measures] = {}


def measures() -> Measures:
    """The measures now, read once per process: one small statement shows whether anything has changed since.

    It is asked before the hours: at worst a clock is wound a second time, never left with old hours.
    """
    (marks,) = run(sql.FINGERPRINT)
    found = _read.get(marks)
    if found is None:
        found = Measures(versions(), marks[1], office_hours())
        _read.clear()
        if marks[0]:  # without any agreed version the first one has only just been entered
            _read[marks] = found
    return found


def draft() -> Agreement | None:
    """The version being drafted, if there is one."""
    people = ("signed_by_marketing", "signed_by_sales")
    return Agreement.objects.filter(state=AgreementState.DRAFT).select_related(*people).first()


def in_force(known: Sequence[Agreement], *, at: datetime) -> Agreement:
    """The version that holds on the local day of `at`; before the first, the first."""
    return on_day(known, timezone.localtime(at).date())


def on_day(known: Sequence[Agreement], day: date) -> Agreement:
    """The version that holds on a local day."""
    return next((v for v in reversed(known) if v.in_force_from and v.in_force_from <= day), known[0])


def put_in_force(*, at: datetime) -> bool:
    """Lets the lead's own life follow the version in force now. Idempotent; True when something changed."""
    now = in_force(versions(), at=at)
    wanted, policy = {name: getattr(now, name) for name in WORKED_BY}, Policy.current()
    if now.signed_by_sales_id is None or all(getattr(policy, name) == value for name, value in wanted.items()):
        return False
    Policy.objects.update_or_create(pk=1, defaults=wanted)
    return True


def calendar_version() -> int:
    """0 until somebody changes the calendar."""
    newest = CalendarChange.objects.order_by("-version").values_list("version", flat=True)
    return newest.first() or 0
