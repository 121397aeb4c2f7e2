"""The bonus of a month: every amount comes from a hand-off, is frozen when approved, corrected by lines of its own."""

import logging
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import QuerySet, Sum
from django.utils.translation import gettext as _

from accounts.enums import Role
from accounts.models import User
from core.errors import Conflict, Invalid, NotFound
from leads.enums import Outcome
from leads.models import Handoff
from sla.enums import BonusKind
from sla.models import AuditedCall, BonusLine, BonusPlan, BonusStatement, Clock
from sla.months import first_of, local_day, midnight, next_month
from sla.news import say_bonus_approved, say_bonus_corrected
from sla.responsibility import INVALID, QUALIFIED, UPHELD

RATES = (
    "per_accepted",
    "revenue_sales",
    "per_qualified",
    "revenue_marketing",
    "penalty_breach",
    "penalty_invalid",
    "penalty_audit",
)
log = logging.getLogger(__name__)
WHOLE = 10_000  # hundredths of a percent


@dataclass(frozen=True, slots=True)
class Due:
    """One amount a person is owed (or loses), in whole VND, and what it is about."""

    kind: BonusKind
    handoff_id: int
    subject: int
    amount: int
    base: int = 0
    shared_by: int = 1


def plan_for(month: date) -> BonusPlan:
    """The plan that holds in a month; the defaults where nobody has written any."""
    plan = BonusPlan.objects.filter(first_month__lte=month).order_by("-first_month").first()
    return plan or BonusPlan.objects.get_or_create(first_month=date(2000, 1, 1))[0]


def new_plan(first_month: date, *, rates: dict[str, int], by: User | None, at: datetime) -> BonusPlan:
    """Other rates from a month on. Raises Conflict for a month that has a plan, or a statement, already."""
    month = first_of(first_month)
    if BonusStatement.objects.filter(month__gte=month).exists():
        message = _("Statements of that month are approved already. Choose a later month.")
        raise Conflict(message, code="approved", field="first_month")
    plan = BonusPlan(first_month=month, by=by, at=at, **{name: rates[name] for name in RATES})
    try:
        with transaction.atomic():
            plan.save(force_insert=True)
    except IntegrityError as error:
        raise Conflict(_("There is a plan for that month."), code="plan_exists", field="first_month") from error
    return plan


def due_lines(month: date) -> dict[int, list[Due]]:
    """Everything the month owes, by person. Seven queries, whatever the number of people."""
    plan, span = plan_for(month), (midnight(month), midnight(next_month(month)))
    found: dict[int, list[Due]] = {}
    marketers = User.objects.here().filter(role=Role.MARKETER).order_by("pk")
    for person, due in (
        *_of_reps(plan, span),
        *_of_marketing(plan, span, list(marketers.values_list("pk", flat=True))),
    ):
        found.setdefault(person, []).append(due)
    return found


def approve(month: date, person: User, *, by: User, at: datetime) -> BonusStatement:
    """Freezes what the month owes the person. Raises Conflict when that is done, Invalid before the month is over."""
    _refuse_unfinished(month, at=at)
    return _freeze(month, person, due_lines(month).get(person.pk, []), by=by, at=at)


def approve_all(month: date, *, by: User, at: datetime) -> int:
    """Freezes what the month owes everybody who has no statement of it yet. Returns how many; Invalid as `approve`."""
    _refuse_unfinished(month, at=at)
    due, approved = due_lines(month), BonusStatement.objects.filter(month=first_of(month)).values("person")
    people = list(User.objects.filter(pk__in=due).exclude(pk__in=approved).order_by("pk"))
    with transaction.atomic():
        for person in people:
            _freeze(month, person, due[person.pk], by=by, at=at)
    return len(people)


def _refuse_unfinished(month: date, *, at: datetime) -> None:
    if local_day(at) < next_month(month):
        raise Invalid(_("The month is not over yet."), code="too_early")


def _freeze(month: date, person: User, lines: list[Due], *, by: User, at: datetime) -> BonusStatement:
    statement = BonusStatement(
        month=first_of(month), person=person, plan=plan_for(month), approved_by=by, approved_at=at
    )
    try:
        with transaction.atomic():
            statement.save(force_insert=True)
            _write(statement, lines, by=by, at=at, correction=False)
            say_bonus_approved(statement, by=by, at=at)
    except IntegrityError as error:
        raise Conflict(_("This statement is approved already."), code="approved") from error
    return statement


def remove_plan(plan_id: int, *, by: User) -> None:
    """A plan that was written by mistake goes; the defaults stay. Raises NotFound, Conflict for one that was used."""
    with transaction.atomic():
        plan = BonusPlan.objects.select_for_update().filter(pk=plan_id, at__isnull=False).first()
        if plan is None:
            raise NotFound
        if BonusStatement.objects.filter(plan=plan).exists():
            raise Conflict(_("Statements rest on this plan. Write a later one."), code="plan_used")
        plan.delete()
    log.info("plan of the bonus from %s on removed by user %s", plan.first_month, by.pk)


