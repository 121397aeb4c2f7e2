"""The bonus of a month as the page and the file show it: approved statements, and what the others would say."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.utils.functional import Promise as Text

from accounts.models import User
from leads.models import Handoff
from sla.bonus import Due, due_lines
from sla.enums import BonusKind
from sla.models import BonusLine, BonusStatement


@dataclass(frozen=True, slots=True)
class Item:
    """One line: what it is for, whose hand-off, how much in whole VND."""

    kind: BonusKind
    handoff: Handoff
    amount: int
    base: int
    shared_by: int
    correction: bool

    @property
    def label(self) -> str | Text:
        return self.kind.label


@dataclass(frozen=True, slots=True)
class PersonalBonus:
    """One person's month; without `statement` a preview."""

    person: User
    statement: BonusStatement | None
    items: list[Item]

    @property
    def total(self) -> int:
        return sum(item.amount for item in self.items)

    @property
    def earned(self) -> int:
        return sum(item.amount for item in self.items if item.amount > 0)

    @property
    def taken_off(self) -> int:
        return sum(item.amount for item in self.items if item.amount < 0)


def month_of_bonus(month: date, *, only: User | None = None) -> list[PersonalBonus]:
    """Everybody with a statement or something due, by name; or one person, who is always there."""
    statements = BonusStatement.objects.filter(month=month).select_related("person", "approved_by")
    approved = {s.person_id: s for s in (statements.filter(person=only) if only else statements)}
    lines: dict[int, list[BonusLine]] = {}
    for line in BonusLine.objects.filter(statement__in=approved.values()).select_related("statement"):
        lines.setdefault(line.statement.person_id, []).append(line)
    due = due_lines(month)
    wanted = {only.pk} if only else set(due) | set(approved)
    handoffs = _handoffs(lines, due, wanted)
    found = []
    for person in User.objects.filter(pk__in=wanted).select_related("team").order_by("full_name", "pk"):
        if person.pk in approved:
            items = [_frozen(line, handoffs) for line in lines.get(person.pk, [])]
        else:
            items = [_owed(one, handoffs) for one in due.get(person.pk, [])]
        found.append(PersonalBonus(person, approved.get(person.pk), items))
    return found


def _handoffs(
    lines: dict[int, list[BonusLine]], due: dict[int, list[Due]], wanted: Iterable[int]
) -> dict[int, Handoff]:
    people = set(wanted)
    ids = {line.handoff_id for person in people for line in lines.get(person, [])}
    ids |= {one.handoff_id for person in people for one in due.get(person, [])}
    return {h.pk: h for h in Handoff.objects.filter(pk__in=ids).select_related("lead")}


def _frozen(line: BonusLine, handoffs: dict[int, Handoff]) -> Item:
    kind = BonusKind(line.kind)
    return Item(kind, handoffs[line.handoff_id], line.amount, line.base, line.shared_by, line.correction)


def _owed(due: Due, handoffs: dict[int, Handoff]) -> Item:
    return Item(due.kind, handoffs[due.handoff_id], due.amount, due.base, due.shared_by, correction=False)
