"""What the pages show, each in a fixed number of queries. Rows are only those the person may see."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from math import inf
from typing import Any, NamedTuple

import orjson
from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce, Greatest

from accounts.enums import SELLERS, Role, Side
from accounts.models import Team, User
from leads import sql
from leads.enums import NO_CALLS, NO_CARE, AppointmentOutcome, Outcome, Stage
from leads.models import Appointment, Call, Handoff, Lead, Objection, Policy, Standing
from leads.queue import Day, Row, Section, sections
from leads.thresholds import in_force

Choices = list[tuple[str, str]]
COUNT_LIMIT = 10_000
QUEUE_LIMIT = 1000
POOL_LIMIT = 50
NEAR_LIMIT = 12


@dataclass(frozen=True)
class Counted:
    """How many there are; `more` when it is an estimate, above 10,000."""

    total: int
    more: bool


@dataclass(frozen=True)
class Offers:
    """What a filter bar can choose from: (value, words) of owners, teams and sources."""

    owners: Choices
    teams: Choices
    sources: Choices


def counted(rows: QuerySet[Standing] | QuerySet[Handoff], *, budget: float = inf) -> Counted:
    """Counts up to 10,000: beyond that the exact number helps nobody, and the planner's estimate costs nothing.

    `budget` is what finding them all may cost, in the planner's units; dearer counts are estimated too.
    """
    bare = rows.select_related(None).order_by()
    plan = estimated(bare)
    if plan.cost > budget:
        return Counted(rounded(plan.rows), more=True)
    if plan.rows <= COUNT_LIMIT:
        total = bare[: COUNT_LIMIT + 1].count()
        if total <= COUNT_LIMIT:
            return Counted(total, more=False)
    return Counted(rounded(max(plan.rows, COUNT_LIMIT)), more=True)


class Plan(NamedTuple):
    """What the planner expects of a query; cost in its own units, of which a page of the disk is one."""

    rows: int
    cost: float


def estimated(rows: QuerySet[Any]) -> Plan:
    plan = orjson.loads(rows.values("pk").explain(format="JSON"))[0]["Plan"]
    return Plan(int(plan["Plan Rows"]), float(plan["Total Cost"]))


def rounded(estimate: int) -> int:
    """An estimate with two digits that mean something: 412,387 is 410,000."""
    unit: int = 10 ** max(0, len(str(estimate)) - 2)
    return estimate // unit * unit


def lead_rows(user: User) -> QuerySet[Standing]:
    """The lead list before filters. Merged leads are few and found by their index: no join only to leave them out."""
    merged = Lead.objects.filter(pk=OuterRef("lead"), merged_into__isnull=False)
    rows = Standing.objects.visible_to(user).filter(~Exists(merged))
    return rows.select_related("lead", "owner", "team", "handoff")


def sources() -> list[str]:
    """Every source in use, alphabetically."""
    return [source for (source,) in sql.run(sql.SOURCES) if source]


def owners_to_choose(user: User) -> Choices:
    if user.role == Role.REP:
        return [(str(user.pk), user.full_name)]
    return [(str(pk), name) for pk, name in colleagues(user).values_list("pk", "full_name")]


def teams_to_choose(user: User) -> Choices:
    teams = Team.objects.filter(side=Side.SALES)
    mine = teams.filter(members=user.pk) if user.role in SELLERS else teams
    return [(str(pk), name) for pk, name in mine.values_list("pk", "name")]


def sources_to_choose() -> Choices:
    return [(source, source) for source in sources()]


def offers(user: User) -> Offers:
    """What this person can filter by. Three queries."""
    return Offers(owners_to_choose(user), teams_to_choose(user), sources_to_choose())


# --- today ----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Queue:
    """The day's work. `reps` is whom a leader may look at; empty for a rep."""

    sections: dict[Section, list[Row]]
    pool: list[Standing]
    reps: list[User]


def queue(user: User, *, at: datetime, day_end: datetime, rep: int | None = None) -> Queue:
    """Four queries: the numbers in force, the leads being worked, the pool, the reps."""
    day = Day(at, day_end, timedelta(days=Policy.current().quiet_days))
    planned = Appointment.objects.filter(lead=OuterRef("pk"), outcome=AppointmentOutcome.PLANNED)
    touched = Call.objects.filter(lead=OuterRef("pk")).order_by("-occurred_at").values("occurred_at")[:1]
    meets = planned.order_by("starts_at").values("starts_at")[:1]
    refused = Exists(Objection.objects.filter(lead=OuterRef("pk"), to__in=NO_CALLS))
    work = Q(handoff_open=True) | Q(stage=Stage.SQL) | Q(next_step_at__lt=day_end) | Q(meets_at__lt=day_end)
    rows = (
        Standing.objects.visible_to(user)
        .annotate(
            touched_at=Greatest("status_since", Coalesce(Subquery(touched), "status_since")),
            meets_at=Subquery(meets),
            calls_refused=refused,
        )
        .filter(work, owner__isnull=False)
        .select_related("lead", "owner", "handoff__qualification")
        .order_by(F("sla_due_at").asc(nulls_last=True), "-score", "-lead")
    )
    if rep:
        rows = rows.filter(owner=rep)
    pool = Standing.objects.filter(outcome=Outcome.OPEN, owner=None).select_related("lead", "handoff")
    return Queue(
        sections=sections(rows[:QUEUE_LIMIT], day=day),
        pool=list(pool.order_by(F("sla_due_at").asc(nulls_last=True), "-score", "handoff__offered_at")[:POOL_LIMIT]),
        reps=list(colleagues(user)) if user.role != Role.REP else [],
    )


