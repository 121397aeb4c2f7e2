"""Why Sales gave leads back or dropped them, in Sales' own words."""

from django.db.models import Count, Q
from django.utils.translation import gettext as _

from leads.enums import Outcome, Reason
from reports import links
from reports.counting import ratio
from reports.measures import DECIDED
from reports.scope import Scope
from reports.tables import Column, Row, Table
from reports.views_of_time import FLOW


def reasons(scope: Scope) -> Table:
    """One row per coded reason with any, most frequent first. One query."""
    rows = scope.handoffs().filter(DECIDED.within(scope.now), outcome__in=[Outcome.RECYCLED, Outcome.DISCARDED])
    found = (
        rows.order_by()
        .values("reason")
        .annotate(
            recycled=Count("pk", filter=Q(outcome=Outcome.RECYCLED)),
            discarded=Count("pk", filter=Q(outcome=Outcome.DISCARDED)),
        )
    )
    total = sum(row["recycled"] + row["discarded"] for row in found)
    lines = [_row(scope, row["reason"], row["recycled"], row["discarded"], total) for row in found]
    lines.sort(key=lambda row: (-row.values["count"], row.values["reason"]))
    columns = [
        Column("reason", _("Key"), "text"),
        Column("label", _("Reason"), "text"),
        Column("recycled", _("Recycled"), "number"),
        Column("discarded", _("Discarded"), "number"),
        Column("count", _("Together"), "number"),
        Column("share", _("Share"), "percent"),
    ]
    return Table("reasons", _("Why Sales said no"), columns, lines, FLOW.rule)


def _row(scope: Scope, reason: str, recycled: int, discarded: int, total: int) -> Row:
    count = recycled + discarded
    values = {
        "reason": reason,
        "label": str(Reason(reason).label),
        "recycled": recycled,
        "discarded": discarded,
        "count": count,
        "share": ratio(count, total),
    }
    return Row(values, {key: links.measured(scope, key, reason=reason) for key in ("recycled", "discarded")})
