"""Tables as charts, in the colours of the badges."""

from datetime import date

from django.utils.translation import gettext as _

from core.charts import Chart, Series
from core.ui_words import OUTCOMES, STAGES
from reports.periods import Group
from reports.tables import Row, Table

SHORT_MONTH = "%m/%Y"


def volume_chart(table: Table, group: Group) -> Chart:
    """Received against handed over; a click opens the leads received in that bucket."""
    return Chart(
        kind="area",
        labels=[span_label(row, group) for row in table.rows],
        series=[
            Series(_("Leads received"), [row.values["leads"] for row in table.rows], "blue"),
            Series(_("MQL handed over"), [row.values["offered"] for row in table.rows], STAGES["mql"].colour),
        ],
        hrefs=[row.hrefs["leads"] for row in table.rows],
    )


def funnel_chart(table: Table) -> Chart:
    colours = {"lead": "lead", "mql": "mql", "sql": "sql", "won": "customer"}
    return Chart(
        kind="funnel",
        labels=[row.values["label"] for row in table.rows],
        series=[Series(_("Leads"), [row.values["count"] for row in table.rows])],
        hrefs=[row.hrefs["count"] for row in table.rows],
        colours=[STAGES[colours[row.values["step"]]].colour for row in table.rows],
    )


def cohort_chart(table: Table, group: Group) -> Chart:
    """What became of each cohort, stacked: its height is the cohort."""
    parts = ("accepted", "recycled", "discarded", "open")
    return Chart(
        kind="stack",
        labels=[span_label(row, group) for row in table.rows],
        series=[
            Series(str(OUTCOMES[part].label), [row.values[part] for row in table.rows], OUTCOMES[part].colour)
            for part in parts
        ],
        hrefs=[row.hrefs["offered"] for row in table.rows],
    )


def span_label(row: Row, group: Group) -> str:
    """23/11, or 23/11-29/11, or 11/2026."""
    first, last = row.values["from"], row.values["to"]
    if group == Group.MONTH:
        return str(first.strftime(SHORT_MONTH))
    return _day(first) if first == last else f"{_day(first)}\u2013{_day(last)}"


def _day(day: date) -> str:
    return f"{day.day}/{day.month}"
