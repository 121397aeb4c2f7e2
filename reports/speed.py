"""First-touch promises: who kept them, who let them break, and what is overdue right now."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from leads.models import Standing
from reports import links
from reports.counting import Values, ratio
from reports.measures import DUE
from reports.names import names
from reports.questions import Ask
from reports.reading import grouped
from reports.scope import Scope
from reports.sql import capped_counts
from reports.tables import Column, Row, Table
from reports.views_of_time import DUE as FELL_DUE
from reports.views_of_time import LIVE
from sla.enums import Segment

PROMISES = ("promises_kept", "promises_broken")
ASKS = (Ask(DUE, "owner", PROMISES), Ask(DUE, "team", PROMISES))
SHOWN = 8
CALLED = ("name", "email", "phone", "external_id", "erased_at")  # what a lead is called by
READ = ("sla_due_at", "sla_warn_at", "owner__full_name", *(f"lead__{name}" for name in CALLED))
COUNTED_TO = 1000


@dataclass(frozen=True)
class Overdue:
    """The promises that are broken and still wait for the attempt, oldest first. `total` stops at 1,001."""

    rows: list[Standing]
    total: int
    href: str


def kept_by(scope: Scope, who: str = "owner") -> Table:
    """Promises kept and broken by `owner` or `team`, under whoever answers for them. Two queries."""
    found = grouped(scope, DUE, PROMISES, by=who)
    rows = [_row(scope, who, key, _name(scope, who, key), values) for key, values in found.items()]
    rows = [row for row in rows if row.values["kept"] or row.values["broken"]]
    rows.sort(key=lambda row: (row.values["share"], -row.values["broken"], row.values["name"]))
    columns = [
        Column("id", _("Key"), "text"),
        Column("name", _("Team") if who == "team" else _("Sales rep"), "text"),
        Column("kept", _("Kept"), "number"),
        Column("broken", _("Broken"), "number"),
        Column("share", _("Kept, share"), "percent"),
    ]
    title = _("Promises kept, by team") if who == "team" else _("Promises kept, by rep")
    return Table("sla", title, columns, rows, FELL_DUE.rule)


def overdue(scope: Scope) -> Overdue:
    """What is overdue at the moment of the report, whatever the period."""
    late = scope.standings().filter(sla_due_at__lte=scope.at)
    rows = late.select_related("lead", "owner").only(*READ).order_by("sla_due_at", "pk")[:SHOWN]
    (total,) = capped_counts([late], limit=COUNTED_TO)
    return Overdue(list(rows), total, links.standing(scope, sla="breached"))


def overdue_table(scope: Scope) -> Table:
    """All that is overdue now, up to 1,000, oldest first."""
    rows = scope.standings().filter(sla_due_at__lte=scope.at).select_related("lead", "owner")
    columns = [
        Column("lead", _("Lead"), "text"),
        Column("company", _("Company"), "text"),
        Column("owner", _("Sales rep"), "text"),
        Column("due_at", _("Was due"), "moment"),
        Column("late_seconds", _("Late by"), "duration"),
    ]
    found = [
        Row(
            {
                "lead": str(row.lead),
                "company": row.lead.company,
                "owner": row.owner.full_name if row.owner else None,
                "due_at": row.sla_due_at,
                "late_seconds": (scope.at - row.sla_due_at).total_seconds() if row.sla_due_at else None,
            }
        )
        for row in rows.order_by("sla_due_at", "pk")[:COUNTED_TO]
    ]
    return Table("breaches", _("Overdue now"), columns, found, LIVE.rule)


def _name(scope: Scope, who: str, key: int | None) -> str:
    known = names(scope)
    if who == "team":
        return known.teams.get(key or 0, "")
    person = known.people.get(key or 0)
    return person.name if person else ""


def _row(scope: Scope, who: str, key: int | None, name: str, found: Values) -> Row:
    kept, broken = int(found["promises_kept"] or 0), int(found["promises_broken"] or 0)
    values: dict[str, Any] = {
        "id": key,
        "name": name or str(Segment.QUEUE.label),
        "kept": kept,
        "broken": broken,
        "share": ratio(kept, kept + broken),
    }
    if key is None:
        return Row(values)
    only: dict[str, Any] = {who: key}
    opened = {column: links.measured(scope, f"promises_{column}", **only) for column in ("kept", "broken")}
    return Row(values, opened)
