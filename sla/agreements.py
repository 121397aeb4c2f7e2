"""Which version of the agreement holds when, and which version of the calendar it is measured by."""

from collections.abc import Sequence
from datetime import datetime

from django.utils import timezone

from sla.models import Agreement, CalendarChange


def versions() -> list[Agreement]:
    """All versions, oldest first. Where nobody has entered any, the one of DOMAIN 5 holds."""
    known = list(Agreement.objects.order_by("in_force_from"))
    return known or [Agreement.objects.get_or_create(version=1)[0]]


def in_force(known: Sequence[Agreement], *, at: datetime) -> Agreement:
    """The version that holds on the local day of `at`; before the first, the first."""
    day = timezone.localtime(at).date()
    return next((version for version in reversed(known) if version.in_force_from <= day), known[0])


def calendar_version() -> int:
    """0 until somebody changes the calendar."""
    newest = CalendarChange.objects.order_by("-version").values_list("version", flat=True)
    return newest.first() or 0
