"""From lead to contract: how far the leads of the period have come, how many fall away at each step, how long it takes.

The cohort is the leads created in the period, followed until now. The steps are read from a lead's latest hand-off.
"""

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from reports import links
from reports.counting import MEDIAN, Value, ratio
from reports.measures import CREATED
from reports.reading import of_period
from reports.scope import Scope
from reports.tables import Column, Row, Table

NOTE = gettext_lazy("Follows the leads created in the period until now. Times are medians of elapsed time.")
STEPS: tuple[tuple[str, str, str | Promise], ...] = (
    ("lead", "leads", gettext_lazy("Leads")),
    ("mql", "leads_handed", gettext_lazy("MQL / PQL")),
    ("sql", "leads_accepted", gettext_lazy("SQL")),
    ("won", "leads_won", gettext_lazy("Won")),
)


def funnel(scope: Scope) -> Table:
    """Leads, MQL, SQL, won: count, share of the step before and of all, median seconds since it."""
    found = of_period(scope, [CREATED])
    columns = [
        Column("step", _("Key"), "text"),
        Column("label", _("Step"), "text"),
        Column("count", _("Count"), "number"),
        Column("rate", _("Of the step before"), "percent"),
        Column("of_all", _("Of all leads"), "percent"),
        Column("median_seconds", _("Median time"), "duration"),
    ]
    rows: list[Row] = []
    before: Value = None
    for step, key, label in STEPS:
        values = {
            "step": step,
            "label": str(label),
            "count": found[key],
            "rate": ratio(found[key], before),
            "of_all": ratio(found[key], found["leads"]),
            "median_seconds": found.get(f"{key}_time{MEDIAN}"),
        }
        rows.append(Row(values, {"count": links.measured(scope, key)}))
        before = found[key]
    return Table("funnel", _("Funnel"), columns, rows, NOTE)
