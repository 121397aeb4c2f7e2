"""Where the leads stand right now, in Sales' chain of statuses."""

from django.utils.translation import gettext as _

from leads.enums import Status
from reports import links
from reports.scope import Scope
from reports.sql import capped_counts
from reports.tables import Column, Row, Table
from reports.views_of_time import LIVE

COUNTED_TO = 10_000


def stages(scope: Scope) -> Table:
    """Leads per status, each counted up to 10,000; beyond, `more` is true. One query, bounded in cost.

    Index used: standing_status, once per status.
    """
    counts = capped_counts([scope.standings().filter(status=status) for status in Status], limit=COUNTED_TO)
    columns = [
        Column("status", _("Key"), "text"),
        Column("label", _("Status"), "text"),
        Column("count", _("Leads"), "number"),
        Column("more", _("Or more"), "flag"),
    ]
    rows = [_row(scope, status, count) for status, count in zip(Status, counts, strict=True)]
    return Table("stages", _("Where leads stand"), columns, rows, LIVE.rule)


def _row(scope: Scope, status: Status, count: int) -> Row:
    values = {
        "status": status.value,
        "label": str(status.label),
        "count": min(count, COUNTED_TO),
        "more": count > COUNTED_TO,
    }
    return Row(values, {"count": links.standing(scope, status=status.value)})
