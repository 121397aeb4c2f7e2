"""The leads behind the numbers of a trial and of a re-scoring: those that were counted, as many as the number says."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet, Sum
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from leads.enums import Stage
from scoring.models import Backtest, Listed, Rescoring

SIZE = 50
MOST_DIGITS = 19  # what still is a row's number
OF_TRIAL: Mapping[str, str | Promise] = {
    "draft": _("Hand-offs this version would have made"),
    "draft_sql": _("Hand-offs this version would have made that became SQL"),
    "draft_won": _("Hand-offs this version would have made that were won"),
    "draft_caught": _("Won leads this version would have caught"),
    "published": _("Hand-offs the version in force would have made"),
    "published_sql": _("Hand-offs the version in force would have made that became SQL"),
    "published_won": _("Hand-offs the version in force would have made that were won"),
    "published_caught": _("Won leads the version in force would have caught"),
    "won": _("Won leads"),
    "only_draft": _("Only this version would have handed over"),
    "only_published": _("Only the one in force handed over"),
    "waiting": _("Over the line today, and nobody has them"),
    "rule": _("Leads the rule gave points to"),
}
OF_RESCORING: Mapping[str, str | Promise] = {
    "up": _("Scores that went up"),
    "down": _("Scores that went down"),
    "stage": _("Stages that changed"),
    "handed": _("Handed over by the re-scoring"),
    "withheld": _("Over the line, handed over with their next action"),
}


@dataclass(frozen=True)
class Moved:
    """Leads that went from one stage to another."""

    part: str
    before: Stage
    after: Stage
    leads: int


@dataclass(frozen=True)
class Part:
    """One page of the leads behind a number: their ids from place `start` on, and how many there are in all."""

    ids: list[int]
    start: int
    total: int

    @property
    def next(self) -> int | None:
        after = self.start + SIZE
        return after if after < self.total else None

    @property
    def previous(self) -> int | None:
        return max(0, self.start - SIZE) if self.start else None

    @property
    def rows(self) -> list[int]:
        """As the pager asks for them."""
        return self.ids


def behind(job: Backtest | Rescoring, name: str, part: str = "") -> QuerySet[Listed]:
    """The lists behind one number; without a part, of all its parts together."""
    rows: QuerySet[Listed] = job.lists.filter(name=name)
    return (rows.filter(part=part) if part else rows).order_by("first", "part")


def page_of(rows: QuerySet[Listed], *, start: int) -> Part:
    """From place `start` on, oldest leads first; only the lists of that page are read."""
    wanted, place = [], 0
    for pk, count in rows.values_list("pk", "count"):
        if place < start + SIZE and place + count > start:
            wanted.append((pk, start - place))
        place += count
    kept = Listed.objects.in_bulk([pk for pk, _skipped in wanted])
    ids = [lead for pk, skipped in wanted for lead in kept[pk].leads[max(0, skipped) :]]
    return Part(ids[:SIZE], start, place)


def counts(job: Rescoring) -> dict[str, int]:
    """How many leads stand behind each number of a re-scoring."""
    rows = job.lists.values_list("name").annotate(leads=Sum("count")).order_by()
    return dict.fromkeys(OF_RESCORING, 0) | dict(rows)


def moves(job: Backtest | Rescoring) -> list[Moved]:
    """From which stage to which, the most first."""
    rows: Iterable[Any] = job.lists.filter(name="stage").values_list("part").annotate(leads=Sum("count"))
    found = [_moved(part, leads) for part, leads in rows]
    return sorted(found, key=lambda one: (-one.leads, one.part))


def _moved(part: str, leads: int) -> Moved:
    before, _dot, after = part.partition(".")
    return Moved(part, Stage(before), Stage(after), leads)


def named(job: Backtest | Rescoring, name: str, part: str) -> str:
    """The part in the reader's words: a month, a rule, from which stage to which."""
    if name == "rule" and isinstance(job, Backtest):
        rule = job.model.rules.filter(pk=int(part) if part.isdecimal() and len(part) < MOST_DIGITS else 0).first()
        return rule.label if rule else ""
    if name == "stage":
        return next((f"{one.before.label} → {one.after.label}" for one in moves(job) if one.part == part), "")
    return month_label(part)


def month_label(month: str) -> str:
    """11/2026 of 2026-11, as people write it here."""
    year, _dash, number = month.partition("-")
    return f"{number}/{year}" if number else ""
