"""The rows behind a figure, one by one: the same condition that counted them lists them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from django.db.models import QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from core.errors import NotFound
from core.keyset import Page, page
from core.text import natural
from leads.models import Handoff, Lead, Standing
from reports.counting import behind
from reports.measures import MEASURES
from reports.narrowing import narrowed
from reports.scope import Scope
from reports.tables import Column, Row, Table
from sla.models import Clock

SIZE = 50
MOST = 50_000  # rows in a download
LABELS: Mapping[str, str | Promise] = {
    "leads": gettext_lazy("Leads received"),
    "leads_valid": gettext_lazy("Valid leads"),
    "standing": gettext_lazy("Leads as they stand"),
    "leads_invalid": gettext_lazy("Leads received, found invalid"),
    "leads_handed": gettext_lazy("Leads received, handed over"),
    "leads_accepted": gettext_lazy("Leads received, accepted as SQL"),
    "leads_won": gettext_lazy("Leads received, won"),
    "offered": gettext_lazy("Handed over in the period"),
    "offered_accepted": gettext_lazy("Handed over in the period, accepted"),
    "offered_recycled": gettext_lazy("Handed over in the period, recycled"),
    "offered_discarded": gettext_lazy("Handed over in the period, discarded"),
    "offered_withdrawn": gettext_lazy("Handed over in the period, withdrawn"),
    "offered_judged": gettext_lazy("Handed over in the period, judged by Sales"),
    "offered_qualified": gettext_lazy("Handed over in the period, passed the qualified-lead check"),
    "offered_open": gettext_lazy("Handed over in the period, still open"),
    "offered_won": gettext_lazy("Handed over in the period, won"),
    "offered_invalid": gettext_lazy("Handed over in the period, found invalid"),
    "offered_touched": gettext_lazy("Handed over in the period, touched"),
    "recycled": gettext_lazy("Recycled in the period"),
    "discarded": gettext_lazy("Discarded in the period"),
    "accepted": gettext_lazy("Accepted in the period"),
    "won": gettext_lazy("Won in the period"),
    "open": gettext_lazy("Open hand-offs"),
    "promises_kept": gettext_lazy("Promises that were kept"),
    "promises_broken": gettext_lazy("Promises that were broken"),
}


@dataclass(frozen=True)
class Case:
    """One row: the lead, and the hand-off the figure speaks of, if there is one."""

    lead: Lead
    handoff: Handoff | None

    @property
    def touch_seconds(self) -> float | None:
        """Elapsed time from the offer to the first touch."""
        if self.handoff is None or self.handoff.first_touch_at is None:
            return None
        return (self.handoff.first_touch_at - self.handoff.offered_at).total_seconds()


@dataclass(frozen=True)
class Opened:
    """A page of the rows behind a figure, and how many there are in all."""

    page: Page[Any]
    cases: list[Case]
    total: int


@dataclass(frozen=True)
class Evidence:
    """All rows behind a figure, not yet read."""

    key: str
    label: str | Promise
    rows: QuerySet[Any]

    @property
    def count(self) -> int:
        return self.rows.count()

    def page(self, cursor: str) -> tuple[Page[Any], list[Case]]:
        """One page, newest first."""
        ordering, tie = ("-created_at", "lead_id") if self.rows.model is Standing else ("-offered_at", "id")
        found: Page[Any] = page(self.rows, ordering=ordering, tie=tie, size=SIZE, cursor=cursor)
        return found, [_case(row) for row in found.rows]

    def read(self, cursor: str) -> Opened:
        """One page, with how many rows there are in all."""
        found, cases = self.page(cursor)
        return Opened(found, cases, self.count)

    def table(self) -> Table:
        """For a download: at most 50,000 rows."""
        columns = [
            Column("lead", _("Lead"), "text"),
            Column("company", _("Company"), "text"),
            Column("source", _("Source"), "text"),
            Column("received_at", _("Received"), "moment"),
            Column("kind", _("Kind"), "text"),
            Column("owner", _("Sales rep"), "text"),
            Column("offered_at", _("Handed over"), "moment"),
            Column("first_touch_seconds", _("Time to first touch"), "duration"),
            Column("outcome", _("Outcome"), "text"),
            Column("revenue", _("Revenue"), "money"),
        ]
        return Table("evidence", self.label, columns, [_row(_case(row)) for row in self.rows[:MOST]])


def evidence(scope: Scope, key: str, params: Mapping[str, str] | None = None) -> Evidence:
    """The rows of a measure, narrowed by what the cell says. Raises NotFound for a name or value that is none."""
    if key not in LABELS:
        raise NotFound
    asked = params or {}
    whose = replace(scope, team=None, owner=None) if _calls_of(scope, asked) else scope
    rows = behind(whose, *MEASURES[key]).filter(narrowed(scope, asked))
    if rows.model is Clock:
        rows = Handoff.objects.filter(pk__in=rows.values("handoff"))
    related = ("lead", "handoff__owner") if rows.model is Standing else ("lead", "owner")
    return Evidence(key, LABELS[key], rows.select_related(*related))


def _calls_of(scope: Scope, params: Mapping[str, str]) -> bool:
    """Whether the leads a person called are asked for, whoever has them now. Raises NotFound for a foreign person."""
    caller = params.get("called")
    if not caller:
        return False
    people = User.objects.filter(pk=natural(caller) or 0)
    if scope.team is not None:
        people = people.filter(team=scope.team)
    if not people.exists() or scope.owner not in {None, int(caller)}:
        raise NotFound
    return True


def seen_by(cases: Iterable[Case], user: Any) -> set[int]:
    """The leads among the cases that this person may open: a team's figures outlive its hold on a lead."""
    visible = Lead.objects.visible_to(user).filter(pk__in=[case.lead.pk for case in cases])
    return set(visible.values_list("pk", flat=True))


def _case(row: Any) -> Case:
    return Case(row.lead, row.handoff) if isinstance(row, Standing) else Case(row.lead, row)


def _row(case: Case) -> Row:
    handoff = case.handoff
    values: dict[str, Any] = {
        "lead": str(case.lead),
        "company": case.lead.company,
        "source": case.lead.source,
        "received_at": case.lead.created_at,
        "kind": None,
        "owner": None,
        "offered_at": None,
        "first_touch_seconds": None,
        "outcome": None,
        "revenue": None,
    }
    if handoff is not None:
        values |= {
            "kind": handoff.get_kind_display(),
            "owner": handoff.owner.full_name if handoff.owner else None,
            "offered_at": handoff.offered_at,
            "first_touch_seconds": case.touch_seconds,
            "outcome": handoff.get_outcome_display(),
            "revenue": handoff.revenue,
        }
    return Row(values)
