"""How many leads came and how many were handed over, day by day, week by week or month by month."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from reports import links
from reports.counting import Reading, Values
from reports.measures import CREATED, OFFERED
from reports.periods import Bucket, Group, opening
from reports.questions import Ask
from reports.reading import ahead, grouped
from reports.scope import Scope
from reports.tables import Column, Row, Table
from reports.views_of_time import FLOW

COUNTED = ("leads", "offered")


def by_time(scope: Scope, reading: Reading, keys: tuple[str, ...], group: Group) -> Mapping[date, Values]:
    """Measures per bucket, under the first day of the whole week or month the bucket lies in."""
    return grouped(scope, reading, keys, by=group)


def asks(group: Group) -> tuple[Ask, ...]:
    """What the table will ask for."""
    return Ask(CREATED, group, ("leads",)), Ask(OFFERED, group, ("offered",))


def volume(scope: Scope, group: Group | None = None) -> Table:
    """Leads received and hand-offs offered per bucket of the period; None in buckets that lie ahead. Two queries."""
    group = group or scope.period.group()
    ahead(scope, asks(group))
    found = {
        "leads": by_time(scope, CREATED, ("leads",), group),
        "offered": by_time(scope, OFFERED, ("offered",), group),
    }
    columns = [
        Column("from", _("From"), "day"),
        Column("to", _("To"), "day"),
        Column("leads", _("Leads received"), "number"),
        Column("offered", _("MQL handed over"), "number"),
    ]
    rows = [_row(scope, bucket, group, found) for bucket in scope.period.buckets(group)]
    return Table("volume", _("Leads received and handed over"), columns, rows, FLOW.rule)


def _row(scope: Scope, bucket: Bucket, group: Group, found: Mapping[str, Mapping[date, Values]]) -> Row:
    values: dict[str, Any] = {"from": bucket.first, "to": bucket.last}
    ahead = bucket.first > scope.at.astimezone(scope.period.zone).date()
    for key in COUNTED:
        counted = found[key].get(opening(bucket.first, group), {}).get(key) or 0
        values[key] = None if ahead else counted
    return Row(values, {key: links.measured(scope, key, first=bucket.first, last=bucket.last) for key in COUNTED})
