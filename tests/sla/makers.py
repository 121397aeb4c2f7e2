"""Hand-offs whose clocks run, through the acts of the leads room."""

from datetime import datetime, timedelta

from accounts.models import User
from leads.enums import HandoffKind
from leads.handoffs import Crossing, open_handoffs
from leads.models import Handoff, Lead
from leads.standing import lock
from sla.models import Clock, EscalationStep
from tests.factories import NOW, make_lead

MINUTE = timedelta(minutes=1)


def offer(*leads: Lead, at: datetime = NOW, score: int = 80, whole: bool = False) -> list[Handoff]:
    """Hands the leads over in one batch; to whoever is free, else to the queue.

    The clock of the first touch alone runs, unless the `whole` agreement is asked for.
    """
    with lock([lead.pk for lead in leads]) as rows:
        for lead in leads:
            rows.set_score(lead.pk, score=score, fit=0, grade="C1")
        crossings = [Crossing(lead.pk, HandoffKind.MQL, 1) for lead in leads]
        handoffs = open_handoffs(crossings, at=at, rows=rows)
        if not whole:
            Clock.objects.exclude(promise="first_touch").delete()
            EscalationStep.objects.all().delete()
        return handoffs


def make_clock(*, at: datetime = NOW, score: int = 80) -> Clock:
    """The clock of one lead just handed over."""
    (handoff,) = offer(make_lead(at=at), at=at, score=score)
    return Clock.objects.get(handoff=handoff, promise="first_touch")


def said(clock: Clock) -> list[str]:
    """What the log says about this clock's lead, SLA only, in order."""
    events = clock.lead.events.filter(kind__startswith="sla.").order_by("pk")
    return list(events.values_list("kind", flat=True))


def owner_of(clock: Clock) -> User | None:
    clock.refresh_from_db()
    return clock.owner
