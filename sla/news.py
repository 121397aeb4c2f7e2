"""Who has to know what of the agreement, its weeks, its verdicts and the bonus: each thing is said once.

The keys make it so: whoever says it again, or at the same time, says nothing. Breaches are facts about leads and go
through the log instead.
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Self

from django.urls import reverse

from accounts.availability import OfficeHours, office_hours
from accounts.enums import MANAGERS, MARKETING, Role
from accounts.models import Notice, User
from accounts.notices import News, announce, who_may
from sla import kinds
from sla.agreements import in_force, versions
from sla.models import Agreement, AuditedCall, BonusStatement, Dispute, Feedback
from sla.months import midnight

REMEMBERED = timedelta(days=28)  # feedback that is late for longer is no news
SHARES = ((80, 0.8), (50, 0.5))  # the later warning wins


def say_signed(draft: Agreement, *, by: User, at: datetime) -> None:
    """One signature is the other side's turn; the second one everybody's news."""
    told = {"version": draft.version, "in_force_from": draft.in_force_from}
    path = reverse("agreement_version", args=[draft.version])
    if draft.is_draft:
        other = Role.SALES_MANAGER if by.role == Role.MARKETING_MANAGER else Role.MARKETING_MANAGER
        key = f"{draft.version}.{draft.revision}.{other}"
        announce([News(kinds.AGREEMENT_WAITS, key, among({other}), path, at, by.pk, told)], at=at)
    else:
        to = who_may("agreement.view")
        announce([News(kinds.AGREEMENT_SIGNED, str(draft.version), to, path, at, by.pk, told)], at=at)


def say_in_force(*, at: datetime) -> int:
    """The version in force now, if both sides signed it: said with its first instant. Returns how many were new."""
    now = in_force(versions(), at=at)
    if now.in_force_from is None or now.signed_by_sales_id is None:
        return 0
    path, told = reverse("agreement_version", args=[now.version]), {"version": now.version}
    first = max(midnight(now.in_force_from), now.sales_signed_at or at, now.marketing_signed_at or at)
    return _new(
        [News(kinds.AGREEMENT_IN_FORCE, str(now.version), who_may("agreement.view"), path, first, None, told)], at=at
    )


def say_feedback_due(*, at: datetime) -> int:
    """The latest warning (50, 80 percent of the week's business time) of feedback still open, or that it is late.

    As many questions for every team of the last weeks as for one; one question where nobody owes any.
    """
    waiting = list(Feedback.objects.filter(given_at=None, due_at__gt=at - REMEMBERED).select_related("team"))
    if not waiting:
        return 0
    sales = _Sales.now()
    return _new([news for row in waiting for news in _due(row, sales, at=at)], at=at)


def say_feedback_given(row: Feedback, *, by: User, at: datetime) -> None:
    announce([_of_feedback(kinds.FEEDBACK_GIVEN, row, among(MARKETING), at=at, by=by)], at=at)


def say_feedback_answered(row: Feedback, *, by: User, at: datetime) -> None:
    to = {row.given_by_id or by.pk, *leads_of(row.team_id)}
    announce([_of_feedback(kinds.FEEDBACK_ANSWERED, row, to, at=at, by=by)], at=at)


def say_verdict_disputed(dispute: Dispute, *, by: User, at: datetime) -> None:
    path = reverse("dispute_decide", args=[dispute.pk])
    to = set(among(MANAGERS)) - {by.pk}
    announce([News(kinds.VERDICT_DISPUTED, str(dispute.pk), to, path, at, by.pk, _of_verdict(dispute))], at=at)


def say_verdict_decided(dispute: Dispute, *, by: User, at: datetime) -> None:
    """To whoever raised it, and to the lead of the team it was about."""
    told, verdict = _of_verdict(dispute), dispute.verdict
    path = f"{reverse('responsibility')}?month={told['month'][:7]}"
    to = {dispute.raised_by_id, *leads_of(verdict.team_id if verdict else None)}
    told["state"] = dispute.state
    announce([News(kinds.VERDICT_DECIDED, str(dispute.pk), to, path, at, by.pk, told)], at=at)


def say_bonus_approved(statement: BonusStatement, *, by: User, at: datetime) -> None:
    announce([_of_bonus(kinds.BONUS_APPROVED, str(statement.pk), statement, at=at, by=by)], at=at)


def say_bonus_corrected(statement: BonusStatement, *, last_line: int, by: User, at: datetime) -> None:
    announce([_of_bonus(kinds.BONUS_CORRECTED, f"{statement.pk}.{last_line}", statement, at=at, by=by)], at=at)


def say_call_reviewed(row: AuditedCall, *, by: User, at: datetime) -> None:
    """The note stays on the page: it may speak of the lead."""
    told = {"week": row.draw.week, "right": row.right}
    path = reverse("audit_review", args=[row.pk])
    announce([News(kinds.AUDIT_REVIEWED, str(row.pk), [row.rep_id], path, at, by.pk, told)], at=at)


def among(roles: Collection[Role]) -> list[int]:
    """The people of these roles who work here; administrators only where there is nobody else."""
    found = list(User.objects.here().filter(role__in=roles).values_list("pk", "role"))
    others = [pk for pk, role in found if role != Role.ADMIN]
    return others or [pk for pk, _role in found]


def leads_of(team_id: int | None) -> list[int]:
    """The leads of a team who work here."""
    found = User.objects.here().filter(role=Role.TEAM_LEAD, team=team_id) if team_id else User.objects.none()
    return list(found.values_list("pk", flat=True))


@dataclass(frozen=True, slots=True)
class _Sales:
    """Who leads in Sales, and when they work: read once for all teams."""

    leads: dict[int | None, list[int]]
    managers: list[int]
    office: OfficeHours

    @classmethod
    def now(cls) -> Self:
        leads: dict[int | None, list[int]] = {}
        managers: list[int] = []
        people = User.objects.here().filter(role__in=[Role.TEAM_LEAD, Role.SALES_MANAGER])
        for pk, role, team_id in people.values_list("pk", "role", "team"):
            (managers if role == Role.SALES_MANAGER else leads.setdefault(team_id, [])).append(pk)
        return cls(leads, managers, office_hours())


def _due(row: Feedback, sales: _Sales, *, at: datetime) -> Iterator[News]:
    to = sales.leads.get(row.team_id) or sales.managers
    if row.due_at <= at:
        yield _of_feedback(kinds.FEEDBACK_LATE, row, {*to, *sales.managers}, at=row.due_at)
        return
    hours, began = sales.office.around(row.due_at), midnight(row.week)
    total = hours.elapsed(began, row.due_at)
    for level, share in SHARES:
        moment = hours.add(began, total * share)
        if moment <= at:
            yield _of_feedback(kinds.FEEDBACK_DUE, row, to, at=moment, level=level)
            return


def _of_feedback(
    kind: str, row: Feedback, to: Collection[int], *, at: datetime, by: User | None = None, level: int = 0
) -> News:
    told = {"team_name": row.team.name, "week": row.week}
    if by is None:
        told["due_at"] = row.due_at
    key = f"{row.pk}.{level}" if level else str(row.pk)
    return News(kind, key, to, reverse("feedback_week", args=[row.pk]), at, by.pk if by else None, told)


def _of_verdict(dispute: Dispute) -> dict[str, str]:
    verdict = dispute.verdict
    assert verdict is not None  # noqa: S101 - only disputes of verdicts come here
    team = verdict.team.name if verdict.team else ""
    return {"month": f"{verdict.month:%Y-%m-%d}", "team_name": team, "source": verdict.source}


def _of_bonus(kind: str, key: str, statement: BonusStatement, *, at: datetime, by: User) -> News:
    path = f"{reverse('bonus_statement', args=[statement.person_id])}?month={statement.month:%Y-%m}"
    return News(kind, key, [statement.person_id], path, at, by.pk, {"month": f"{statement.month:%Y-%m-%d}"})


def _new(news: Collection[News], *, at: datetime) -> int:
    """Says what nobody has said yet. Asked before it is tried: a beat that comes every minute writes nothing."""
    said = set(Notice.objects.filter(key__in=[n.key for n in news]).values_list("kind", "key")) if news else set()
    return len(announce([one for one in news if (one.kind, one.key) not in said], at=at))
