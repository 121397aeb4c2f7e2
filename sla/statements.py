"""The bonus of a month as the page and the file show it: approved statements, and what the others would say."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from django.utils.functional import Promise as Text

from accounts.models import User
from leads.models import Handoff
from sla.bonus import Due, due_lines
from sla.enums import BonusKind, Promise
from sla.models import BonusLine, BonusStatement, Clock


@dataclass(frozen=True, slots=True)
class Item:
    """One line: what it is for, whose hand-off, how much in whole VND."""

    kind: BonusKind
    handoff: Handoff
    amount: int
    base: int
    shared_by: int
    correction: bool
    about: str | Text = ""  # the promise that was broken

    @property
    def label(self) -> str | Text:
        return self.kind.label


class Kindred(NamedTuple):
    """All lines of one kind: how many, and what they come to."""

    kind: BonusKind
    lines: int
    amount: int


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
    handoffs, promises = _handoffs(lines, due, wanted), _promises(lines, due, wanted)
    found = []
    for person in User.objects.filter(pk__in=wanted).select_related("team").order_by("full_name", "pk"):
        if person.pk in approved:
            items = [_frozen(line, handoffs, promises) for line in lines.get(person.pk, [])]
        else:
            items = [_owed(one, handoffs, promises) for one in due.get(person.pk, [])]
        found.append(PersonalBonus(person, approved.get(person.pk), items))
    return found


def by_kind(items: Iterable[Item]) -> list[Kindred]:
    """The statement in a few lines: one for each kind it has, in the order of the plan."""
    amounts: dict[BonusKind, list[int]] = {}
    for item in items:
        amounts.setdefault(item.kind, []).append(item.amount)
    return [Kindred(kind, len(amounts[kind]), sum(amounts[kind])) for kind in BonusKind if kind in amounts]


Lines = Mapping[int, Sequence[BonusLine]]
Dues = Mapping[int, Sequence[Due]]


def _handoffs(lines: Lines, due: Dues, wanted: Iterable[int]) -> dict[int, Handoff]:
    ids = {one.handoff_id for one in _said(lines, due, wanted)}
    return {h.pk: h for h in Handoff.objects.filter(pk__in=ids).select_related("lead")}


def _promises(lines: Lines, due: Dues, wanted: Iterable[int]) -> dict[int, str]:
    """Clock to the name of its promise, of those that cost somebody something."""
    clocks = {one.subject for one in _said(lines, due, wanted) if one.kind == BonusKind.BREACH}
    rows = Clock.objects.filter(pk__in=clocks).values_list("pk", "promise")
    return {pk: str(Promise(promise).label) for pk, promise in rows}


def _said(lines: Lines, due: Dues, wanted: Iterable[int]) -> Iterator[BonusLine | Due]:
    for person in wanted:
        yield from lines.get(person, ())
        yield from due.get(person, ())


def _frozen(line: BonusLine, handoffs: Mapping[int, Handoff], promises: Mapping[int, str]) -> Item:
    kind = BonusKind(line.kind)
    about = promises.get(line.subject, "") if kind == BonusKind.BREACH else ""
    return Item(kind, handoffs[line.handoff_id], line.amount, line.base, line.shared_by, line.correction, about)


def _owed(due: Due, handoffs: Mapping[int, Handoff], promises: Mapping[int, str]) -> Item:
    about = promises.get(due.subject, "") if due.kind == BonusKind.BREACH else ""
    return Item(due.kind, handoffs[due.handoff_id], due.amount, due.base, due.shared_by, correction=False, about=about)
