"""The MQL line that leaves the number of hand-offs as it is: evidence beside suggested points, never set by itself."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from leads import sql as leads_sql
from scoring import sql
from scoring.history import read_histories
from scoring.spec import ModelSpec
from scoring.volume import Volume

SPAN = 500  # leads
MOST_SPANS = 40  # 20,000 leads, evenly from the oldest to the newest: a few seconds, and a line moves by a point or two
Report = Mapping[str, int | Mapping[str, int]]


def balance(
    draft: ModelSpec, published: ModelSpec, suggested: Mapping[str, int], *, since: datetime, until: datetime
) -> Report | None:
    """Lines for the draft's points and for the suggested ones, with the hand-offs of [since, until] each would make.

    `handoffs` are those of the published model, of the same `leads`; None when it made none to be kept.
    """
    models = {"published": published, "draft": draft, "suggested": with_points(draft, suggested)}
    leads, volumes = _measured(models if suggested else {k: models[k] for k in ("published", "draft")}, since, until)
    handoffs = volumes.pop("published").at(published.thresholds.mql)
    if not handoffs:
        return None
    lines = {name: volume.line_for(handoffs) for name, volume in volumes.items()}
    return {
        "leads": leads,
        "handoffs": handoffs,
        **{name: {"mql": line, "handoffs": volumes[name].at(line)} for name, line in lines.items()},
    }


def with_points(model: ModelSpec, points: Mapping[str, int]) -> ModelSpec:
    """The model with these points by rule id; rules that are not named keep theirs."""
    rules = tuple(replace(rule, points=points.get(str(rule.id), rule.points)) for rule in model.rules)
    return replace(model, rules=rules)


def _measured(models: Mapping[str, ModelSpec], since: datetime, until: datetime) -> tuple[int, dict[str, Volume]]:
    volumes, leads = {name: Volume() for name in models}, 0
    for first, last, _leads in evenly(leads_sql.run(sql.SPANS, SPAN, until), MOST_SPANS):
        for _lead, facts in read_histories(first, last, models=models.values(), until=until):
            leads += 1
            for name, model in models.items():
                volumes[name].add(facts, model, since=since)
    return leads, volumes


def evenly(rows: Sequence[Any], most: int) -> Sequence[Any]:
    """At most so many of the rows, at even distances."""
    return rows[:: -(-len(rows) // most)] if rows else rows
