"""What pages and reports ask of the clocks."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.db.models import Case, Count, F, Q, QuerySet, When
from django.utils.dates import WEEKDAYS
from django.utils.functional import Promise as Text

from accounts.availability import ListedDay, OfficeHours, listed_days
from accounts.enums import Role
from accounts.models import Team, User
from core.business_time import Hours
from leads.models import Lead
from sla.enums import FULFILLED_BY, Promise, Segment, State, StopReason
from sla.models import CalendarChange, Clock, Verdict


@dataclass(slots=True)
class Tally:
    """Promises of one person, team or stretch of the way. `ended`: decided or withdrawn without an attempt."""

    kept: int = 0
    broken: int = 0
    running: int = 0
    ended: int = 0

    @property
    def share(self) -> float | None:
        """Kept among those that can be judged; None where there is none yet."""
        judged = self.kept + self.broken
        return self.kept / judged if judged else None

    def add(self, other: "Tally") -> None:
        self.kept += other.kept
        self.broken += other.broken
        self.running += other.running
        self.ended += other.ended


@dataclass(frozen=True, slots=True)
class SlaSummary:
    """First touches of a period: all, by person, by team, and the breaches by whose stretch of the way it was.

    A broken promise counts for whoever had it at the due instant, a kept one for whoever had it last;
    None is the hand-off queue.
    """

    total: Tally = field(default_factory=Tally)
    by_owner: dict[int | None, Tally] = field(default_factory=dict)
    by_team: dict[int | None, Tally] = field(default_factory=dict)
    breaches: Counter[Segment] = field(default_factory=Counter)


RESPONSIBLE_OWNER = Case(When(breached_at__isnull=False, then=F("breach_owner")), default=F("owner"))
RESPONSIBLE_TEAM = Case(When(breached_at__isnull=False, then=F("breach_team")), default=F("team"))
COUNTS = {
    "kept": Count("pk", filter=Q(breached_at=None, stop_reason=StopReason.TOUCHED)),
    "broken": Count("pk", filter=Q(breached_at__isnull=False)),
    "running": Count("pk", filter=Q(breached_at=None, stopped_at=None)),
    "ended": Count("pk", filter=Q(breached_at=None, stopped_at__isnull=False) & ~Q(stop_reason=StopReason.TOUCHED)),
}


def sla_summary(*, since: datetime, until: datetime, team: Team | None = None) -> SlaSummary:
    """The first touches that fell, or fall, due from `since` up to but not including `until`. One query."""
    clocks = Clock.objects.filter(promise=Promise.FIRST_TOUCH, due_at__gte=since, due_at__lt=until)
    rows = clocks.annotate(responsible=RESPONSIBLE_OWNER, side=RESPONSIBLE_TEAM)
    if team is not None:
        rows = rows.filter(side=team.pk)
    summary = SlaSummary()
    groups = rows.order_by().values("responsible", "side", "breach_segment").annotate(**COUNTS)
    for owner, side, segment, *counts in groups.values_list("responsible", "side", "breach_segment", *COUNTS):
        tally = Tally(*counts)
        summary.total.add(tally)
        summary.by_owner.setdefault(owner, Tally()).add(tally)
        summary.by_team.setdefault(side, Tally()).add(tally)
        if segment:
            summary.breaches[Segment(segment)] += tally.broken
    return summary


def visible_breaches(user: User | None) -> QuerySet[Clock]:
    """The broken promises: a rep sees the own ones, a team lead the team's, everybody else, or no person, all."""
    own = {Role.REP: Q(breach_owner=user.pk), Role.TEAM_LEAD: Q(breach_team=user.team_id)} if user else {}
    return Clock.objects.filter(own.get(Role(user.role), Q()) if user else Q(), breached_at__isnull=False)


def standing_still(user: User) -> QuerySet[Clock]:
    """The clocks somebody paused: a seller sees the team's. Index: clock_one_open, so the cost follows what runs."""
    rows = Clock.objects.running().filter(paused_at__isnull=False)
    return rows.filter(team=user.team_id) if user.is_seller else rows


def visible_verdicts(user: User | None) -> QuerySet[Verdict]:
    """The verdicts on closed months: a seller sees the own team's, everybody else, or no person, all."""
    return Verdict.objects.filter(team=user.team_id) if user and user.is_seller else Verdict.objects.all()


def first_touch_due(handoff_ids: Iterable[int]) -> dict[int, datetime]:
    """When the first touch of each of these hand-offs is or was due."""
    clocks = Clock.objects.filter(handoff__in=list(handoff_ids), promise=Promise.FIRST_TOUCH)
    return dict(clocks.values_list("handoff", "due_at"))


@dataclass(frozen=True, slots=True)
class ClockLine:
    """One clock of a lead as its page shows it. `taken` is business time from start to the attempt."""

    clock: Clock
    state: State
    taken: timedelta | None

    @property
    def responsible(self) -> User | None:
        """Who answers for it: at the due instant once it is broken, now while it is not."""
        return self.clock.breach_owner if self.clock.breached_at else self.clock.owner


@dataclass(frozen=True, slots=True)
class LeadClocks:
    """The clocks of one lead: those that run, the next due first, and those that are over, the latest first."""

    running: list[ClockLine]
    over: list[ClockLine]


def lead_clocks(lead: Lead, *, at: datetime, office: OfficeHours) -> LeadClocks:
    """All promises on this lead, as they stand at `at`."""
    found = Clock.objects.filter(lead=lead).select_related("owner", "breach_owner", "handoff").order_by("-started_at")
    lines = [_line(clock, at=at, office=office) for clock in found]
    running = sorted((x for x in lines if x.clock.stopped_at is None), key=lambda line: line.clock.due_at)
    return LeadClocks(running, [line for line in lines if line.clock.stopped_at is not None])


def _line(clock: Clock, *, at: datetime, office: OfficeHours) -> ClockLine:
    touched = clock.stopped_at if clock.stop_reason == FULFILLED_BY[Promise(clock.promise)] else None
    taken = office.around(clock.started_at).elapsed(clock.started_at, touched) if touched else None
    return ClockLine(clock, clock.state(at=at), taken)


@dataclass(frozen=True, slots=True)
class WorkingCalendar:
    """Office hours by name of the weekday (Monday first), and per year the days unlike their weekday."""

    week: list[tuple[str | Text, Hours]]
    years: list[tuple[int, list[ListedDay]]]
    open_now: bool
    changed: CalendarChange | None


def working_calendar(office: OfficeHours, *, at: datetime, year: int) -> WorkingCalendar:
    """What the agreement is measured by: office hours, and the days of `year` and the next."""
    calendar = office.around(at)
    days = listed_days([year, year + 1], office.days)
    return WorkingCalendar(
        week=[(WEEKDAYS[weekday], hours) for weekday, hours in enumerate(calendar.week)],
        years=[(y, [day for day in days if day.day.year == y]) for y in (year, year + 1)],
        open_now=calendar.is_open(at),
        changed=CalendarChange.objects.select_related("by").order_by("-version").first(),
    )
