"""The marketers side by side: what their campaigns brought, how good it was, and what it cost."""

from typing import Any

from django.db.models import Sum
from django.utils.translation import gettext as _

from accounts.models import User
from leads.models import Spend
from reports import links
from reports.costs import SPENT_BY, note
from reports.counting import Values, ratio
from reports.measures import CREATED, OFFERED
from reports.models import Campaign
from reports.questions import Ask
from reports.reading import ahead, grouped
from reports.scope import MARKETER, Scope
from reports.tables import Column, Row, Table

COUNTED = ("offered", "offered_accepted", "offered_won", "offered_revenue", "offered_judged", "offered_invalid")
ASKS = (Ask(CREATED, MARKETER, ("leads",)), Ask(OFFERED, MARKETER, COUNTED))
OPENED = {
    "leads": "leads",
    "offered": "offered",
    "accepted": "offered_accepted",
    "won": "offered_won",
    "revenue": "offered_won",
    "invalid": "offered_invalid",
}


def marketers(scope: Scope) -> Table:
    """One row per marketer, most SQL first, then the better share, then the cheaper; nobody's campaigns come last.

    Money in whole VND; None where no spend is known.
    """
    found: dict[Any, dict[str, Any]] = {}
    ahead(scope, ASKS)
    for reading, keys in ((CREATED, ("leads",)), (OFFERED, COUNTED)):
        for key, values in grouped(scope, reading, keys, by=MARKETER).items():
            found.setdefault(key, {}).update(values)
    spent = _spend(scope)
    people = dict(
        User.objects.filter(pk__in=[key for key in found.keys() | spent.keys() if key]).values_list("pk", "full_name")
    )
    rows = [
        _row(scope, key, people.get(key, ""), found.get(key, {}), spent.get(key)) for key in found.keys() | spent.keys()
    ]
    rows = [row for row in rows if row.values["leads"] or row.values["offered"] or row.values["spend"]]
    columns = [
        Column("id", _("Key"), "text"),
        Column("name", _("Marketer"), "text"),
        Column("leads", _("Leads"), "number"),
        Column("offered", _("MQL"), "number"),
        Column("accepted", _("SQL"), "number"),
        Column("rate", _("MQL to SQL"), "percent", _("Accepted until now ÷ handed over in the period.")),
        Column("invalid", _("Invalid leads"), "number"),
        Column("invalid_rate", _("Invalid"), "percent", _("Found invalid ÷ judged by Sales.")),
        Column("won", _("Won"), "number"),
        Column("revenue", _("Revenue"), "money"),
        Column("spend", _("Spend"), "money"),
        Column("cost_per_sql", _("Cost per SQL"), "money", _("Spend ÷ those of them accepted until now.")),
    ]
    return Table("marketers", _("Marketers"), columns, sorted(rows, key=_place), note(scope))


def _place(row: Row) -> tuple[Any, ...]:
    values = row.values
    cost = values["cost_per_sql"]
    return (values["id"] is None, -values["accepted"], -(values["rate"] or 0), cost is None, cost, values["name"])


def _spend(scope: Scope) -> dict[Any, int]:
    """What each marketer's campaigns cost in the period; nothing under filters that spend does not know."""
    if scope.chosen.keys() - SPENT_BY:
        return {}
    days = Spend.objects.filter(day__gte=scope.period.first, day__lte=scope.period.last, **scope.chosen)
    rows = days.order_by().values(marketer=Campaign.marketer()).annotate(sum=Sum("amount"))
    return {row["marketer"]: row["sum"] for row in rows}


def _row(scope: Scope, key: int | None, name: str, found: Values, spent: int | None) -> Row:
    def count(measure: str) -> int:
        return found.get(measure) or 0

    accepted = count("offered_accepted")
    values = {
        "id": key,
        "name": name or _("Nobody's campaigns"),
        "leads": count("leads"),
        "offered": count("offered"),
        "accepted": accepted,
        "rate": ratio(accepted, count("offered")),
        "invalid": count("offered_invalid"),
        "invalid_rate": ratio(count("offered_invalid"), count("offered_judged")),
        "won": count("offered_won"),
        "revenue": count("offered_revenue"),
        "spend": spent,
        "cost_per_sql": round(spent / accepted) if spent is not None and accepted else None,
    }
    return Row(values, {column: links.listed(scope, of, marketer=key or "x") for column, of in OPENED.items()})
