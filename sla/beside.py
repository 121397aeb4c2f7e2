"""The teams, or the sources, of a period beside each other: as many queries for all of them as for one."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from django.db.models import Count, F, QuerySet
from django.db.models.expressions import Combinable

from accounts.enums import Side
from accounts.models import Team
from sla.agreements import versions
from sla.models import Clock
from sla.queries import RESPONSIBLE_TEAM
from sla.responsibility import COUNTED, FED_BACK, KEPT, Asked, Group, Responsibility, feedback_rows
from sla.verdicts import Figures, Judgement, judge, parts

MOST = 12
# Of a clock: who answers for it, as for a verdict on one team alone; where its hand-off came from.
OF_CLOCKS: dict[str, Combinable] = {"team": RESPONSIBLE_TEAM, "source": F("handoff__source")}


def beside(asked: Asked, by: str) -> list[Group]:
    """One verdict for each sales team, or for each of the twelve sources with most hand-offs; volume is everybody's."""
    found: dict[Any, list[Judgement]] = {}
    for agreement, first, last in parts(versions(), asked.first, asked.last):
        for key, figures in _figures(replace(asked, first=first, last=last), by).items():
            judged = Judgement(agreement, first, last, figures, judge(figures, agreement, volume=None))
            found.setdefault(key, []).append(judged)
    names = _names(found, by)
    return [Group(name, Responsibility(replace(asked, **{by: key}), found[key])) for key, name in names.items()]


def _names(found: Mapping[Any, list[Judgement]], by: str) -> dict[Any, str]:
    """Teams by name; sources by how much came from them."""
    if by == "team":
        teams = Team.objects.filter(side=Side.SALES, pk__in=found).order_by("name", "pk")
        return dict(teams.values_list("pk", "name"))
    offered = {key: sum(one.figures.offered for one in judged) for key, judged in found.items() if key}
    most = sorted((key for key in offered if offered[key]), key=lambda key: (-offered[key], key))
    return {key: key for key in most[:MOST]}


def _figures(asked: Asked, by: str) -> dict[Any, Figures]:
    """Four queries."""
    counted = _by_key(asked.handoffs().values(key=F(by)).annotate(**COUNTED))
    broken, kept = _tally(asked.broken(), by), _tally(asked.clocks().filter(KEPT), by)
    fed = _by_key(feedback_rows(asked).values(key=F("team")).annotate(**FED_BACK)) if by == "team" else {}
    return {
        key: Figures(kept=kept.get(key, {}), broken=broken.get(key, {}), **counted.get(key, {}), **fed.get(key, {}))
        for key in {*counted, *broken, *kept, *fed}
    }


def _by_key(rows: QuerySet[Any, Any]) -> dict[Any, dict[str, int]]:
    return {row["key"]: {name: n for name, n in row.items() if name != "key"} for row in rows.order_by()}


def _tally(clocks: QuerySet[Clock], by: str) -> dict[Any, dict[str, int]]:
    """How many of each promise, by key."""
    found: dict[Any, dict[str, int]] = {}
    rows = clocks.annotate(key=OF_CLOCKS[by]).values_list("key", "promise").annotate(n=Count("pk")).order_by()
    for key, promise, n in rows:
        found.setdefault(key, {})[promise] = n
    return found
