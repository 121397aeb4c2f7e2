"""Call audits: a sample anybody can draw again, a reviewer's word on each call, and how many were logged wrongly."""

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext as _

from accounts.enums import Role
from accounts.models import User
from accounts.permissions import LEADERS
from core.errors import Conflict, Invalid, NotFound, Refused
from core.text import clean
from leads.models import Call
from sla.agreements import on_day, versions
from sla.models import AuditDraw, AuditedCall
from sla.months import local_day, midnight, monday_of
from sla.news import say_call_reviewed


@dataclass(frozen=True, slots=True)
class Mismatch:
    """How many of the reviewed calls of one rep were logged wrongly."""

    rep: User
    reviewed: int
    wrong: int

    @property
    def rate(self) -> float | None:
        return self.wrong / self.reviewed if self.reviewed else None


def choose(seed: str, calls: Mapping[int, Sequence[int]], *, per_rep: int) -> dict[int, list[int]]:
    """At most so many calls per rep. The same seed and calls give the same sample, whatever their order. Pure."""
    chosen = {}
    for rep, ids in sorted(calls.items()):
        known = sorted(ids)
        dice = random.Random(f"{seed}:{rep}")  # noqa: S311 - to be repeated, not to be secret
        chosen[rep] = sorted(dice.sample(known, min(per_rep, len(known))))
    return chosen


def draw_week(week: date, *, seed: str, at: datetime) -> AuditDraw | None:
    """The sample of the calls made from that Monday on, for seven days; a week is drawn once, if it has any calls.

    Raises Invalid before the week is over.
    """
    monday = monday_of(week)
    if midnight(monday + timedelta(days=7)) > at:
        raise Invalid(_("The week is not over yet."), code="too_early")
    known = AuditDraw.objects.filter(week=monday).first()
    if known:
        return known
    last = _calls(monday).order_by("-pk").values_list("pk", flat=True).first()
    if last is None:
        return None
    with transaction.atomic():
        per_rep = on_day(versions(), monday).audit_calls
        draw, made = AuditDraw.objects.get_or_create(
            week=monday, defaults={"seed": seed, "per_rep": per_rep, "last_call": last, "drawn_at": at}
        )
        if made:
            rows = [
                AuditedCall(draw=draw, rep_id=rep, call_id=call) for rep, ids in sample(draw).items() for call in ids
            ]
            AuditedCall.objects.bulk_create(rows)
    return draw


def draw_last_week(*, seed: str, at: datetime) -> AuditDraw | None:
    return draw_week(monday_of(local_day(at)) - timedelta(days=7), seed=seed, at=at)


def sample(draw: AuditDraw) -> dict[int, list[int]]:
    """What the stored seed draws from the calls as they were logged when it was drawn; later ones change nothing."""
    by_rep: dict[int, list[int]] = {}
    for rep, call in _calls(draw.week).filter(pk__lte=draw.last_call).values_list("by", "pk"):
        by_rep.setdefault(rep, []).append(call)
    return choose(draw.seed, by_rep, per_rep=draw.per_rep)


def _calls(week: date) -> QuerySet[Call]:
    """The calls of a week that somebody made on a hand-off."""
    span = (midnight(week), midnight(week + timedelta(days=7)))
    made = Call.objects.filter(occurred_at__gte=span[0], occurred_at__lt=span[1])
    return made.filter(by__isnull=False, handoff__isnull=False)


def review_call(audited_id: int, *, right: bool, note: str, by: User, at: datetime) -> AuditedCall:
    """The reviewer's word, once. A call that was logged wrongly needs a note.

    Raises Refused for the rep's own calls and for a team lead of another team, Conflict once it is reviewed.
    """
    row = AuditedCall.objects.select_related("rep").filter(pk=audited_id).first()
    if row is None:
        raise NotFound
    if by.role not in LEADERS or by.pk == row.rep_id or (by.is_seller and by.team_id != row.rep.team_id):
        raise Refused(_("You can't review this call."), code="not_the_reviewer")
    text = clean(note, 2000, lines=True)
    if not right and not text:
        raise Invalid(_("Write what was logged wrongly."), code="note_required", field="note")
    waiting = AuditedCall.objects.filter(pk=audited_id, right=None)
    with transaction.atomic():
        if not waiting.update(right=right, note=text, reviewer=by, reviewed_at=at):
            raise Conflict(_("This call has been reviewed."), code="reviewed")
        reviewed = AuditedCall.objects.select_related("draw").get(pk=audited_id)
        say_call_reviewed(reviewed, by=by, at=at)
    return reviewed


def mismatches(*, since: datetime, until: datetime, team: int | None = None) -> list[Mismatch]:
    """Per rep with reviewed calls, by the time of the review; worst first."""
    rows = AuditedCall.objects.filter(reviewed_at__gte=since, reviewed_at__lt=until)
    if team is not None:
        rows = rows.filter(rep__team=team)
    counts = rows.values_list("rep").annotate(n=Count("pk"), wrong=Count("pk", filter=Q(right=False))).order_by()
    found = {rep: (n, wrong) for rep, n, wrong in counts}
    people = User.objects.filter(pk__in=found).select_related("team")
    return sorted((Mismatch(u, *found[u.pk]) for u in people), key=lambda m: (-(m.rate or 0), m.rep.full_name))


def visible_audits(user: User) -> Q:
    """Which audited calls a person may see: a rep the own reviewed ones, a team lead the team's, managers all."""
    if user.role in LEADERS:
        return Q(rep__team=user.team_id) if user.role == Role.TEAM_LEAD else Q()
    return Q(rep=user, right__isnull=False)
