"""Tables as charts, in the colours of the badges."""

from datetime import date

from django.utils.translation import gettext as _

from core.charts import Chart, Series
from core.ui_words import OUTCOMES, STAGES, STATUSES
from leads.enums import Status
from reports.periods import Group
from reports.quality import USUAL
from reports.tables import Row, Table

SHORT_MONTH = "%m/%Y"
SHOWN = 12


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


def costs_chart(table: Table) -> Chart:
    """Spend against revenue, source by source; a click opens the leads."""
    rows = table.rows[:SHOWN]
    return Chart(
        kind="bar",
        labels=[row.values["name"] or _("(none)") for row in rows],
        series=[
            Series(_("Spend"), [row.values["spend"] for row in rows], "orange"),
            Series(_("Revenue"), [row.values["revenue"] for row in rows], "green"),
        ],
        unit="money",
        hrefs=[row.hrefs["leads"] for row in rows],
    )


def touch_chart(table: Table) -> Chart:
    """How many were touched how soon."""
    return Chart(
        kind="bar",
        labels=[row.values["label"] for row in table.rows],
        series=[
            Series(_("Hand-offs"), [row.values["count"] for row in table.rows], STAGES["mql"].colour),
            Series(_("Accepted"), [row.values["accepted"] for row in table.rows], OUTCOMES["accepted"].colour),
        ],
        hrefs=[row.hrefs["count"] for row in table.rows],
    )


def moves_chart(table: Table) -> Chart:
    """The moves as a flow: one series per status left, one label per status reached."""
    statuses = [status for status in Status.values if any(status in _ends(row) for row in table.rows)]
    flow = {_ends(row): row.values["leads"] for row in table.rows}
    return Chart(
        kind="sankey",
        labels=[str(Status(status).label) for status in statuses],
        series=[
            Series(
                str(Status(origin).label), [flow.get((origin, target)) for target in statuses], STATUSES[origin].colour
            )
            for origin in statuses
        ],
    )


def stays_chart(table: Table) -> Chart:
    """Median time in each status."""
    return Chart(
        kind="hbar",
        labels=[row.values["label"] for row in table.rows],
        series=[Series(_("Median"), [row.values["median"] for row in table.rows], "blue")],
        unit="duration",
    )


def reasons_chart(table: Table) -> Chart:
    return Chart(
        kind="hbar",
        labels=[row.values["label"] for row in table.rows],
        series=[Series(_("Leads"), [row.values["count"] for row in table.rows], "orange")],
        hrefs=[row.hrefs["recycled"] for row in table.rows],
    )


def invalid_chart(table: Table) -> Chart:
    """Shares of invalid leads, with the upper end of what is usual as a line."""
    rows = [row for row in table.rows if row.values["rate"] is not None][:SHOWN]
    return Chart(
        kind="bar",
        labels=[row.values["name"] or _("(none)") for row in rows],
        series=[Series(_("Invalid ÷ judged"), [row.values["rate"] for row in rows], "red")],
        unit="percent",
        hrefs=[row.hrefs["invalid"] for row in rows],
        target=USUAL[1],
    )


def heat_chart(table: Table) -> Chart:
    """Weekdays by hours: the darker, the more enquiries."""
    hours = [column for column in table.columns if column.key != "weekday"]
    return Chart(
        kind="heat",
        labels=[str(column.label) for column in hours],
        series=[Series(row.values["weekday"], [row.values[hour.key] for hour in hours]) for row in table.rows],
        hrefs=[row.hrefs[hour.key] for row in table.rows for hour in hours],
    )


def _ends(row: Row) -> tuple[str, str]:
    return row.values["origin"], row.values["destination"]
