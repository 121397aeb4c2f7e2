"""Speed to the first touch: how long it took, and what it does to the verdict."""

from typing import Any

from django.db.models import Count, Q
from django.utils.translation import gettext as _

from core import figures
from reports import links
from reports.counting import Values, ratio
from reports.measures import ACCEPTED, DUE, OFFERED, WON
from reports.names import Person, names
from reports.narrowing import TOUCHES, touched
from reports.questions import Ask
from reports.reading import ahead, grouped
from reports.scope import Scope
from reports.tables import Column, Row, Table
from reports.views_of_time import COHORT

MINUTE = 60
TOUCHED = ("offered", "offered_touched", "touch_median", "touch_p90")
PROMISES = ("promises_kept", "promises_broken")
ASKS = (Ask(OFFERED, "owner", TOUCHED), Ask(DUE, "owner", PROMISES))


def histogram(scope: Scope) -> Table:
    """Hand-offs of the period by the time to their first touch, and the share accepted and won of each. One query."""
    wanted: dict[str, Any] = {}
    for place, (low, high) in enumerate(TOUCHES):
        there = touched(low, high)
        wanted[f"n{place}"] = Count("pk", filter=there)
        wanted[f"a{place}"] = Count("pk", filter=there & ACCEPTED)
        wanted[f"w{place}"] = Count("pk", filter=there & WON)
    rows = scope.handoffs().filter(OFFERED.within(scope.now))
    never = Q(first_touch_at=None)
    found = rows.aggregate(
        **wanted,
        nx=Count("pk", filter=never),
        ax=Count("pk", filter=never & ACCEPTED),
        wx=Count("pk", filter=never & WON),
    )
    columns = [
        Column("label", _("First touch after"), "text"),
        Column("count", _("Hand-offs"), "number"),
        Column("share", _("Share"), "percent"),
        Column("accepted", _("Accepted"), "number"),
        Column("rate", _("MQL to SQL"), "percent"),
        Column("won", _("Won"), "number"),
    ]
    total = sum(found[f"n{place}"] for place in [*range(len(TOUCHES)), "x"])
    lines = [_line(scope, str(place), words(*limits), found, total) for place, limits in enumerate(TOUCHES)]
    lines.append(_line(scope, "x", _("Not touched yet"), found, total))
    return Table("touch", _("Time to the first touch, and what became of it"), columns, lines, COHORT.rule)


def by_rep(scope: Scope) -> Table:
    """Median, slowest tenth and promises kept, per rep, quickest first."""
    ahead(scope, ASKS)
    offered = grouped(scope, OFFERED, TOUCHED, by="owner")
    due = grouped(scope, DUE, PROMISES, by="owner")
    people = [(key, person) for key, person in names(scope).people.items() if key in offered]
    rows = [_person(scope, key, person, {**offered[key], **due.get(key, {})}) for key, person in people]
    rows.sort(key=lambda row: (row.values["median"] is None, row.values["median"] or 0, row.values["name"]))
    columns = [
        Column("name", _("Sales rep"), "text"),
        Column("team", _("Team"), "text"),
        Column("offered", _("Received"), "number"),
        Column("touched", _("Touched"), "number"),
        Column("median", _("Median"), "duration"),
        Column("p90", _("Slowest tenth"), "duration"),
        Column("in_sla", _("In time"), "percent", _("Of the promises that fell due in the period.")),
    ]
    return Table("speed", _("Speed by rep"), columns, rows, COHORT.rule)


def words(low: int, high: int | None) -> str:
    """Under 5 minutes; 5 to 15 minutes; over a day."""
    if high is None:
        return _("over %(low)s") % {"low": figures.duration(low * MINUTE)}
    if not low:
        return _("under %(high)s") % {"high": figures.duration(high * MINUTE)}
    return f"{figures.duration(low * MINUTE)}\u2013{figures.duration(high * MINUTE)}"


def _line(scope: Scope, place: str, label: str, found: Values, total: int) -> Row:
    count, accepted, won = (found[f"{letter}{place}"] for letter in "naw")
    values = {
        "label": label,
        "count": count,
        "share": ratio(count, total),
        "accepted": accepted,
        "rate": ratio(accepted, count),
        "won": won,
    }
    opened = {"count": "offered", "accepted": "offered_accepted", "won": "offered_won"}
    hrefs = {column: links.measured(scope, key, touch=place) for column, key in opened.items()}
    return Row(values, hrefs)


def _person(scope: Scope, key: int, person: Person, found: Values) -> Row:
    kept, broken = found.get("promises_kept") or 0, found.get("promises_broken") or 0
    values = {
        "name": person.name,
        "team": person.team,
        "offered": found["offered"],
        "touched": found["offered_touched"],
        "median": found["touch_median"],
        "p90": found["touch_p90"],
        "in_sla": ratio(kept, kept + broken),
    }
    hrefs = {
        "name": links.page(scope, "speed", owner=key),
        "offered": links.measured(scope, "offered", owner=key),
        "touched": links.measured(scope, "offered_touched", owner=key),
        "in_sla": links.measured(scope, "promises_kept", owner=key),
    }
    return Row(values, hrefs)
