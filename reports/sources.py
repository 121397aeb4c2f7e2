"""What each source brings: leads of the period, and what came of the hand-offs of the period."""

from typing import Any

from django.utils.translation import gettext as _

from reports import links
from reports.counting import Value, Values, ratio
from reports.measures import CREATED, OFFERED
from reports.questions import Ask
from reports.reading import ahead, grouped
from reports.scope import Scope
from reports.tables import Column, Row, Table

COUNTED = ("offered", "offered_accepted", "offered_won", "offered_revenue", "offered_judged", "offered_invalid")
ASKS = (Ask(CREATED, "source", ("leads",)), Ask(OFFERED, "source", COUNTED))
OPENED = {"offered": "offered", "accepted": "offered_accepted", "won": "offered_won", "revenue": "offered_won"}


def sources(scope: Scope) -> Table:
    """One row per source, most leads first. Two queries."""
    ahead(scope, ASKS)
    leads = grouped(scope, CREATED, ["leads"], by="source")
    handoffs = grouped(scope, OFFERED, COUNTED, by="source")
    rows = [_row(scope, name, leads.get(name, {}), handoffs.get(name, {})) for name in leads.keys() | handoffs.keys()]
    rows.sort(key=lambda row: (-row.values["leads"], -row.values["offered"], row.values["source"]))
    columns = [
        Column("source", _("Source"), "text"),
        Column("leads", _("Leads"), "number"),
        Column("offered", _("MQL"), "number"),
        Column("mql_rate", _("MQL ÷ leads"), "percent"),
        Column("accepted", _("SQL"), "number"),
        Column("rate", _("MQL to SQL"), "percent"),
        Column("won", _("Won"), "number"),
        Column("won_rate", _("SQL to customer"), "percent"),
        Column("invalid_rate", _("Invalid"), "percent"),
        Column("revenue", _("Revenue"), "money"),
    ]
    note = _("Leads received in the period; SQL, contracts and revenue of those handed over in the period, until now.")
    return Table("sources", _("Sources"), columns, rows, note)


def _row(scope: Scope, name: str, leads: Values, found: Values) -> Row:
    def count(key: str) -> Value:
        return found.get(key) or 0

    values: dict[str, Any] = {
        "source": name,
        "leads": leads.get("leads") or 0,
        "offered": count("offered"),
        "accepted": count("offered_accepted"),
        "won": count("offered_won"),
        "revenue": count("offered_revenue"),
    }
    values["mql_rate"] = ratio(values["offered"], values["leads"])
    values["rate"] = ratio(values["accepted"], values["offered"])
    values["won_rate"] = ratio(values["won"], values["accepted"])
    values["invalid_rate"] = ratio(count("offered_invalid"), count("offered_judged"))
    return Row(values, _hrefs(scope, name))


def _hrefs(scope: Scope, name: str) -> dict[str, str]:
    opened = {column: links.measured(scope, key, source=name) for column, key in OPENED.items()}
    return {
        "source": links.overview(scope, source=name),
        "leads": links.measured(scope, "leads", source=name),
        **opened,
    }
