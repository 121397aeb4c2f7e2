"""What each block asks of the roll-ups, so that a page reads for all its blocks together."""

from collections.abc import Callable, Iterable, Mapping

from reports import cohorts, costs, kpis, leaderboard, marketers, quality, sources, speed, touch, volume
from reports.measures import CREATED, OFFERED
from reports.patience import patiently
from reports.periods import Group
from reports.questions import Ask
from reports.reading import ahead
from reports.scope import Scope

Asks = Callable[[Scope, Group | None], Iterable[Ask]]


def read_together(keys: Iterable[str], scope: Scope, group: Group | None) -> None:
    """Reads what these blocks will ask for; where that takes too long each of them says so by itself."""
    patiently(scope, lambda: ahead(scope, [ask for key in keys if key in ASKS for ask in ASKS[key](scope, group)]))


def _always(*asks: Ask) -> Asks:
    return lambda _scope, _group: asks


def _of_reps(scope: Scope, _group: Group | None) -> Iterable[Ask]:
    """A rep who sees the team's ranking reads another scope than the own."""
    return leaderboard.asks("owner") if scope.ranked_in is None else ()


ASKS: Mapping[str, Asks] = {
    "kpis": _always(*kpis.ASKS),
    "volume": lambda scope, group: volume.asks(group or scope.period.group()),
    "funnel": _always(Ask(CREATED)),
    "cohorts": lambda scope, group: [Ask(OFFERED, group or cohorts.cohort_group(scope), cohorts.COUNTED)],
    "sources": _always(*sources.ASKS),
    "sla": _always(*speed.ASKS),
    "reps": _of_reps,
    "costs_source": _always(*costs.asks("source")),
    "costs_campaign": _always(*costs.asks("campaign")),
    "speed": _always(*touch.ASKS),
    "teams": _always(*leaderboard.asks("team")),
    "marketers": _always(*marketers.ASKS),
    "invalid": _always(*quality.ASKS),
}
