"""The blocks of the reports: what each reads, how it is drawn, and the table that can be taken away."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from core.charts import Chart
from reports import (
    cards,
    cohorts,
    costs,
    drawings,
    funnel,
    goals,
    heat,
    kpis,
    leaderboard,
    marketers,
    moving,
    quality,
    reasons,
    sources,
    speed,
    stages,
    touch,
    volume,
)
from reports.patience import patiently
from reports.periods import Group
from reports.scope import Scope
from reports.tables import Table

Content = Mapping[str, Any]
Make = Callable[[Scope, Group | None], Table]
Draw = Callable[[Table], Chart]
PLAIN = "table"


@dataclass(frozen=True)
class Block:
    """One fragment of a page. `content` fills `reports/blocks/<template>.html`; a plain one is its table and chart."""

    key: str
    title: str | Promise
    table: Make
    content: Callable[[Scope, Group | None], Content] | None = None
    chart: Draw | None = None

    @property
    def template(self) -> str:
        return f"reports/blocks/{self.key if self.content else PLAIN}.html"

    def fill(self, scope: Scope, group: Group | None) -> Content:
        if self.content:
            return self.content(scope, group)
        table = self.table(scope, group)
        return {"table": table, "chart": self.chart(table) if self.chart else None}


def filled(block: Block, scope: Scope, group: Group | None) -> Content | None:
    """The content; None while the days of the scope are still being counted and are too many to read one by one."""
    return patiently(scope, lambda: block.fill(scope, group))


def _kpis(scope: Scope, _group: Group | None) -> Content:
    found = cards.cards(scope, kpis.kpis(scope), (*cards.MAIN, *cards.SMALL))
    return {"main": found[: len(cards.MAIN)], "small": found[len(cards.MAIN) :]}


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


def _of(make: Callable[[Scope], Table]) -> Make:
    return lambda scope, _group: make(scope)


BLOCKS: Mapping[str, Block] = {
    block.key: block
    for block in (
        Block("kpis", _("Key figures"), _of(lambda scope: kpis.kpi_table(kpis.kpis(scope))), _kpis),
        Block("volume", _("Leads received and handed over"), volume.volume, _volume),
        Block("funnel", _("Funnel"), _of(funnel.funnel), _funnel),
        Block("cohorts", _("MQL to SQL by cohort"), cohorts.cohorts, _cohorts),
        Block("sources", _("Sources"), _of(sources.sources), _plain(sources.sources)),
        Block("sla", _("Promises kept"), _of(speed.kept_by), _sla),
        Block("breaches", _("Overdue now"), _of(speed.overdue_table), lambda s, _g: {"overdue": speed.overdue(s)}),
        Block("stages", _("Where leads stand"), _of(stages.stages), _plain(stages.stages)),
        Block("reps", _("Leaderboard"), _of(leaderboard.reps), _plain(leaderboard.reps)),
        Block("costs_source", _("Cost and return by source"), _of(costs.costs), chart=drawings.costs_chart),
        Block("costs_campaign", _("Cost and return by campaign"), _of(lambda scope: costs.costs(scope, "campaign"))),
        Block("touch", _("Time to the first touch"), _of(touch.histogram), chart=drawings.touch_chart),
        Block("speed", _("Speed by rep"), _of(touch.by_rep)),
        Block("moves", _("Moves between statuses"), _of(moving.moves), chart=drawings.moves_chart),
        Block("stays", _("Time in each status"), _of(moving.stays), chart=drawings.stays_chart),
        Block("stuck", _("Where leads get stuck"), _of(moving.stuck)),
        Block("reasons", _("Why Sales said no"), _of(reasons.reasons), chart=drawings.reasons_chart),
        Block("teams", _("Teams"), _of(leaderboard.teams)),
        Block("marketers", _("Marketers"), _of(marketers.marketers)),
        Block("calls", _("Calls"), _of(leaderboard.calls)),
        Block("invalid", _("Invalid leads by source"), _of(quality.invalid), chart=drawings.invalid_chart),
        Block("heat", _("When people enquire"), _of(heat.heat), chart=drawings.heat_chart),
        Block("goals", _("Targets"), _of(goals.goals)),
    )
}