def correct(statement_id: int, *, by: User, at: datetime) -> int:
    """Adds what has changed since as lines of their own; the approved ones stay. Returns how many were added."""
    with transaction.atomic():
        statement = BonusStatement.objects.select_for_update().filter(pk=statement_id).first()
        if statement is None:
            raise NotFound
        added = _write(statement, differences(statement), by=by, at=at, correction=True)
        if added:
            say_bonus_corrected(statement, last_line=added[-1].pk, by=by, at=at)
    return len(added)


def differences(statement: BonusStatement) -> list[Due]:
    """What the month owes now minus what the statement says, per kind and subject; nothing where they agree."""
    lines = statement.lines.values("kind", "subject", "handoff_id").order_by()
    said = {
        (row["kind"], row["subject"]): (row["handoff_id"], row["amount"])
        for row in lines.annotate(amount=Sum("amount"))
    }
    owed = {(due.kind.value, due.subject): due for due in due_lines(statement.month).get(statement.person_id, [])}
    found = [
        Due(due.kind, due.handoff_id, due.subject, due.amount - said.get(key, (0, 0))[1], due.base, due.shared_by)
        for key, due in owed.items()
    ]
    gone = [
        Due(BonusKind(kind), handoff_id, subject, -amount)
        for (kind, subject), (handoff_id, amount) in said.items()
        if (kind, subject) not in owed
    ]
    return [due for due in [*found, *gone] if due.amount]


def share_out(amount: int, people: Sequence[int]) -> list[tuple[int, int]]:
    """The amount in equal whole parts, to the dong: the first ones get the dong that is left over."""
    part, rest = divmod(abs(amount), len(people))
    sign = -1 if amount < 0 else 1
    return [(person, sign * (part + (index < rest))) for index, person in enumerate(people)]


def _of_reps(plan: BonusPlan, span: tuple[datetime, datetime]) -> Iterator[tuple[int, Due]]:
    owned = Handoff.objects.filter(owner__isnull=False)
    for h in _decided(owned, span).filter(outcome=Outcome.ACCEPTED):
        yield h.owner_id or 0, Due(BonusKind.ACCEPTED, h.pk, h.pk, plan.per_accepted)
    for h in _won(owned, span):
        revenue = h.revenue or 0
        yield h.owner_id or 0, Due(BonusKind.REVENUE, h.pk, h.pk, revenue * plan.revenue_sales // WHOLE, revenue)
    broken = Clock.objects.filter(breached_at__gte=span[0], breached_at__lt=span[1], breach_owner__isnull=False)
    for c in broken.exclude(UPHELD).order_by("pk"):
        yield c.breach_owner_id or 0, Due(BonusKind.BREACH, c.handoff_id, c.pk, -plan.penalty_breach)
    wrong = AuditedCall.objects.filter(right=False, reviewed_at__gte=span[0], reviewed_at__lt=span[1])
    for a in wrong.select_related("call").order_by("pk"):
        yield a.rep_id, Due(BonusKind.AUDIT, a.call.handoff_id or 0, a.pk, -plan.penalty_audit)


def _of_marketing(plan: BonusPlan, span: tuple[datetime, datetime], people: Sequence[int]) -> Iterator[tuple[int, Due]]:
    """Marketing's part goes to all marketers in equal shares."""
    if not people:
        return
    every = Handoff.objects.all()
    dues = [(BonusKind.QUALIFIED, h, plan.per_qualified, 0) for h in _decided(every, span).filter(QUALIFIED)]
    dues += [(BonusKind.INVALID, h, -plan.penalty_invalid, 0) for h in _decided(every, span).filter(INVALID)]
    for h in _won(every, span):
        revenue = h.revenue or 0
        dues.append((BonusKind.REVENUE, h, revenue * plan.revenue_marketing // WHOLE, revenue))
    for kind, handoff, amount, base in dues:
        for person, part in share_out(amount, people):
            yield person, Due(kind, handoff.pk, handoff.pk, part, base, len(people))


def _decided(rows: QuerySet[Handoff], span: tuple[datetime, datetime]) -> QuerySet[Handoff]:
    """Index: handoff_decided."""
    return rows.filter(decided_at__gte=span[0], decided_at__lt=span[1]).order_by("pk")


def _won(rows: QuerySet[Handoff], span: tuple[datetime, datetime]) -> QuerySet[Handoff]:
    """Index: handoff_won."""
    return rows.filter(won_at__gte=span[0], won_at__lt=span[1]).order_by("pk")


def _write(
    statement: BonusStatement, dues: Iterable[Due], *, by: User, at: datetime, correction: bool
) -> list[BonusLine]:
    common: dict[str, Any] = {"statement": statement, "by": by, "at": at, "correction": correction}
    return BonusLine.objects.bulk_create(
        BonusLine(
            kind=due.kind,
            handoff_id=due.handoff_id,
            subject=due.subject,
            amount=due.amount,
            base=due.base,
            shared_by=due.shared_by,
            **common,
        )
        for due in dues
    )
