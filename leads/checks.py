"""What must always be true of leads, hand-offs and owners. One line per violation."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from django.db.models import Count, Exists, F, OuterRef, Q

from core.due import stuck
from leads.enums import Outcome, Stage
from leads.models import Handoff, Lead, Standing, Submission

STUCK_AFTER = timedelta(minutes=10)


def violations(*, at: datetime) -> Iterator[str]:
    """Yields what is wrong; nothing on a healthy database."""
    yield from _leads_without_standing()
    yield from _handoffs_and_standings_disagree()
    yield from _owners_disagree()
    yield from _won_disagree()
    for submission in stuck(Submission.objects.all(), at=at, after=STUCK_AFTER)[:20]:
        yield f"submission {submission.pk} has been waiting since {submission.due_at:%Y-%m-%d %H:%M}"


def _leads_without_standing() -> Iterator[str]:
    for pk in Lead.objects.live().filter(standing=None).values_list("pk", flat=True)[:20]:
        yield f"lead {pk} has no standing"
    created = Lead.objects.annotate(n=Count("events", filter=Q(events__kind="lead.created"))).exclude(n=1)
    for pk in created.values_list("pk", flat=True)[:20]:
        yield f"lead {pk} was not created exactly once"


def _handoffs_and_standings_disagree() -> Iterator[str]:
    open_here = Handoff.objects.filter(lead=OuterRef("pk"), outcome=Outcome.OPEN)
    wrong = Standing.objects.annotate(has=Exists(open_here)).exclude(has=F("handoff_open"))
    for pk in wrong.values_list("pk", flat=True)[:20]:
        yield f"lead {pk}: standing and hand-offs disagree on whether one is open"
    stale = Standing.objects.filter(stage__in=[Stage.MQL, Stage.PQL], handoff_open=False)
    for pk in stale.values_list("pk", flat=True)[:20]:
        yield f"lead {pk} is an MQL without an open hand-off"


def _owners_disagree() -> Iterator[str]:
    wrong = (
        Handoff.objects.open()
        .exclude(owner=F("lead__standing__owner"))
        .filter(Q(owner__isnull=False) | Q(lead__standing__owner__isnull=False))
    )
    for pk in wrong.values_list("pk", flat=True)[:20]:
        yield f"hand-off {pk} and its lead have different owners"


def _won_disagree() -> Iterator[str]:
    wrong = Standing.objects.filter(status="won").exclude(handoff__revenue=F("won_amount"))
    for pk in wrong.values_list("pk", flat=True)[:20]:
        yield f"lead {pk} is won, but its hand-off says otherwise"
