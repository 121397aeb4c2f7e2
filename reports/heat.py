"""When people enquire: leads by weekday and hour, against the hours somebody is there."""

from datetime import time

from django.db.models import Count
from django.db.models.functions import ExtractHour, ExtractIsoWeekDay
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext as _

from accounts.models import WorkSpan
from core import figures
from reports import links
from reports.counting import ratio
from reports.measures import CREATED
from reports.scope import Scope
from reports.tables import Column, Row, Table

HOURS = range(24)


def heat(scope: Scope) -> Table:
    """One row per weekday, one column per hour of company time. Two queries."""
    zone = scope.period.zone
    rows = scope.standings().filter(CREATED.within(scope.now)).order_by()
    found = rows.values(
        weekday=ExtractIsoWeekDay("created_at", tzinfo=zone), hour=ExtractHour("created_at", tzinfo=zone)
    ).annotate(count=Count("pk"))
    counts = {(row["weekday"], row["hour"]): row["count"] for row in found}
    columns = [Column("weekday", _("Weekday"), "text"), *(Column(f"h{hour}", f"{hour}h", "number") for hour in HOURS)]
    lines = [_row(scope, weekday, counts) for weekday in range(1, 8)]
    return Table("heat", _("When people enquire"), columns, lines, _note(counts))


def outside(counts: dict[tuple[int, int], int], spans: list[tuple[int, time, time]]) -> float | None:
    """The share of enquiries in hours that no office hours touch; spans are weekday (0 is Monday), from, to."""
    open_hours = {
        (weekday + 1, hour)
        for weekday, start, end in spans
        for hour in HOURS
        if time(hour) < end and start <= time(hour, 59)
    }
    closed = sum(count for place, count in counts.items() if place not in open_hours)
    return ratio(closed, sum(counts.values()))


def _note(counts: dict[tuple[int, int], int]) -> str:
    share = outside(counts, list(WorkSpan.objects.values_list("weekday", "start", "end")))
    if share is None:
        return ""
    return _("%(share)s of the enquiries come outside office hours.") % {"share": figures.percent(share)}


def _row(scope: Scope, weekday: int, counts: dict[tuple[int, int], int]) -> Row:
    values = {"weekday": str(WEEKDAYS[weekday - 1]), **{f"h{hour}": counts.get((weekday, hour), 0) for hour in HOURS}}
    hrefs = {f"h{hour}": links.listed(scope, "leads", hour=f"{weekday}-{hour}") for hour in HOURS}
    return Row(values, hrefs)
