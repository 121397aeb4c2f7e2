"""The overview's blocks: what each reads, how it is drawn, and the table that can be taken away."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from reports import cards, cohorts, drawings, funnel, kpis, leaderboard, sources, speed, stages, volume
from reports.periods import Group
from reports.scope import Scope
from reports.tables import Table

Content = Mapping[str, Any]


@dataclass(frozen=True)
class Block:
    """One fragment of the overview. `content` fills `reports/blocks/<key>.html`."""

    key: str
    title: str | Promise
    content: Callable[[Scope, Group | None], Content]
    table: Callable[[Scope, Group | None], Table]


def _kpis(scope: Scope, _group: Group | None) -> Content:
    found = kpis.kpis(scope)
    return {"main": cards.cards(scope, found, cards.MAIN), "small": cards.cards(scope, found, cards.SMALL)}


def _volume(scope: Scope, group: Group | None) -> Content:
    table = volume.volume(scope, group)
    return {"table": table, "chart": drawings.volume_chart(table, group or scope.period.group())}


def _funnel(scope: Scope, _group: Group | None) -> Content:
    table = funnel.funnel(scope)
    return {"table": table, "chart": drawings.funnel_chart(table)}


def _cohorts(scope: Scope, group: Group | None) -> Content:
    table = cohorts.cohorts(scope, group)
    return {"table": table, "chart": drawings.cohort_chart(table, group or cohorts.cohort_group(scope))}


def _sla(scope: Scope, _group: Group | None) -> Content:
    return {"table": speed.kept_by(scope), "teams": speed.kept_by(scope, "team")}


def _plain(make: Callable[[Scope], Table]) -> Callable[[Scope, Group | None], Content]:
    return lambda scope, _group: {"table": make(scope)}


def _table(make: Callable[[Scope], Table]) -> Callable[[Scope, Group | None], Table]:
    return lambda scope, _group: make(scope)


BLOCKS: Mapping[str, Block] = {
    block.key: block
    for block in (
        Block("kpis", _("Key figures"), _kpis, _table(lambda scope: kpis.kpi_table(kpis.kpis(scope)))),
        Block("volume", _("Leads received and handed over"), _volume, volume.volume),
        Block("funnel", _("Funnel"), _funnel, _table(funnel.funnel)),
        Block("cohorts", _("MQL to SQL by cohort"), _cohorts, cohorts.cohorts),
        Block("sources", _("Sources"), _plain(sources.sources), _table(sources.sources)),
        Block("sla", _("Promises kept"), _sla, _table(speed.kept_by)),
        Block("breaches", _("Overdue now"), lambda s, _g: {"overdue": speed.overdue(s)}, _table(speed.overdue_table)),
        Block("stages", _("Where leads stand"), _plain(stages.stages), _table(stages.stages)),
        Block("reps", _("Leaderboard"), _plain(leaderboard.reps), _table(leaderboard.reps)),
    )
}
