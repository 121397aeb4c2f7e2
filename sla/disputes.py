"""A breach or a verdict somebody does not agree with: raised with a reason, decided by a manager, on record."""

from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from accounts.enums import MANAGERS
from accounts.models import User
from core.errors import Conflict, Invalid, NotFound, Refused
from core.text import clean
from leads.events import Fact, record
from leads.standing import lock
from sla.enums import DisputeState
from sla.kinds import SLA_DISPUTE_DECIDED, SLA_DISPUTED
from sla.models import Clock, Dispute, Verdict
from sla.news import say_verdict_decided, say_verdict_disputed

LONGEST = 2000


def dispute_breach(clock_id: int, *, by: User, at: datetime, reason: str) -> Dispute:
    """Raises Conflict for a promise that was not broken or is disputed already, Invalid without a reason."""
    why = _reason(reason)
    clock = Clock.objects.filter(pk=clock_id).first()
    if clock is None:
        raise NotFound
    if clock.breached_at is None:
        raise Conflict(_("This promise was not broken."), code="not_broken")
    with lock([clock.lead_id]) as rows:
        dispute = _raised(Dispute(clock=clock, reason=why, raised_by=by, raised_at=at))
        properties = {**_about(dispute, clock), "reason": why}
        record([Fact(clock.lead_id, SLA_DISPUTED, at, by.pk, properties=properties)], at=at, rows=rows)
    return dispute


def dispute_verdict(verdict_id: int, *, by: User, at: datetime, reason: str) -> Dispute:
    """The same for the verdict of a closed month."""
    why = _reason(reason)
    verdict = Verdict.objects.select_related("team").filter(pk=verdict_id).first()
    if verdict is None:
        raise NotFound
    with transaction.atomic():
        dispute = _raised(Dispute(verdict=verdict, reason=why, raised_by=by, raised_at=at))
        say_verdict_disputed(dispute, by=by, at=at)
    return dispute


def decide_dispute(dispute_id: int, *, right: bool, by: User, at: datetime, note: str) -> Dispute:
    """A breach whose dispute is right no longer counts against anybody.

    Raises Refused for whoever raised it and for anybody but a manager, Conflict when it is decided already.
    """
    why = _reason(note)
    if by.role not in MANAGERS:
        raise Refused(_("A manager decides disputes."), code="not_a_manager")
    state = DisputeState.UPHELD if right else DisputeState.REJECTED
    with transaction.atomic():
        open_ones = Dispute.objects.filter(pk=dispute_id, state=DisputeState.OPEN)
        if open_ones.filter(raised_by=by).exists():
            raise Refused(_("Somebody else has to decide what you raised yourself."), code="own_dispute")
        if not open_ones.update(state=state, decided_by=by, decided_at=at, note=why):
            raise Conflict(_("This dispute has been decided."), code="decided")
        dispute = Dispute.objects.select_related("clock", "verdict__team").get(pk=dispute_id)
        _tell(dispute, by=by, at=at)
    return dispute


def _raised(dispute: Dispute) -> Dispute:
    try:
        with transaction.atomic():
            dispute.save(force_insert=True)
    except IntegrityError as error:
        raise Conflict(_("This is disputed already."), code="disputed") from error
    return dispute


def _tell(dispute: Dispute, *, by: User, at: datetime) -> None:
    clock = dispute.clock
    if clock is None:
        say_verdict_decided(dispute, by=by, at=at)
    else:
        with lock([clock.lead_id]) as rows:
            properties = {**_about(dispute, clock), "state": dispute.state, "note": dispute.note}
            record([Fact(clock.lead_id, SLA_DISPUTE_DECIDED, at, by.pk, properties=properties)], at=at, rows=rows)


def _about(dispute: Dispute, clock: Clock) -> dict[str, object]:
    return {
        "dispute": dispute.pk,
        "handoff": clock.handoff_id,
        "promise": clock.promise,
        "owner": clock.breach_owner_id,
        "team": clock.breach_team_id,
        "raised_by": dispute.raised_by_id,
    }


def _reason(text: str) -> str:
    why = clean(text, LONGEST, lines=True)
    if not why:
        raise Invalid(_("Write why."), code="reason_required", field="reason")
    return why
