"""Small models and lives for the pure tests."""

from datetime import UTC, datetime, timedelta
from typing import Any

from leads.thresholds import Thresholds
from scoring.engine import Fact
from scoring.spec import ModelSpec, RuleSpec

START = datetime(2026, 1, 5, 3, 0, tzinfo=UTC)  # Monday 10:00 in Ho Chi Minh City
DAY = timedelta(days=1)


def after(days: float) -> datetime:
    return START + days * DAY


def make_rule(number: int = 1, *, points: int = 10, event: str = "page.viewed", **fields: Any) -> RuleSpec:
    return RuleSpec(id=number, kind="behaviour", points=points, event_kind=event, **fields)


def make_profile_rule(number: int = 9, *, points: int = 15, **fields: Any) -> RuleSpec:
    return RuleSpec(id=number, kind="profile", points=points, category=fields.pop("category", "fit"), **fields)


def make_model(*rules: RuleSpec, **fields: Any) -> ModelSpec:
    return ModelSpec(**{"version": 1, "thresholds": Thresholds(), "rules": rules or (make_rule(),), **fields})


def act(day: float, kind: str = "page.viewed", *, number: int | None = None, **properties: Any) -> Fact:
    """An action of the lead; events are numbered by their time unless told otherwise."""
    return Fact(after(day), number or int(day * 1000) + 1, kind, action=True, properties=properties)


def profile(day: float, **fields: Any) -> Fact:
    return Fact(after(day), int(day * 1000) + 1, "lead.updated", profile=fields)


def mark(day: float, *, pauses: bool, score_to: int | None = None) -> Fact:
    """Sales accepted it, gave it back, dropped it or took it up again."""
    return Fact(after(day), int(day * 1000) + 1, "handoff.mark", pauses=pauses, score_to=score_to)
