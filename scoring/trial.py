"""One lead's history under a model: when it would have been handed over, and which rules would have fired. Pure.

The same engine as live scoring. What Sales did in truth stays as it was: a lead that Sales gave back may be handed
over again, one that Sales accepted or dropped is not handed over any more.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, NamedTuple

from scoring.engine import Entry, Fact, State, act, advance, happen
from scoring.spec import ModelSpec, RuleSpec


class Handed(NamedTuple):
    """A hand-off that the model would have made."""

    at: datetime
    score: int
    kind: str  # mql or pql


@dataclass(slots=True)
class Played:
    """`peak` is the highest score before Sales' verdict, `score` the last. `fired` counts by rule, until the verdict.

    `waiting`: the lead is over the line at the end, and nobody has it.
    """

    handed: list[Handed] = field(default_factory=list)
    fired: dict[int, int] = field(default_factory=dict)
    peak: int = 0
    score: int = 0
    waiting: bool = False


def play(
    facts: Sequence[Fact], model: ModelSpec, *, since: datetime, until: datetime, counts_rules: bool = True
) -> Played:
    """The history told, counting what falls in [since, until]; which rules fired only where somebody asks."""
    state, played, mql, out, judged = State(), Played(), model.thresholds.mql, False, False
    qualifying = model.qualifying
    for fact in facts:
        at = fact.at
        advance(state, at, model)
        before = state.fit + state.engagement
        gave = act(state, fact, model) if fact.only_acts else _gave(happen(state, fact, model))
        score = state.fit + state.engagement
        if (before < mql <= score or fact.kind in qualifying) and not (out or judged):
            kind = "pql" if fact.action and model.qualifies(fact.kind, fact.properties) else "mql"
            out = kind == "pql" or before < mql <= score
            if out and at >= since:
                played.handed.append(Handed(at, score, kind))
        if fact.pauses is not None:
            judged, out = fact.pauses, out and fact.pauses
        if not judged and at >= since:
            played.peak = max(played.peak, score)
            if gave and counts_rules:
                _count(played.fired, gave)
    advance(state, until, model)
    played.score, played.waiting = state.score, state.score >= mql and not judged
    return played


def parts_at(draft: ModelSpec, published: ModelSpec) -> frozenset[str] | None:
    """The kinds of events that the two models see differently: a lead without any fares the same under both.

    None: they part on every lead.
    """
    if _ways(draft) != _ways(published) or _plain(draft.profile) != _plain(published.profile):
        return None
    kinds = {rule.event_kind for rule in (*draft.rules, *published.rules)}
    return frozenset(k for k in kinds if _plain(draft.behaviour(k)) != _plain(published.behaviour(k)))


def _ways(model: ModelSpec) -> tuple[object, ...]:
    """All that plays a part beside the rules."""
    return model.thresholds.mql, model.deductions, model.expiry, model.expiry_days, model.pause_when_accepted


def _plain(rules: Sequence[RuleSpec]) -> list[RuleSpec]:
    return [replace(rule, id=0) for rule in rules]


def _gave(entries: Iterable[Entry]) -> list[tuple[int, ...]]:
    """The rules that gave or took points; an award that lapses says nothing of its rule."""
    return [(e.rule_id,) for e in entries if e.rule_id and e.delta and e.kind != "expiry"]


def _count(fired: dict[int, int], gave: Iterable[tuple[Any, ...]]) -> None:
    for given in gave:
        rule_id = given[0]
        fired[rule_id] = fired.get(rule_id, 0) + 1
