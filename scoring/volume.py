"""How many hand-offs a model would make at any MQL line: all lines in one telling of each history. Pure."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from leads.thresholds import Thresholds
from scoring.engine import Fact, State, advance, happen
from scoring.spec import ModelSpec


@dataclass
class Volume:
    """Hand-offs by MQL line. The line moves no points, so one life tells of every line at once."""

    always: int = 0  # made at any line: product events
    by_line: Counter[int] = field(default_factory=Counter)

    def at(self, line: int) -> int:
        """The hand-offs with the MQL line there: as many as `scoring.trial.play` would find."""
        return self.always + self.by_line[line]

    def add(self, facts: Sequence[Fact], model: ModelSpec, *, since: datetime) -> None:
        """One lead's history; hand-offs before `since` are not counted."""
        state, judged, out, crossed = State(), False, False, set[int]()
        for fact in facts:
            advance(state, fact.at, model)
            before = state.score
            happen(state, fact, model)
            if not (judged or out):
                out = fact.action and model.qualifies(fact.kind, fact.properties)
                opened = set(range(before + 1, state.score + 1)) - crossed
                if fact.at >= since:
                    self._count(opened, out=out, crossed=crossed)
                crossed |= opened
            if fact.pauses is not None:
                judged, out, crossed = fact.pauses, out and fact.pauses, crossed if fact.pauses else set()

    def _count(self, opened: set[int], *, out: bool, crossed: set[int]) -> None:
        """One hand-off at each of these lines; `out`: at every line but those crossed before."""
        if out:
            self.always += 1
            self.by_line.subtract(crossed)
        else:
            self.by_line.update(opened)

    def line_for(self, handoffs: int) -> int:
        """The line that comes nearest to so many hand-offs; of several the highest, which is a score leads have."""
        lines = [line for line, found in self.by_line.items() if found] or [1]
        return min(lines, key=lambda line: (abs(self.at(line) - handoffs), -line))


def moved(limits: Thresholds, mql: int) -> dict[str, int]:
    """What has to be set so that the MQL line is there and all lines still rise: those in the way move along."""
    changes = {"mql": mql}
    if limits.lead > mql:
        changes["lead"] = _along(limits.lead, limits, mql)
    if limits.prospect > changes.get("lead", limits.lead):
        changes["prospect"] = _along(limits.prospect, limits, mql)
    if limits.sql_ready < mql:
        changes["sql_ready"] = mql + limits.sql_ready - limits.mql
    return changes


def _along(line: int, limits: Thresholds, mql: int) -> int:
    return max(1, line * mql // limits.mql)
