"""The way through Sales' chain: who moved from where to where, how long they stayed, and who is stuck."""

from datetime import timedelta
from typing import Any

from django.db.models import BigIntegerField, Count, Q, QuerySet
from django.db.models.fields.json import KT
from django.db.models.functions import Cast
from django.utils.translation import gettext as _

from leads.enums import Status
from leads.kinds import STATUS_MOVED
from leads.models import Event
from reports import links
from reports.counting import Percentile, between
from reports.scope import OF_STANDING, Scope
from reports.tables import Column, Row, Table
from reports.views_of_time import FLOW, LIVE

AT_WORK = (Status.NEW, Status.RESEARCHED, Status.UNREACHABLE, Status.POTENTIAL, Status.HOT)
DAYS = (3, 7, 14, 30)


def _moves(scope: Scope) -> QuerySet[Event]:
    """Moves of the period, of the leads the scope means. Index used: event_moved."""
    path = {name: "lead__standing__" + OF_STANDING[name] for name in OF_STANDING}
    path |= {"product": "lead__product", "city": "lead__city"}
    chosen = {path[name]: value for name, value in scope.chosen.items()}
    return Event.objects.filter(between("occurred_at", scope.now), kind=STATUS_MOVED, **chosen).order_by()


def moves(scope: Scope) -> Table:
    """From where to where: leads that moved so in the period (a lead counts once per move)."""
    found = _moves(scope).values(origin=KT("properties__from"), target=KT("properties__to"))
    rows = [_move(scope, **row) for row in found.annotate(leads=Count("lead", distinct=True), times=Count("pk"))]
    order = list(Status.values)
    rows.sort(key=lambda row: (order.index(row.values["origin"]), order.index(row.values["destination"])))
    columns = [
        Column("origin", _("Key"), "text"),
        Column("destination", _("To key"), "text"),
        Column("from", _("From status"), "text"),
        Column("to", _("To status"), "text"),
        Column("leads", _("Leads"), "number"),
        Column("times", _("Moves"), "number"),
    ]
    return Table("moves", _("Moves between statuses"), columns, rows, FLOW.rule)


def stays(scope: Scope) -> Table:
    """How long leads stayed in the statuses they left in the period. Elapsed time."""
    seconds = Cast(KT("properties__seconds"), BigIntegerField())
    found = (
        _moves(scope)
        .values(status=KT("properties__from"))
        .annotate(times=Count("pk"), median=Percentile(seconds, share=0.5), p90=Percentile(seconds, share=0.9))
    )
    by_status = {row["status"]: row for row in found}
    columns = [
        Column("status", _("Key"), "text"),
        Column("label", _("Status"), "text"),
        Column("times", _("Left it"), "number"),
        Column("median", _("Median"), "duration"),
        Column("p90", _("Slowest tenth"), "duration"),
    ]
    rows = [Row({"status": s.value, "label": str(s.label), **_stay(by_status.get(s.value))}) for s in Status]
    return Table("stays", _("Time in each status"), columns, rows, FLOW.rule)


def stuck(scope: Scope) -> Table:
    """Leads still at work that have not moved for so many days. One query."""
    since = {f"d{days}": Q(status_since__lte=scope.at - timedelta(days=days)) for days in DAYS}
    rows = scope.standings().filter(status__in=AT_WORK, status_since__lte=scope.at - timedelta(days=DAYS[0]))
    counts = {name: Count("pk", filter=where) for name, where in since.items()}
    found: dict[str, Any] = {row["status"]: row for row in rows.order_by().values("status").annotate(**counts)}
    columns = [
        Column("status", _("Key"), "text"),
        Column("label", _("Status"), "text"),
        *(Column(f"d{days}", _("%(days)s days and more") % {"days": days}, "number") for days in DAYS),
    ]
    lines = []
    for status in AT_WORK:
        values = {f"d{days}": found.get(status.value, {}).get(f"d{days}", 0) for days in DAYS}
        hrefs = {f"d{days}": links.measured(scope, "standing", stuck=f"{status.value}-{days}") for days in DAYS}
        lines.append(Row({"status": status.value, "label": str(status.label), **values}, hrefs))
    return Table("stuck", _("Where leads get stuck"), columns, lines, LIVE.rule)


def _move(scope: Scope, *, origin: str, target: str, leads: int, times: int) -> Row:
    values = {
        "origin": origin,
        "destination": target,
        "from": str(Status(origin).label),
        "to": str(Status(target).label),
        "leads": leads,
        "times": times,
    }
    return Row(values, {"leads": links.measured(scope, "standing", move=f"{origin}-{target}")})


def _stay(found: Any) -> dict[str, Any]:
    row = found or {"times": 0, "median": None, "p90": None}
    return {key: row[key] for key in ("times", "median", "p90")}
