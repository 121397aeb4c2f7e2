"""What must always be true of clocks, hand-offs and standings. One line per violation."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from django.db.models import Count, F, Min, OuterRef, Q, Subquery

from leads.enums import Outcome
from leads.models import Handoff, Standing
from sla.enums import Promise
from sla.models import Clock

SHOWN = 20
LATEST_SWEEP = timedelta(minutes=5)


def violations(*, at: datetime) -> Iterator[str]:
    """Yields what is wrong; nothing on a healthy database."""
    yield from _handoffs_without_clock()
    yield from _clocks_without_handoff()
    yield from _standings_disagree()
    yield from _owners_disagree()
    for clock in (
        Clock.objects.due(at=at - LATEST_SWEEP).filter(due_at__lte=at - LATEST_SWEEP).order_by("due_at")[:SHOWN]
    ):
        yield f"clock {clock.pk} is overdue since {clock.due_at:%Y-%m-%d %H:%M}, and no sweep has said so"


def _handoffs_without_clock() -> Iterator[str]:
    clocks = Clock.objects.filter(handoff=OuterRef("pk"), promise=Promise.FIRST_TOUCH).order_by().values("handoff")
    running = Subquery(clocks.filter(stopped_at=None).annotate(n=Count("pk")).values("n"))
    wrong = (
        Handoff.objects.open()
        .annotate(running=running)
        .filter(Q(first_touch_at=None, running=None) | Q(first_touch_at__isnull=False, running__isnull=False))
    )
    for handoff in wrong.order_by("pk")[:SHOWN]:
        state = "has been touched, but its clock runs" if handoff.first_touch_at else "waits without a clock"
        yield f"open hand-off {handoff.pk} {state}"


def _clocks_without_handoff() -> Iterator[str]:
    accepted = Q(promise=Promise.CARE, handoff__outcome=Outcome.ACCEPTED)
    wrong = Clock.objects.running().exclude(accepted).exclude(~Q(promise=Promise.CARE), handoff__outcome=Outcome.OPEN)
    for clock in wrong.order_by("pk")[:SHOWN]:
        yield f"clock {clock.pk} runs, but hand-off {clock.handoff_id} is decided"


def _standings_disagree() -> Iterator[str]:
    running = Clock.objects.running().filter(lead=OuterRef("pk"), paused_at=None).order_by().values("lead")
    soonest = Subquery(running.annotate(due=Min("due_at")).values("due"))
    wrong = (
        Standing.objects.annotate(soonest=soonest)
        .exclude(sla_due_at=None, soonest=None)
        .exclude(sla_due_at=F("soonest"), soonest__isnull=False)
    )
    for pk in wrong.order_by("pk").values_list("pk", flat=True)[:SHOWN]:
        yield f"lead {pk}: the standing shows another due time than the clock"


def _owners_disagree() -> Iterator[str]:
    wrong = (
        Clock.objects.running()
        .exclude(owner=F("lead__standing__owner"))
        .filter(Q(owner__isnull=False) | Q(lead__standing__owner__isnull=False))
    )
    for clock in wrong.order_by("pk")[:SHOWN]:
        yield f"clock {clock.pk} and its lead {clock.lead_id} have different owners"