def colleagues(user: User) -> QuerySet[User]:
    """To whom this person may give leads: a team lead to the team, a manager to every seller."""
    sellers = User.objects.sellers().select_related("team").order_by("team__name", "full_name", "pk")
    return sellers.filter(team=user.team_id) if user.role in SELLERS else sellers


@dataclass(frozen=True)
class Load:
    """One possible owner, with how many open hand-offs of how many are taken."""

    user: User
    open_handoffs: int


def loads(user: User) -> list[Load]:
    """Two queries: the people, and their open hand-offs."""
    people = list(colleagues(user))
    taken = Handoff.objects.open().filter(owner__in=people).values_list("owner").annotate(n=Count("pk")).order_by()
    by_owner = dict(taken)
    return [Load(person, by_owner.get(person.pk, 0)) for person in people]


def open_leads(user_id: int) -> int:
    """How many leads would be left behind if this person went."""
    return Standing.objects.filter(Q(handoff_open=True) | Q(stage=Stage.SQL), owner=user_id).count()


# --- hand-offs, and what Sales said ---------------------------------------------------------------


@dataclass(frozen=True)
class SourceVerdict:
    """What became of one source's hand-offs. `share` is accepted of decided, None while nothing is decided."""

    source: str
    total: int
    accepted: int
    decided: int

    @property
    def share(self) -> float | None:
        return self.accepted / self.decided if self.decided else None


def handoff_rows(user: User) -> QuerySet[Handoff]:
    related = ("lead__standing", "owner", "decided_by", "qualification")
    return Handoff.objects.visible_to(user).with_reach(user).select_related(*related)


def by_outcome(rows: QuerySet[Handoff]) -> dict[str, int]:
    """How many of each outcome; every outcome is there."""
    found = dict(rows.order_by().values_list("outcome").annotate(n=Count("pk")))
    return {str(outcome): found.get(outcome, 0) for outcome in Outcome.values}


def by_source(rows: QuerySet[Handoff], *, limit: int = 8) -> list[SourceVerdict]:
    """The sources with most hand-offs, with Sales' verdict on each."""
    decided = ~Q(outcome__in=[Outcome.OPEN, Outcome.WITHDRAWN])
    found = (
        rows.order_by()
        .values_list("source")
        .annotate(
            total=Count("pk"),
            accepted=Count("pk", filter=Q(outcome=Outcome.ACCEPTED)),
            decided=Count("pk", filter=decided),
        )
        .order_by("-total", "source")
    )
    return [SourceVerdict(*row) for row in found[:limit]]


@dataclass(frozen=True)
class Near:
    """A lead close to the MQL line: how many points it lacks, and which profile answers are still blank."""

    standing: Standing
    lacks: int
    blanks: Sequence[str]


def near_threshold(user: User) -> list[Near]:
    """Leads one good action away from Sales, closest first."""
    limit = in_force().thresholds
    rows = (
        Standing.objects.visible_to(user)
        .filter(stage=Stage.LEAD, score__gte=limit.lead, score__lt=limit.mql)
        .select_related("lead")
        .order_by("-score", "-lead")
    )
    return [Near(row, limit.mql - row.score, _blanks(row.lead)) for row in rows[:NEAR_LIMIT]]


def _blanks(lead: Lead) -> list[str]:
    return [name for name in ("phone", "email", "title", "company_size") if getattr(lead, name) in (None, "")]


def waking(user: User, *, today: date, days: int = 7, limit: int = NEAR_LIMIT) -> list[Standing]:
    """Leads given back by Sales whose wake-up date has come or comes within `days`."""
    objecting = Objection.objects.filter(lead=OuterRef("pk"), to__in=NO_CARE)
    rows = Standing.objects.visible_to(user).filter(~Exists(objecting), wake_on__lte=today + timedelta(days=days))
    return list(rows.select_related("lead", "handoff").order_by("wake_on", "lead")[:limit])
