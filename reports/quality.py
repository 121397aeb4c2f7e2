"""Invalid leads by source, beside what is usual in digital advertising."""

from typing import Any

from django.utils.translation import gettext as _

from reports import links
from reports.counting import Values, ratio
from reports.measures import OFFERED
from reports.questions import Ask
from reports.reading import grouped
from reports.scope import Scope
from reports.tables import Column, Row, Table
from reports.targets import targets_of
from reports.views_of_time import COHORT

USUAL = (0.1, 0.2)  # DOMAIN 3: 10-20 % is usual in digital ads
COUNTED = ("offered", "offered_judged", "offered_invalid", "offered_qualified")

ASKS = (Ask(OFFERED, "source", COUNTED),)


def invalid(scope: Scope, by: str = "source") -> Table:
    """One row per source, highest share first; `state` says where it lies: low, usual, high, or over the agreement."""
    found = grouped(scope, OFFERED, COUNTED, by=by)
    limit = targets_of(scope).invalid
    rows = [_row(scope, by, name, values, limit) for name, values in found.items()]
    rows.sort(key=lambda row: (-(row.values["rate"] or 0), -row.values["judged"], row.values["name"]))
    columns = [
        Column("name", _("Source"), "text"),
        Column("offered", _("Handed over"), "number"),
        Column("judged", _("Judged"), "number", _("Decided, or phone checked while still open.")),
        Column("invalid", _("Invalid"), "number"),
        Column("rate", _("Invalid ÷ judged"), "percent"),
        Column("qualified", _("Passed the check"), "number", _("Right phone, right name, right need.")),
        Column("qualified_rate", _("Passed ÷ judged"), "percent"),
        Column("state", _("Against 10–20 %"), "text"),
    ]
    return Table("invalid", _("Invalid leads by source"), columns, rows, COHORT.rule)


def state(rate: float | None, *, limit: float) -> str:
    """Where a share of invalid leads lies, in words; `limit` is what the agreement allows."""
    if rate is None:
        return ""
    if rate > limit:
        return _("above the agreement")
    if rate > USUAL[1]:
        return _("high")
    return _("usual") if rate >= USUAL[0] else _("low")


def _row(scope: Scope, by: str, name: str, found: Values, limit: float) -> Row:
    rate = ratio(found["offered_invalid"], found["offered_judged"])
    values = {
        "name": name,
        **{key.removeprefix("offered_"): found[key] for key in COUNTED},
        "rate": rate,
        "qualified_rate": ratio(found["offered_qualified"], found["offered_judged"]),
        "state": state(rate, limit=limit),
    }
    only: dict[str, Any] = {by: name}
    hrefs = {key.removeprefix("offered_"): links.measured(scope, key, **only) for key in COUNTED}
    return Row(values, hrefs)
