"""Where the leads stand right now, in Sales' chain of statuses."""

from hashlib import sha1

from django.core.cache import caches
from django.utils.translation import gettext as _

from leads.enums import Status
from reports import links
from reports.scope import Scope
from reports.sql import capped_by
from reports.tables import Column, Row, Table
from reports.views_of_time import LIVE

COUNTED_TO = 10_000
BEYOND_FOR = 30  # seconds


def stages(scope: Scope) -> Table:
    """Leads per status, each counted up to 10,000; beyond, `more` is true. One query, bounded in cost.

    Index used: standing_by_status, once per status.
    """
    counts = _counts(scope)
    columns = [
        Column("status", _("Key"), "text"),
        Column("label", _("Status"), "text"),
        Column("count", _("Leads"), "number"),
        Column("more", _("Or more"), "flag"),
    ]
    rows = [_row(scope, status, counts[status.value]) for status in Status]
    return Table("stages", _("Where leads stand"), columns, rows, LIVE.rule)


def _counts(scope: Scope) -> dict[str, int]:
    """Counting up to the limit is most of the cost: what was beyond it is not counted again for half a minute."""
    kept, name = caches["drawn"], _name(scope)
    beyond = kept.get(name, frozenset())
    asked = [status for status in Status.values if status not in beyond]
    counts = dict(zip(asked, capped_by(scope.standings(), "status", asked, limit=COUNTED_TO), strict=True))
    if more := frozenset(status for status, count in counts.items() if count > COUNTED_TO):
        kept.set(name, beyond | more, BEYOND_FOR)
    return counts | dict.fromkeys(beyond, COUNTED_TO + 1)


def _name(scope: Scope) -> str:
    said = repr((COUNTED_TO, sorted(scope.chosen.items())))
    return f"reports:beyond:{sha1(said.encode()).hexdigest()}"  # noqa: S324 - a name, no secret


def _row(scope: Scope, status: Status, count: int) -> Row:
    values = {
        "status": status.value,
        "label": str(status.label),
        "count": min(count, COUNTED_TO),
        "more": count > COUNTED_TO,
    }
    return Row(values, {"count": links.standing(scope, status=status.value)})
