"""What must always be true of leads, hand-offs and owners. One line per violation."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from django.db.models import BigIntegerField, Count, Exists, F, Max, OuterRef, Q, Subquery, Value
from django.db.models.fields.json import KT
from django.db.models.functions import Cast, Coalesce

from core.due import stuck
from leads.assigning.fairness import BY_TURN
from leads.enums import Outcome, Stage
from leads.kinds import HANDOFF_DECLINED, HANDOFF_RECALLED, LEAD_ASSIGNED
from leads.models import Event, Handback, Handoff, Lead, Standing, Submission

STUCK_AFTER = timedelta(minutes=10)


def violations(*, at: datetime) -> Iterator[str]:
    """Yields what is wrong; nothing on a healthy database."""
    yield from _leads_without_standing()
    yield from _handoffs_and_standings_disagree()
    yield from _owners_disagree()
    yield from _won_disagree()
    yield from _handbacks_lost_or_doubled()
    yield from _given_back_in_vain()
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
    other = Standing.objects.exclude(outcome=Coalesce("handoff__outcome", Value("")))
    for pk in other.values_list("pk", flat=True)[:20]:
        yield f"lead {pk}: standing and hand-off disagree on what came of it"
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


def _handbacks_lost_or_doubled() -> Iterator[str]:
    """They are numbered per hand-off and kind, and the number of recalls decides when the manager is asked."""
    groups = Handback.objects.order_by("handoff", "kind").values("handoff", "kind")
    wrong = groups.annotate(n=Count("pk"), last=Max("number")).exclude(n=F("last"))
    for handoff, kind, n, last in wrong.values_list("handoff", "kind", "n", "last")[:20]:
        yield f"hand-off {handoff} was {kind} {n} times, but the last is number {last}"


def _given_back_in_vain() -> Iterator[str]:
    """By itself an open hand-off never returns to whoever gave it back or lost it; a leader may give it.

    The order is that of the log: a hand-off is given back and dealt again in the same instant.
    """
    of, to = (Cast(KT(f"properties__{name}"), BigIntegerField()) for name in ("handoff", "owner"))
    told = Event.objects.filter(lead=OuterRef("handoff__lead")).annotate(of=of, to=to)
    told = told.filter(of=OuterRef("handoff"), to=OuterRef("user")).order_by("-pk")
    back = Handback.objects.filter(handoff__outcome=Outcome.OPEN, handoff__owner=F("user")).annotate(
        gave=Subquery(told.filter(kind__in=[HANDOFF_DECLINED, HANDOFF_RECALLED]).values("pk")[:1]),
        dealt=Subquery(told.filter(kind=LEAD_ASSIGNED, properties__why__in=BY_TURN).values("pk")[:1]),
    )
    for handoff, user in back.filter(dealt__gt=F("gave")).order_by("pk").values_list("handoff", "user")[:20]:
        yield f"hand-off {handoff} was dealt to {user} again, who had given it back or lost it"
