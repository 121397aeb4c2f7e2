"""What people want no more: heeded at once, whoever acts, until they take it back (DOMAIN 8)."""

from collections.abc import Iterable
from datetime import datetime

from django.utils.translation import gettext as _

from accounts.models import User
from core.errors import Conflict
from leads.enums import NO_CALLS, NO_CARE
from leads.events import Fact, record
from leads.kinds import OBJECTION_MADE
from leads.models import Lead, Objection, PersonRequest
from leads.standing import Standings
from leads.thresholds import in_force
from leads.withdrawing import withdraw_open


def objections_of(lead_id: int) -> list[Objection]:
    """What this person wants no more. Index: objection_once."""
    return list(Objection.objects.filter(lead=lead_id).order_by("to"))


def not_to_be_called(lead_ids: Iterable[int]) -> set[int]:
    """Those among them whom nobody may call. Index: objection_once."""
    return set(Objection.objects.filter(lead__in=lead_ids, to__in=NO_CALLS).values_list("lead", flat=True))


def refuse_call(lead_id: int, *, at: datetime) -> None:
    """Raises Conflict for an outgoing call made at a moment from which on the person wanted none."""
    if Objection.objects.filter(lead=lead_id, to__in=NO_CALLS, at__lte=at).exists():
        message = _("This person objects to being called. Only a call that came in, or one made before, is logged.")
        raise Conflict(message, code="objects_to_calls")


def heed(lead_id: int, request: PersonRequest, *, by: User, at: datetime, rows: Standings) -> None:
    """Withdraws the consent and stops what goes on: no wake-up day, no next call, no open hand-off.

    The caller holds the lead locked.
    """
    to = set(request.objects_to)
    Objection.objects.bulk_create(
        [Objection(lead_id=lead_id, to=one, request=request, at=at) for one in request.objects_to],
        ignore_conflicts=True,
    )
    _withdraw_consent(lead_id, request.objects_to, at=at)
    if to & NO_CARE:
        rows.set_wake(lead_id, on=None)
    if to & NO_CALLS:
        rows.set_next_step(lead_id, at=None)
        if withdraw_open(lead_id, by=by, at=at, rows=rows):
            rows.set_owner(lead_id, owner_id=None, team_id=None)
            rows.set_stage(lead_id, in_force().thresholds.stage(rows[lead_id].score))
    properties = {"request": request.pk, "to": request.objects_to}
    record([Fact(lead_id, OBJECTION_MADE, at, by.pk, properties=properties)], at=at, rows=rows)


def _withdraw_consent(lead_id: int, to: list[str], *, at: datetime) -> None:
    """What was agreed to stays readable, with when it ended and for what."""
    lead = Lead.objects.select_for_update().get(pk=lead_id)
    withdrawn = sorted({*lead.consent.get("withdrawn_for", []), *to})
    lead.consent = {**lead.consent, "withdrawn_at": at.isoformat(), "withdrawn_for": withdrawn}
    lead.save(update_fields=["consent"])
