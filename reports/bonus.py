"""The bonus of a month to take away: one row per amount, with the hand-off it comes from."""

from collections.abc import Sequence
from datetime import date

from django.utils.translation import gettext as _

from reports.tables import Column, Row, Table
from sla.statements import Item, PersonalBonus


def bonus_table(month: date, people: Sequence[PersonalBonus]) -> Table:
    """Amounts in whole VND; a preview is marked as such."""
    columns = [
        Column("month", _("Month"), "day"),
        Column("person", _("Name"), "text"),
        Column("team", _("Team"), "text"),
        Column("state", _("State"), "text"),
        Column("kind", _("For"), "text"),
        Column("promise", _("Promise"), "text"),
        Column("lead", _("Lead"), "text"),
        Column("handoff", _("Hand-off"), "text"),
        Column("revenue", _("Revenue"), "money"),
        Column("amount", _("Amount"), "money"),
        Column("correction", _("Correction"), "flag"),
    ]
    rows = [_row(month, one, item) for one in people for item in one.items]
    return Table("bonus", _("Bonus"), columns, rows)


def _row(month: date, one: PersonalBonus, item: Item) -> Row:
    return Row(
        {
            "month": month,
            "person": one.person.full_name,
            "team": one.person.team.name if one.person.team else "",
            "state": _("Approved") if one.statement else _("Preview"),
            "kind": str(item.label),
            "promise": str(item.about),
            "lead": str(item.handoff.lead),
            "handoff": item.handoff.pk,
            "revenue": item.base,
            "amount": item.amount,
            "correction": item.correction,
        }
    )
