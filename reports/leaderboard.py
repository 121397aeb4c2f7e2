"""The reps and teams side by side: volume, quality and load."""

from dataclasses import replace
from typing import Any

from django.db.models import Count, Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from leads.enums import CallOutcome
from leads.models import Call
from reports import links
from reports.counting import Values, between, ratio
from reports.measures import DECIDED, DUE, OFFERED, OPEN, WINS
from reports.names import names
from reports.questions import Ask
from reports.reading import ahead, grouped
from reports.scope import OF_STANDING, Scope
from reports.tables import Column, Row, Table
from sla.audits import mismatches

NOTE = gettext_lazy(
    "What each did in the period. Open hand-offs are those of now; the time to the first touch is that of the hand-offs"
    " received in the period."
)
READ = (
    (OFFERED, ("offered", "offered_accepted", "offered_invalid", "offered_judged", "touch_median")),
    (DECIDED, ("accepted",)),
    (WINS, ("won", "revenue")),
    (OPEN, ("open",)),
    (DUE, ("promises_kept", "promises_broken")),
)
NOT_AUDITED: Values = {"audited": 0, "mismatch": None}
OPENED = {"offered": "offered", "open": "open", "accepted": "accepted", "won": "won", "revenue": "won"}


def asks(by: str) -> list[Ask]:
    """What the table will ask for."""
    return [Ask(reading, by, keys) for reading, keys in READ]


def reps(scope: Scope) -> Table:
    """One row per rep with anything to show, most revenue first, then contracts, then accepted.

    A rep who may see the team's ranking sees colleagues' rows, which open nothing.
    """
    board = scope if scope.ranked_in is None else replace(scope, owner=None, team=scope.ranked_in, memo={})
    found = _read(board, "owner")
    people = {key: person for key, person in names(scope).people.items() if key in found}
    rows = [_row(board, "owner", key, person.name, found[key], mine=scope.owner) for key, person in people.items()]
    rows = [replace(row, values={**row.values, "team": people[row.values["id"]].team}) for row in rows]
    columns = [
        Column("id", _("Key"), "text"),
        Column("name", _("Sales rep"), "text"),
        Column("team", _("Team"), "text"),
        *_columns(),
    ]
    return Table("reps", _("Leaderboard"), columns, _ranked(rows), NOTE)


def teams(scope: Scope) -> Table:
    """The same, team by team."""
    found = _read(scope, "team")
    known = names(scope).teams
    rows = [_row(scope, "team", key, name, found[key], mine=None) for key, name in known.items() if key in found]
    columns = [Column("id", _("Key"), "text"), Column("name", _("Team"), "text"), *_columns()]
    return Table("teams", _("Teams"), columns, _ranked(rows), NOTE)


def calls(scope: Scope) -> Table:
    """Calls of the period, per rep, and how the audits of the period found them logged. Index used: call_by_day."""
    rows = Call.objects.filter(between("occurred_at", scope.now), by__isnull=False)
    if scope.owner is not None:
        rows = rows.filter(by=scope.owner)
    if scope.team is not None:
        rows = rows.filter(by__team=scope.team)
    for name in scope.chosen.keys() & OF_STANDING.keys() - {"owner", "team"}:
        rows = rows.filter(**{f"lead__standing__{OF_STANDING[name]}": scope.chosen[name]})
    found = (
        rows.order_by()
        .values("by", "by__full_name")
        .annotate(
            calls=Count("pk"),
            reached=Count("pk", filter=Q(outcome=CallOutcome.REACHED)),
            leads=Count("lead", distinct=True),
        )
    )
    audited = _audited(scope)
    lines = [
        Row(
            {
                "name": row["by__full_name"],
                "calls": row["calls"],
                "reached": row["reached"],
                "rate": ratio(row["reached"], row["calls"]),
                "leads": row["leads"],
                **audited.get(row["by"], NOT_AUDITED),
            },
            {"leads": links.listed(scope, "standing", called=row["by"])},
        )
        for row in found
    ]
    lines.sort(key=lambda row: (-row.values["calls"], row.values["name"]))
    columns = [
        Column("name", _("Sales rep"), "text"),
        Column("calls", _("Calls"), "number"),
        Column("reached", _("Reached"), "number"),
        Column("rate", _("Reached, share"), "percent"),
        Column("leads", _("Leads called"), "number"),
        Column("audited", _("Audited"), "number", _("Calls reviewed in the period.")),
        Column("mismatch", _("Logged wrongly"), "percent", _("Logged wrongly ÷ reviewed in the period.")),
    ]
    return Table("calls", _("Calls"), columns, lines, _("Calls made in the period, whoever has the lead now."))


def _audited(scope: Scope) -> dict[int, Values]:
    """Per rep, by the time of the review; a sample says nothing about one source or city, so there it is left out."""
    if scope.chosen.keys() - {"owner", "team"}:
        return {}
    found = mismatches(since=scope.now.start, until=scope.now.end, team=scope.team)
    return {one.rep.pk: {"audited": one.reviewed, "mismatch": one.rate} for one in found}


def _columns() -> list[Column]:
    return [
        Column("offered", _("Received"), "number"),
        Column("open", _("Open"), "number"),
        Column("accepted", _("Accepted"), "number"),
        Column("won", _("Won"), "number"),
        Column("revenue", _("Revenue"), "money"),
        Column("rate", _("MQL to SQL"), "percent", _("Accepted until now ÷ received in the period.")),
        Column("touch_median", _("Time to first touch"), "duration"),
        Column("kept_share", _("Promises kept"), "percent"),
    ]


def _read(scope: Scope, by: str) -> dict[Any, Values]:
    found: dict[Any, dict[str, Any]] = {}
    ahead(scope, asks(by))
    for reading, keys in READ:
        for key, values in grouped(scope, reading, keys, by=by).items():
            found.setdefault(key, {}).update(values)
    return dict(found)


def _ranked(rows: list[Row]) -> list[Row]:
    return sorted(rows, key=lambda row: [-row.values[key] for key in ("revenue", "won", "accepted", "offered")])


def _row(scope: Scope, by: str, key: int, name: str, found: Values, *, mine: int | None) -> Row:
    kept, broken = found.get("promises_kept") or 0, found.get("promises_broken") or 0
    values: dict[str, Any] = {
        "id": key,
        "name": name,
        **{column: found.get(column) or 0 for column in OPENED},
        "rate": ratio(found.get("offered_accepted") or 0, found.get("offered")),
        "touch_median": found.get("touch_median"),
        "kept_share": ratio(kept, kept + broken),
    }
    if scope.ranked_in is not None and key != mine:
        return Row(values)
    only: dict[str, Any] = {by: key}
    hrefs = {column: links.measured(scope, measure, **only) for column, measure in OPENED.items()}
    return Row(values, {"name": links.overview(scope, **only), **hrefs})
