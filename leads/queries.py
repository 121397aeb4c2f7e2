"""What the pages show, each in a fixed number of queries. Rows are only those the person may see."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

import orjson
from django.db.models import Count, F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce, Greatest

from accounts.enums import SELLERS, Role, Side
from accounts.models import Team, User
from core.keyset import Page, page
from leads import sql
from leads.bant import missing_to_accept
from leads.custom import PREFIX, as_words
from leads.custom_fields import fields_in_use
from leads.enums import AppointmentOutcome, Outcome, Stage
from leads.kinds import CATALOGUE, ENQUIRY_RECEIVED, LEAD_CREATED
from leads.models import Appointment, Call, Event, Handoff, Lead, Policy, Qualification, Standing
from leads.next_step import Facts, NextStep, next_step
from leads.qualification import as_answers
from leads.queue import Day, Row, Section, sections
from leads.thresholds import in_force

Choices = list[tuple[str, str]]
COUNT_LIMIT = 10_000
SURELY = 5  # times the limit: then the estimate is believed
QUEUE_LIMIT = 1000
POOL_LIMIT = 50
TIMELINE_SIZE = 25
NEAR_LIMIT = 12
COMPARED = ("name", "phone", "email", "company", "title", "company_size", "city", "product")


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


def counted(rows: QuerySet[Standing] | QuerySet[Handoff]) -> Counted:
    """Counts up to 10,000: beyond that the exact number helps nobody, and the planner's estimate costs nothing.

    Where the estimate is far beyond, not even that much is counted.
    """
    bare = rows.select_related(None).order_by()
    estimate = int(orjson.loads(bare.explain(format="JSON"))[0]["Plan"]["Plan Rows"])
    if estimate <= COUNT_LIMIT * SURELY:
        total = bare[: COUNT_LIMIT + 1].count()
        if total <= COUNT_LIMIT:
            return Counted(total, more=False)
    return Counted(rounded(max(estimate, COUNT_LIMIT)), more=True)


def rounded(estimate: int) -> int:
    """An estimate with two digits that mean something: 412,387 is 410,000."""
    unit: int = 10 ** max(0, len(str(estimate)) - 2)
    return estimate // unit * unit


def lead_rows(user: User) -> QuerySet[Standing]:
    """The lead list before filters. Merged leads are few and found by their index: no join only to leave them out."""
    merged = Lead.objects.filter(merged_into__isnull=False)
    rows = Standing.objects.visible_to(user).exclude(lead__in=merged)
    return rows.select_related("lead", "owner", "team", "handoff")


def sources() -> list[str]:
    """Every source in use, alphabetically."""
    return [source for (source,) in sql.run(sql.SOURCES) if source]


def offers(user: User) -> Offers:
    """What this person can filter by. Three queries."""
    people = [user] if user.role == Role.REP else colleagues(user)
    teams = Team.objects.filter(side=Side.SALES)
    mine = teams.filter(members=user.pk) if user.role in SELLERS else teams
    return Offers(
        owners=[(str(person.pk), person.full_name) for person in people],
        teams=[(str(team.pk), team.name) for team in mine],
        sources=[(source, source) for source in sources()],
    )


# --- the lead page --------------------------------------------------------------------------------


@dataclass(frozen=True)
class Differing:
    """A value an enquiry gave that is not what the lead says."""

    field: str
    value: str


@dataclass(frozen=True)
class EnquiryRow:
    event: Event
    differing: list[Differing]


@dataclass(frozen=True)
class CustomValue:
    """What a lead says in one custom field; without `name` it is a key nobody has defined (any more)."""

    name: str
    label: str
    text: str
    filled: bool


@dataclass(frozen=True)
class LeadView:
    """One lead as its page shows it."""

    lead: Lead
    standing: Standing
    handoff: Handoff | None
    qualification: Qualification | None
    missing: list[str]
    bant_minimum: int
    attempts: int
    most_attempts: int
    next_step: NextStep
    enquiries: list[EnquiryRow]
    custom: list[CustomValue]

    @property
    def qualifies(self) -> bool:
        """Whether there is a hand-off to qualify: open, or accepted."""
        return self.handoff is not None and self.handoff.outcome in {Outcome.OPEN, Outcome.ACCEPTED}

    @property
    def first_touch(self) -> Event | None:
        return self.enquiries[-1].event if self.enquiries else None

    @property
    def last_touch(self) -> Event | None:
        return self.enquiries[0].event if self.enquiries else None


def standings_of(user: User) -> QuerySet[Standing]:
    """The one row behind a lead page, with everything the page needs of it."""
    related = ("lead", "owner", "team", "handoff__owner", "handoff__decided_by", "handoff__qualification")
    return Standing.objects.visible_to(user).select_related(*related)


def lead_view(standing: Standing) -> LeadView:
    """Four queries beside the row itself: the policy, the calls of this hand-off, the enquiries, the custom fields."""
    handoff = standing.handoff
    qualification: Qualification | None = getattr(handoff, "qualification", None)
    policy = Policy.current()
    missing = missing_to_accept(as_answers(qualification or Qualification()), minimum=policy.bant_needed)
    return LeadView(
        lead=standing.lead,
        standing=standing,
        handoff=handoff,
        qualification=qualification,
        missing=missing,
        bant_minimum=policy.bant_minimum,
        attempts=Call.objects.filter(lead=standing.lead_id, handoff=handoff).count(),
        most_attempts=policy.attempts,
        next_step=_next_step(standing, ready=not missing),
        enquiries=enquiries(standing.lead),
        custom=custom_values(standing.lead),
    )


def _next_step(standing: Standing, *, ready: bool) -> NextStep:
    handoff = standing.handoff
    return next_step(
        Facts(
            status=standing.status,
            stage=standing.stage,
            score=standing.score,
            mql=in_force().thresholds.mql,
            handoff_open=standing.handoff_open,
            owned=standing.owner_id is not None,
            touched=handoff is not None and handoff.first_touch_at is not None,
            ready=ready,
            sla_due_at=standing.sla_due_at,
            next_step_at=standing.next_step_at,
            wake_on=standing.wake_on,
        )
    )


def enquiries(lead: Lead, *, limit: int = 10) -> list[EnquiryRow]:
    """The lead's latest enquiries, newest first, each with what it said differently from the lead today."""
    found = Event.objects.filter(lead=lead, kind__in=[LEAD_CREATED, ENQUIRY_RECEIVED]).order_by("-occurred_at", "-id")
    return [EnquiryRow(event, _differing(lead, event)) for event in found[:limit]]


