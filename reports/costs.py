"""What a source or campaign costs and brings: spend of the period beside the leads and hand-offs of the period."""

from typing import Any

from django.db.models import Sum
from django.utils.translation import gettext as _

from leads.models import Spend
from reports import links
from reports.counting import Values, ratio
from reports.measures import CREATED, OFFERED
from reports.questions import Ask
from reports.reading import ahead, grouped
from reports.scope import Scope
from reports.tables import Column, Row, Table

COUNTED = ("offered", "offered_accepted", "offered_won", "offered_revenue")
PRICED = {"lead": "leads", "mql": "offered", "sql": "accepted", "customer": "won"}
SPENT_BY = {"source", "campaign"}  # spend is not known by team, person, product or city


def asks(by: str) -> tuple[Ask, ...]:
    """What the table will ask for."""
    return Ask(CREATED, by, ("leads",)), Ask(OFFERED, by, COUNTED)


def costs(scope: Scope, by: str = "source") -> Table:
    """One row per source or campaign, dearest first. Money in whole VND; None where no spend is known.

    ROI is (revenue - spend) / spend, of the contracts won until now by the hand-offs offered in the period.
    """
    ahead(scope, asks(by))
    leads = grouped(scope, CREATED, ["leads"], by=by)
    handoffs = grouped(scope, OFFERED, COUNTED, by=by)
    spent = spend(scope, by)
    names = leads.keys() | handoffs.keys() | spent.keys()
    rows = [_row(scope, by, n, {**leads.get(n, {}), **handoffs.get(n, {})}, spent.get(n)) for n in names]
    rows.sort(key=lambda row: (-(row.values["spend"] or 0), -row.values["leads"], row.values["name"]))
    columns = [
        Column("name", _("Source") if by == "source" else _("Campaign"), "text"),
        Column("spend", _("Spend"), "money"),
        Column("leads", _("Leads"), "number"),
        Column("offered", _("MQL"), "number"),
        Column("accepted", _("SQL"), "number"),
        Column("won", _("Won"), "number"),
        Column("cost_per_lead", _("Cost per lead"), "money", _("Spend ÷ leads received in the period.")),
        Column("cost_per_mql", _("Cost per MQL"), "money", _("Spend ÷ hand-offs offered in the period.")),
        Column("cost_per_sql", _("Cost per SQL"), "money", _("Spend ÷ those of them accepted until now.")),
        Column("cost_per_customer", _("Cost per customer"), "money", _("Spend ÷ those of them won until now.")),
        Column("revenue", _("Revenue"), "money"),
        Column("roi", _("ROI"), "percent", _("(Revenue − spend) ÷ spend.")),
    ]
    title = _("Cost and return by source") if by == "source" else _("Cost and return by campaign")
    return Table(f"costs_{by}", title, columns, rows, note(scope))


def note(scope: Scope) -> str:
    if scope.chosen.keys() - SPENT_BY:
        return _("Spend is known by source and campaign only: with other filters its columns stay empty.")
    return _("Spend of the period; contracts and revenue of those handed over in the period, until now.")


def spend(scope: Scope, by: str) -> dict[str, int]:
    """What was spent in the period, in whole VND; nothing under filters that spend does not know."""
    if scope.chosen.keys() - SPENT_BY:
        return {}
    days = Spend.objects.filter(day__gte=scope.period.first, day__lte=scope.period.last, **scope.chosen)
    return {row[by]: row["sum"] for row in days.values(by).annotate(sum=Sum("amount")).order_by()}


def _row(scope: Scope, by: str, name: str, found: Values, spent: int | None) -> Row:
    values: dict[str, Any] = {
        "name": name,
        "spend": spent,
        "leads": found.get("leads") or 0,
        "offered": found.get("offered") or 0,
        "accepted": found.get("offered_accepted") or 0,
        "won": found.get("offered_won") or 0,
        "revenue": found.get("offered_revenue") or 0,
    }
    for unit, key in PRICED.items():
        each = ratio(spent, values[key])
        values[f"cost_per_{unit}"] = None if each is None else round(each)
    values["roi"] = None if not spent else (values["revenue"] - spent) / spent
    only: dict[str, Any] = {by: name}
    opened = {"offered": "offered", "accepted": "offered_accepted", "won": "offered_won", "revenue": "offered_won"}
    hrefs = {column: links.measured(scope, key, **only) for column, key in {"leads": "leads", **opened}.items()}
    return Row(values, {"name": links.page(scope, "sources", **only), **hrefs})
