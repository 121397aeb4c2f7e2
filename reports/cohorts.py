"""MQL to SQL by cohort: what has become, until now, of the hand-offs of each week or month."""

from django.utils.translation import gettext as _

from reports import links
from reports.counting import Values, ratio
from reports.measures import OFFERED
from reports.periods import Bucket, Group, opening
from reports.scope import Scope
from reports.tables import Column, Row, Table
from reports.views_of_time import COHORT
from reports.volume import by_time

OUTCOMES = ("offered_accepted", "offered_recycled", "offered_discarded", "offered_open")
MOST_WEEKS = 14
COUNTED = ("offered", *OUTCOMES, "offered_won")


def cohort_group(scope: Scope) -> Group:
    """Weeks up to a quarter, months beyond."""
    return Group.WEEK if len(scope.period.buckets(Group.WEEK)) <= MOST_WEEKS else Group.MONTH


def cohorts(scope: Scope, group: Group | None = None) -> Table:
    """One row per cohort of the period: counts by outcome, and two rates that must not be mixed. One query.

    `rate` is accepted of all; `rate_decided` is accepted of those decided. They meet when nothing is open any more.
    """
    group = group or cohort_group(scope)
    found = by_time(scope, OFFERED, COUNTED, group)
    columns = [
        Column("from", _("Handed over from"), "day"),
        Column("to", _("To"), "day"),
        Column("offered", _("Handed over"), "number"),
        Column("accepted", _("Accepted"), "number"),
        Column("recycled", _("Recycled"), "number"),
        Column("discarded", _("Discarded"), "number"),
        Column("open", _("Still open"), "number"),
        Column("won", _("Won"), "number"),
        Column("rate", _("MQL to SQL, of all"), "percent", _("Accepted ÷ handed over; grows while some are open.")),
        Column("rate_decided", _("Of those decided"), "percent", _("Accepted ÷ (handed over less still open).")),
        Column("open_share", _("Share still open"), "percent"),
    ]
    rows = [_row(scope, b, found.get(opening(b.first, group), {})) for b in scope.period.buckets(group)]
    return Table("cohorts", _("MQL to SQL by cohort"), columns, rows, COHORT.rule)


def _row(scope: Scope, bucket: Bucket, found: Values) -> Row:
    count = {key: int(found.get(key) or 0) for key in COUNTED}
    decided = count["offered"] - count["offered_open"]
    values = {
        "from": bucket.first,
        "to": bucket.last,
        **{key.removeprefix("offered_"): number for key, number in count.items()},
        "rate": ratio(count["offered_accepted"], count["offered"]),
        "rate_decided": ratio(count["offered_accepted"], decided),
        "open_share": ratio(count["offered_open"], count["offered"]),
    }
    days = {"first": bucket.first, "last": bucket.last}
    return Row(values, {key.removeprefix("offered_"): links.measured(scope, key, **days) for key in COUNTED})