def custom_values(lead: Lead) -> list[CustomValue]:
    """Every field in use in its order, then what else is stored. One query."""
    fields = fields_in_use()
    known = [
        CustomValue(f"{PREFIX}{key}", field.label, as_words(field, lead.custom.get(key)), key in lead.custom)
        for key, field in fields.items()
    ]
    return known + [
        CustomValue("", k, as_words(None, v), filled=True) for k, v in lead.custom.items() if k not in fields
    ]


def _differing(lead: Lead, event: Event) -> list[Differing]:
    given = event.properties.get("given") or {}
    values = [(name, given[name]) for name in COMPARED if name in given]
    return [Differing(name, str(value)) for name, value in values if value not in ("", None, getattr(lead, name))]


def timeline(lead_id: int, *, group: str = "", cursor: str = "") -> Page[Event]:
    """The log of one lead, newest first; `group` is one of the catalogue's, unknown kinds count as behaviour."""
    events = Event.objects.filter(lead=lead_id).select_related("actor")
    if group == "behaviour":
        events = events.exclude(kind__in=[k.name for k in CATALOGUE.values() if k.group != group])
    elif group:
        events = events.filter(kind__in=[k.name for k in CATALOGUE.values() if k.group == group])
    return page(events, ordering="-occurred_at", tie="id", size=TIMELINE_SIZE, cursor=cursor)


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
    work = Q(handoff_open=True) | Q(stage=Stage.SQL) | Q(next_step_at__lt=day_end) | Q(meets_at__lt=day_end)
    rows = (
        Standing.objects.visible_to(user)
        .annotate(
            touched_at=Greatest("status_since", Coalesce(Subquery(touched), "status_since")), meets_at=Subquery(meets)
        )
        .filter(work, owner__isnull=False)
        .select_related("lead", "owner", "handoff__qualification")
        .order_by(F("sla_due_at").asc(nulls_last=True), "-score", "-lead")
    )
    if rep:
        rows = rows.filter(owner=rep)
    pool = Standing.objects.filter(handoff_open=True, owner=None).select_related("lead", "handoff")
    return Queue(
        sections=sections(rows[:QUEUE_LIMIT], day=day),
        pool=list(pool.order_by(F("sla_due_at").asc(nulls_last=True), "-score")[:POOL_LIMIT]),
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
    rows = Standing.objects.visible_to(user).filter(wake_on__lte=today + timedelta(days=days))
    return list(rows.select_related("lead", "handoff").order_by("wake_on", "lead")[:limit])
