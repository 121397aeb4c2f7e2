"""How the leads were dealt out in a span of time: share, spread, declines, recalls."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, F, Q
from django.db.models.fields.json import KT

from accounts.models import User
from leads.kinds import LEAD_ASSIGNED
from leads.models import Event, Handback, Handoff

BY_TURN = ("rotation", "pool", "recalled", "declined")
SHOWN_REASONS = 50


@dataclass(frozen=True, slots=True)
class RepShare:
    """What one rep got. `by_turn` is what the rotation gave; `per_weight` makes reps of different share comparable."""

    user: User
    by_turn: int
    taken: int
    given: int
    declined: int
    recalled: int
    open_handoffs: int

    @property
    def total(self) -> int:
        return self.by_turn + self.taken + self.given

    @property
    def per_weight(self) -> float:
        return self.by_turn / self.user.weight


@dataclass(frozen=True, slots=True)
class Fairness:
    reps: list[RepShare]
    pool: int
    reasons: list[Handback]

    @property
    def total(self) -> int:
        return sum(rep.total for rep in self.reps)

    def spread(self) -> float | None:
        """The largest minus the smallest number of leads by turn, per share, among reps on duty; None below two."""
        there = [rep.per_weight for rep in self.reps if rep.user.on_duty]
        return max(there) - min(there) if len(there) > 1 else None


def fairness(*, since: datetime, until: datetime, team_id: int | None = None) -> Fairness:
    """For the hand-offs offered in the span, read off the log, so that hand-overs are seen too. Five queries."""
    sellers = User.objects.sellers().select_related("team").order_by("team__name", "full_name", "pk")
    people = list(sellers.filter(team=team_id) if team_id else sellers)
    got = _given(since, until)
    back = _came_back(since, until)
    loads = Handoff.objects.open().filter(owner__in=people).values_list("owner").annotate(n=Count("pk")).order_by()
    taken = dict(loads)
    declines = Handback.objects.filter(at__gte=since, at__lt=until, kind=Handback.Kind.DECLINED, user__in=people)
    reasons = declines.select_related("user", "handoff__lead").order_by("-at", "-pk")[:SHOWN_REASONS]
    reps = [
        RepShare(user, *got.get(user.pk, (0, 0, 0)), *back.get(user.pk, (0, 0)), taken.get(user.pk, 0))
        for user in people
    ]
    waiting = Handoff.objects.pool().filter(team=team_id) if team_id else Handoff.objects.pool()
    return Fairness(reps, waiting.count(), list(reasons))


def _given(since: datetime, until: datetime) -> dict[int, tuple[int, int, int]]:
    """By turn, taken out of the pool, and given by hand, per rep. Indexes: handoff_offered, then event_timeline."""
    offered = Handoff.objects.filter(offered_at__gte=since, offered_at__lt=until)
    rows = (
        Event.objects.filter(lead__in=offered.values("lead"), kind=LEAD_ASSIGNED)
        .filter(occurred_at__gte=since, occurred_at__lt=until)
        .values(to=KT("properties__owner"))
        .annotate(
            turns=Count("pk", filter=Q(properties__why__in=BY_TURN)),
            taken=Count("pk", filter=Q(properties__why="taken")),
            n=Count("pk"),
        )
        .order_by()
    )
    return {int(r["to"]): (r["turns"], r["taken"], r["n"] - r["turns"] - r["taken"]) for r in rows if r["to"]}


def _came_back(since: datetime, until: datetime) -> dict[int, tuple[int, int]]:
    rows = Handback.objects.filter(at__gte=since, at__lt=until).values("user").order_by()
    counts = rows.annotate(
        declined=Count("pk", filter=Q(kind=Handback.Kind.DECLINED)),
        recalled=Count("pk", filter=Q(kind=Handback.Kind.RECALLED)),
        who=F("user"),
    )
    return {row["who"]: (row["declined"], row["recalled"]) for row in counts}
