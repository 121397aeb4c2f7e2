"""The reps side by side: volume and quality of the period."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from reports import links
from reports.counting import Values, ratio
from reports.measures import DECIDED, DUE, OFFERED, OPEN, WINS
from reports.reading import grouped
from reports.scope import Scope
from reports.tables import Column, Row, Table

NOTE = gettext_lazy(
    "What each did in the period. Open hand-offs are those of now; the time to the first touch is that of the hand-offs"
    " received in the period."
)
READ = (
    (OFFERED, ("offered", "touch_median")),
    (DECIDED, ("accepted",)),
    (WINS, ("won", "revenue")),
    (OPEN, ("open",)),
    (DUE, ("promises_kept", "promises_broken")),
)
OPENED = {"offered": "offered", "open": "open", "accepted": "accepted", "won": "won", "revenue": "won"}


def reps(scope: Scope) -> Table:
    """One row per rep with anything to show, most revenue first, then contracts, then accepted."""
    parts = [grouped(scope, reading, keys, by="owner") for reading, keys in READ]
    keys = {key for found in parts for key in found if key}
    people = User.objects.filter(pk__in=keys).select_related("team")
    rows = [_row(scope, u, {k: v for found in parts for k, v in found.get(u.pk, {}).items()}) for u in people]
    rows.sort(key=lambda row: [-row.values[key] for key in ("revenue", "won", "accepted", "offered")])
    columns = [
        Column("id", _("Key"), "text"),
        Column("name", _("Sales rep"), "text"),
        Column("team", _("Team"), "text"),
        Column("offered", _("Received"), "number"),
        Column("open", _("Open"), "number"),
        Column("accepted", _("Accepted"), "number"),
        Column("won", _("Won"), "number"),
        Column("revenue", _("Revenue"), "money"),
        Column("touch_median", _("Time to first touch"), "duration"),
        Column("kept_share", _("Promises kept"), "percent"),
    ]
    return Table("reps", _("Leaderboard"), columns, rows, NOTE)


def _row(scope: Scope, user: User, found: Values) -> Row:
    kept, broken = found.get("promises_kept") or 0, found.get("promises_broken") or 0
    values: dict[str, Any] = {
        "id": user.pk,
        "name": user.full_name,
        "team": user.team.name if user.team else "",
        **{key: found.get(key) or 0 for key in OPENED},
        "touch_median": found.get("touch_median"),
        "kept_share": ratio(kept, kept + broken),
    }
    hrefs = {column: links.measured(scope, key, owner=user.pk) for column, key in OPENED.items()}
    return Row(values, {"name": links.overview(scope, owner=user.pk), **hrefs})
