"""Targets of a month against what has come of it so far, and where it is heading."""

from calendar import monthrange
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Count, Sum
from django.utils.translation import gettext as _

from accounts.models import User
from reports import links
from reports.counting import ratio
from reports.measures import CREATED, DECIDED, OFFERED, WINS
from reports.models import Goal
from reports.models.goal import Measured
from reports.periods import custom, months_on, opening_month, today
from reports.reading import of_period
from reports.scope import Scope
from reports.tables import Column, Row, Table, Unit

READ = {
    Measured.LEADS: (CREATED, "leads", "leads"),
    Measured.MQL: (OFFERED, "offered", "offered"),
    Measured.SQL: (DECIDED, "accepted", "accepted"),
    Measured.WON: (WINS, "won", "won"),
    Measured.REVENUE: (WINS, "revenue", "won"),
}
NARROWS = ("team", "owner", "source")


def set_goal(
    *, month: date, kpi: str, value: int, by: User, at: datetime, team: Any = None, owner: Any = None, source: str = ""
) -> None:
    """Sets the month's target of everybody, a team, a person or a source; setting it again changes it."""
    narrow = {"team": team, "owner": owner, "source": source}
    said = {"value": value, "by": by, "at": at}
    Goal.objects.update_or_create(month=opening_month(month), kpi=kpi, **narrow, defaults=said)


def goals(scope: Scope) -> Table:
    """The targets of the months the period touches, that the scope means: reached, share, and forecast.

    The forecast carries the month's pace on to its end, by elapsed days; a month that is over has none.
    """
    first, last = opening_month(scope.period.first), scope.period.last
    found = Goal.objects.filter(month__gte=first, month__lte=last).select_related("team", "owner")
    rows = [_row(scope, goal) for goal in found if _concerns(goal, scope)]
    columns = [
        Column("month", _("Month"), "month"),
        Column("kpi", _("Key"), "text"),
        Column("label", _("KPI"), "text"),
        Column("who", _("Whose"), "text"),
        Column("target", _("Target"), "mixed"),
        Column("actual", _("Reached so far"), "mixed"),
        Column("share", _("Of the target"), "percent"),
        Column("forecast", _("At this pace"), "mixed"),
    ]
    note = _("What happened in the month. The pace carries the days gone on to the end of the month.")
    return Table("goals", _("Targets"), columns, rows, note)


def whole_targets(scope: Scope) -> dict[str, int]:
    """The targets for exactly this scope, of those figures that have one in each of the period's whole months."""
    months = _whole_months(scope)
    if not months or set(scope.chosen) - set(NARROWS):
        return {}
    narrow = {"team": scope.team, "owner": scope.owner, "source": scope.source or ""}
    found = Goal.objects.filter(month__in=months, **narrow).order_by().values("kpi")
    sums = found.annotate(months=Count("month", distinct=True), target=Sum("value"))
    return {row["kpi"]: row["target"] for row in sums if row["months"] == len(months)}


def forecast(actual: int, *, passed: int, days: int) -> int:
    """What the month comes to if it goes on as in its first `passed` of `days` days."""
    return round(actual * days / passed) if passed else 0


def _whole_months(scope: Scope) -> list[date]:
    first, last = scope.period.first, scope.period.last
    if first.day != 1 or (last + timedelta(days=1)).day != 1:
        return []
    months = [first]
    while months_on(months[-1], 1) <= last:
        months.append(months_on(months[-1], 1))
    return months


def _concerns(goal: Goal, scope: Scope) -> bool:
    wanted = {"team": goal.team_id, "owner": goal.owner_id, "source": goal.source or None}
    return all(wanted.get(name) == value for name, value in scope.chosen.items())


def _row(scope: Scope, goal: Goal) -> Row:
    reading, key, opened = READ[Measured(goal.kpi)]
    days = monthrange(goal.month.year, goal.month.month)[1]
    month = custom(goal.month, goal.month.replace(day=days), zone=scope.period.zone)
    only: dict[str, Any] = {"team": goal.team_id, "owner": goal.owner_id, "source": goal.source or None}
    mine = replace(scope, period=month, memo={}, **only)
    actual = int(of_period(mine, [reading])[key])
    passed = (today(scope.at, scope.period.zone) - goal.month).days + 1
    values = {
        "month": goal.month,
        "kpi": goal.kpi,
        "label": str(Measured(goal.kpi).label),
        "who": str(goal.owner or goal.team or goal.source or _("everybody")),
        "target": goal.value,
        "actual": actual,
        "share": ratio(actual, goal.value),
        "forecast": forecast(actual, passed=passed, days=days) if 0 < passed < days else None,
    }
    unit: Unit = "money" if goal.kpi == Measured.REVENUE else "number"
    return Row(values, {"actual": links.measured(mine, opened)}, unit)
