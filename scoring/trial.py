"""One lead's history under a model: when it would have been handed over, and which rules would have fired. Pure.

The same engine as live scoring. What Sales did in truth stays as it was: a lead that Sales gave back may be handed
over again, one that Sales accepted or dropped is not handed over any more.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple

from scoring.engine import Entry, Fact, State, advance, happen
from scoring.spec import ModelSpec


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
    for fact in facts:
        advance(state, fact.at, model)
        before = state.fit + state.engagement
        entries = happen(state, fact, model)
        score = state.fit + state.engagement
        if not (out or judged) and (kind := _crosses(fact, before, score, mql, model)):
            out = True
            if fact.at >= since:
                played.handed.append(Handed(fact.at, score, kind))
        if fact.pauses is not None:
            judged, out = fact.pauses, out and fact.pauses
        if not judged and fact.at >= since:
            played.peak = max(played.peak, score)
            if counts_rules and entries:
                _count(played.fired, entries)
    advance(state, until, model)
    played.score, played.waiting = state.score, state.score >= mql and not judged
    return played


def _count(fired: dict[int, int], entries: Sequence[Entry]) -> None:
    for entry in entries:
        if entry.rule_id and entry.delta and entry.kind != "expiry":
            fired[entry.rule_id] = fired.get(entry.rule_id, 0) + 1


def _crosses(fact: Fact, before: int, score: int, mql: int, model: ModelSpec) -> str:
    if fact.action and model.qualifies(fact.kind, fact.properties):
        return "pql"
    return "mql" if before < mql <= score else ""
