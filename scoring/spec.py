"""A scoring model as the engine takes it: frozen, ready to look things up in. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from typing import Any

from leads.thresholds import Thresholds
from scoring.conditions import Condition

ONCE = "*"  # the repeat key of a rule that fires once
KEY_LENGTH = 200


@dataclass(frozen=True)
class RuleSpec:
    """A rule as the engine sees it. Caps count awards; `expiry_days` None means the model's, 0 means never.

    `repeat_property` may name several properties with commas between them: the first that is given counts.
    """

    id: int
    kind: str
    points: int
    event_kind: str = ""
    conditions: tuple[Condition, ...] = ()
    repeat: str = "every"
    repeat_property: str = ""
    cap_per_day: int | None = None
    cap_per_lead: int | None = None
    mode: str = "add"
    category: str = "engagement"
    product_qualifying: bool = False
    expiry_days: int | None = None

    @cached_property
    def is_limited(self) -> bool:
        """Whether what it has given already keeps it from giving."""
        return self.repeat != "every" or self.cap_per_day is not None or self.cap_per_lead is not None

    @cached_property
    def adds(self) -> bool:
        """Adds its points, rather than lifting the score to them."""
        return self.mode == "add"

    @cached_property
    def repeats_for(self) -> tuple[str, ...]:
        return tuple(name.strip() for name in self.repeat_property.split(","))

    def matches(self, properties: Mapping[str, Any]) -> bool:
        return not self.conditions or all(condition.holds(properties) for condition in self.conditions)

    def key(self, properties: Mapping[str, Any]) -> str:
        """What an award of this rule uses up: "" for nothing. A missing property is a value of its own."""
        if self.repeat == "once":
            return ONCE
        if self.repeat == "every":
            return ""
        given = (properties.get(name) for name in self.repeats_for)
        return f"={next((value for value in given if value not in (None, '')), '')}"[:KEY_LENGTH]


@dataclass(frozen=True)
class ModelSpec:
    """A scoring model. `steps` are (days of silence, points) in rising order; grades are (A, B) and (1, 2) bounds.

    `since`: the ledger of leads that came before that moment holds rows of older models up to it.
    """

    version: int
    thresholds: Thresholds
    rules: tuple[RuleSpec, ...]
    inactivity: bool = True
    expiry: bool = False
    cumulative: bool = True
    steps: tuple[tuple[int, int], ...] = ((30, 15), (60, 30), (90, 50))
    expiry_days: int = 60
    pause_when_accepted: bool = True
    fit_bounds: tuple[int, int] = (20, 10)
    engagement_bounds: tuple[int, int] = (75, 50)
    since: datetime | None = None

    @cached_property
    def deductions(self) -> tuple[tuple[timedelta, int], ...]:
        """Each step with what it takes by itself: totals become differences when the model is not cumulative."""
        if not self.inactivity:
            return ()
        taken, rows = 0, []
        for days, points in self.steps:
            rows.append((timedelta(days=days), points if self.cumulative else max(0, points - taken)))
            taken = max(taken, points)
        return tuple(rows)

    @cached_property
    def patience(self) -> timedelta:
        """How long silence takes nothing."""
        return self.deductions[0][0] if self.deductions else timedelta.max

    @cached_property
    def profile(self) -> tuple[RuleSpec, ...]:
        return tuple(rule for rule in self.rules if rule.kind == "profile")

    @cached_property
    def behaviour_by_kind(self) -> dict[str, tuple[RuleSpec, ...]]:
        """The rules that look at what leads do, by the kind of event they look at."""
        kinds = {rule.event_kind for rule in self.rules if rule.kind == "behaviour"}
        return {kind: tuple(rule for rule in self.rules if rule.event_kind == kind) for kind in kinds}

    @cached_property
    def qualifying(self) -> dict[str, tuple[RuleSpec, ...]]:
        """The rules that make a PQL, by the events they look at."""
        marked = {
            kind: tuple(rule for rule in rules if rule.product_qualifying)
            for kind, rules in self.behaviour_by_kind.items()
        }
        return {kind: rules for kind, rules in marked.items() if rules}

    def behaviour(self, kind: str) -> tuple[RuleSpec, ...]:
        """The rules that look at events of this kind, in their order."""
        return self.behaviour_by_kind.get(kind, ())

    def grade(self, *, fit: int, engagement: int) -> str:
        """A1 (fits, keen) to C3."""
        letter = "A" if fit >= self.fit_bounds[0] else "B" if fit >= self.fit_bounds[1] else "C"
        keen, warm = self.engagement_bounds
        return letter + ("1" if engagement >= keen else "2" if engagement >= warm else "3")

    def qualifies(self, kind: str, properties: Mapping[str, Any]) -> bool:
        """Whether such an action makes a PQL."""
        return kind in self.qualifying and any(rule.matches(properties) for rule in self.qualifying[kind])

    def lifetime(self, rule: RuleSpec) -> timedelta | None:
        """How long an award of this rule lasts, or None for ever."""
        days = self.expiry_days if rule.expiry_days is None else rule.expiry_days
        return timedelta(days=days) if self.expiry and days else None
