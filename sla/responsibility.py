"""The verdict on a period read from the hand-offs and clocks, its evidence, and the months as they were closed."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet

from accounts.availability import calendar
from accounts.enums import Side
from accounts.models import Team
from core.errors import NotFound
from leads.enums import Outcome, Reason
from leads.models import Handoff, Qualification
from sla.agreements import on_day, versions
from sla.enums import FULFILLED_BY, Answers, DisputeState
from sla.models import Clock, Dispute, Feedback, Verdict
from sla.months import DAY, first_of, last_of, local_day, midnight, month_before, next_month, share_of_months
from sla.verdicts import LATE, OF_SALES, PROCESS, Code, Figures, Judgement, answers, forecast, judge, parts

_CHECKED = Qualification.objects.filter(handoff=OuterRef("pk"))
QUALIFIED = Q(Exists(_CHECKED.filter(right_phone=True, right_name=True, right_need=True)))
INVALID = Q(reason=Reason.WRONG_CONTACT) | Q(Exists(_CHECKED.filter(right_phone=False)))
JUDGED = ~Q(outcome=Outcome.OPEN) | Q(Exists(_CHECKED.filter(right_phone__isnull=False)))
UPHELD = Exists(Dispute.objects.filter(clock=OuterRef("pk"), state=DisputeState.UPHELD))
MOST_GROUPS = 50
COUNTED = {
    "offered": Count("pk"),
    "judged": Count("pk", filter=JUDGED),
    "qualified": Count("pk", filter=QUALIFIED),
    "invalid": Count("pk", filter=INVALID),
    "accepted": Count("pk", filter=Q(outcome=Outcome.ACCEPTED)),
    "won": Count("pk", filter=Q(won_at__isnull=False)),
}
FED_BACK = {
    "feedback_kept": Count("pk", filter=Q(given_at__lte=F("due_at"))),
    "feedback_broken": Count("pk", filter=Q(breached_at__isnull=False)),
}
KEPT = Q(*[Q(promise=p, stop_reason=r) for p, r in FULFILLED_BY.items()], _connector=Q.OR) & Q(breached_at=None)


@dataclass(frozen=True, slots=True)
class Asked:
    """Local days from `first` to `last`, both included, seen at `at`; for all, one team, source or campaign."""

    first: date
    last: date
    at: datetime
    team: int | None = None
    source: str = ""
    campaign: str = ""

    @property
    def whole(self) -> bool:
        return self.team is None and not self.source and not self.campaign

    def handoffs(self) -> QuerySet[Handoff]:
        """Those offered in the period. Index: handoff_offered."""
        rows = Handoff.objects.filter(offered_at__gte=midnight(self.first), offered_at__lt=midnight(self.last + DAY))
        if self.team is not None:
            rows = rows.filter(team=self.team)
        return rows.filter(**self._origin())

    def clocks(self) -> QuerySet[Clock]:
        """The promises that fell due in the period, under whoever answers for each. Index: clock_due."""
        rows = Clock.objects.filter(due_at__gte=midnight(self.first), due_at__lt=midnight(self.last + DAY))
        if self.team is not None:
            rows = rows.filter(Q(breach_team=self.team) | Q(breached_at=None, team=self.team))
        return rows.filter(**{f"handoff__{name}": value for name, value in self._origin().items()})

    def _origin(self) -> dict[str, str]:
        given = {"source": self.source, "campaign": self.campaign}
        return {name: value for name, value in given.items() if value}

    def broken(self) -> QuerySet[Clock]:
        """The breaches that stand: a dispute that was right takes one out."""
        return self.clocks().filter(breached_at__isnull=False).exclude(UPHELD)


@dataclass(frozen=True, slots=True)
class Responsibility:
    """The verdict on a period: one judgement per version of the agreement that held in it."""

    asked: Asked
    judgements: list[Judgement]

    @property
    def who(self) -> Answers:
        return answers(finding for judgement in self.judgements for finding in judgement.findings)


@dataclass(frozen=True, slots=True)
class Group:
    """The verdict on one team, source, campaign or month of a longer question."""

    name: str
    found: Responsibility


@dataclass(frozen=True, slots=True)
class Outlook:
    """The running month: qualified hand-offs so far, at its end at this rate, and as promised."""

    count: int
    expected: float | None
    promised: int


def responsibility(asked: Asked) -> Responsibility:
    """Each part of the period is judged by the version in force then. Three queries per part."""
    found = []
    for agreement, first, last in parts(versions(), asked.first, asked.last):
        part = replace(asked, first=first, last=last)
        over = asked.whole and local_day(asked.at) > asked.last
        volume = agreement.mql_per_month * share_of_months(first, last) if over else None
        figures = figures_of(part)
        found.append(Judgement(agreement, first, last, figures, judge(figures, agreement, volume=volume)))
    return Responsibility(asked, found)


def grouped(asked: Asked, by: str) -> list[Group]:
    """One verdict for each month, sales team, source or campaign; of the last two the fifty with most hand-offs."""
    return [Group(name, responsibility(part)) for name, part in GROUPS[by](asked)]


def _by_month(asked: Asked) -> Iterator[tuple[str, Asked]]:
    month = first_of(asked.first)
    while month <= asked.last:
        part = replace(asked, first=max(asked.first, month), last=min(asked.last, last_of(month)))
        yield f"{month:%Y-%m}", part
        month = next_month(month)


def _by_team(asked: Asked) -> Iterator[tuple[str, Asked]]:
    teams = Team.objects.filter(side=Side.SALES)
    for team in teams.filter(pk=asked.team) if asked.team else teams:
        yield team.name, replace(asked, team=team.pk)


def _by_source(asked: Asked) -> Iterator[tuple[str, Asked]]:
    return ((name, replace(asked, source=name)) for name in _most(asked, "source"))


def _by_campaign(asked: Asked) -> Iterator[tuple[str, Asked]]:
    return ((name, replace(asked, campaign=name)) for name in _most(asked, "campaign"))


def _most(asked: Asked, column: str) -> list[str]:
    named = asked.handoffs().exclude(**{column: ""}).values_list(column)
    return [name for name, _n in named.annotate(n=Count("pk")).order_by("-n", column)[:MOST_GROUPS]]


GROUPS: dict[str, Callable[[Asked], Iterable[tuple[str, Asked]]]] = {
    "month": _by_month,
    "team": _by_team,
    "source": _by_source,
    "campaign": _by_campaign,
}


def figures_of(asked: Asked) -> Figures:
    counted = asked.handoffs().aggregate(**COUNTED)
    broken = dict(asked.broken().values_list("promise").annotate(n=Count("pk")).order_by())
    kept = dict(asked.clocks().filter(KEPT).values_list("promise").annotate(n=Count("pk")).order_by())
    return Figures(**counted, kept=kept, broken=broken, **_feedback(asked))


def evidence(asked: Asked, code: str) -> QuerySet[Handoff]:
    """The hand-offs behind a finding, newest first. Raises NotFound for a code that is none."""
    offered = asked.handoffs()
    found: dict[str, Any] = {
        Code.VOLUME: lambda: offered.filter(QUALIFIED),
        Code.QUALIFIED: lambda: offered.filter(JUDGED).exclude(QUALIFIED),
        Code.INVALID: lambda: offered.filter(INVALID),
        Code.PROCESS: lambda: _behind(asked.broken().filter(promise__in=PROCESS)),
        Code.LATE: lambda: _behind(asked.broken().filter(promise__in=LATE)),
        Code.CLOSING: lambda: offered.filter(outcome=Outcome.ACCEPTED, won_at=None),
    }
    if code not in found:
        raise NotFound
    rows: QuerySet[Handoff] = found[code]()
    return rows.select_related("lead", "owner").order_by("-offered_at", "-pk")


def broken_behind(asked: Asked, code: str) -> tuple[int, int]:
    """What a finding of Sales counts: broken promises, several of one hand-off perhaps, and feedback that came late."""
    if code not in OF_SALES:
        return 0, 0
    late = _feedback(asked).get("feedback_broken", 0) if code == Code.PROCESS else 0
    return asked.broken().filter(promise__in=OF_SALES[Code(code)]).count(), late


def outlook(*, at: datetime) -> Outlook:
    """The running month at the rate so far, in business time."""
    first = first_of(local_day(at))
    start, end, hours = midnight(first), midnight(next_month(first)), calendar(at=at)
    count = Asked(first, last_of(first), at).handoffs().filter(QUALIFIED).count()
    passed, total = hours.elapsed(start, at), hours.elapsed(start, end)
    expected = forecast(count, passed=passed.total_seconds(), total=total.total_seconds())
    return Outlook(count, expected, on_day(versions(), local_day(at)).mql_per_month)


def close_month(*, at: datetime) -> int:
    """Writes down the verdicts of the month before `at`: for all, per sales team, per source. Once; returns how many.

    A verdict once written stays as it was; what is learnt later is a dispute's matter.
    """
    month = month_before(local_day(at))
    anything = Handoff.objects.filter(offered_at__lt=midnight(next_month(month)))
    if Verdict.objects.filter(month=month, team=None, source="").exists() or not anything.exists():
        return 0
    asked = Asked(month, last_of(month), at)
    scopes = [asked]
    scopes += [replace(asked, team=pk) for pk in Team.objects.filter(side=Side.SALES).values_list("pk", flat=True)]
    sources = asked.handoffs().exclude(source="").order_by("source").values_list("source", flat=True).distinct()
    scopes += [replace(asked, source=source) for source in sources]
    rows = [_closed(responsibility(scope), at=at) for scope in scopes]
    return len(Verdict.objects.bulk_create(rows, ignore_conflicts=True))


def _closed(found: Responsibility, *, at: datetime) -> Verdict:
    asked = found.asked
    findings = [
        {"version": j.agreement.version, "code": f.code, "actual": f.actual, "promised": f.promised, "kept": f.kept}
        for j in found.judgements
        for f in j.findings
    ]
    return Verdict(
        month=asked.first, team_id=asked.team, source=asked.source, who=found.who, findings=findings, closed_at=at
    )


def _behind(clocks: QuerySet[Clock]) -> QuerySet[Handoff]:
    return Handoff.objects.filter(pk__in=clocks.values("handoff"))


def feedback_rows(asked: Asked) -> QuerySet[Feedback]:
    """Weekly feedback that fell due in the period: a row per team and week."""
    rows = Feedback.objects.filter(due_at__gte=midnight(asked.first), due_at__lt=midnight(asked.last + DAY))
    return rows if asked.team is None else rows.filter(team=asked.team)


def _feedback(asked: Asked) -> dict[str, int]:
    """A source or campaign has no feedback of its own."""
    return {} if asked.source or asked.campaign else feedback_rows(asked).aggregate(**FED_BACK)
