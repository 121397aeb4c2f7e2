"""A lead's score from its history alone: the log in, state and ledger entries out."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import orjson

from leads import sql as leads_sql
from leads.kinds import HANDOFF_ACCEPTED, HANDOFF_RECYCLED, LEAD_CREATED, LEAD_UPDATED, STATUS_MOVED, is_action
from scoring import sql
from scoring.engine import Entry, Fact, State, advance, step
from scoring.spec import ModelSpec

PAUSES = {HANDOFF_ACCEPTED: True, HANDOFF_RECYCLED: False}
PROFILES = {LEAD_CREATED, LEAD_UPDATED}


@dataclass
class Life:
    """What a history makes of a lead. `kinds` are those of the events that its entries name."""

    state: State = field(default_factory=State)
    entries: list[Entry] = field(default_factory=list)
    kinds: dict[int, str] = field(default_factory=dict)


def replay(lead_id: int, model: ModelSpec, *, at: datetime) -> Life:
    """The lead as `model` sees it at the given moment, silence included."""
    return replay_many({lead_id: at}, model)[lead_id]


def replay_many(moments: Mapping[int, datetime], model: ModelSpec) -> dict[int, Life]:
    """The same for many leads, each at its own moment, reading their histories in one query."""
    lives = {lead_id: Life() for lead_id in moments}
    for lead_id, event_id, kind, at, properties in leads_sql.run(sql.HISTORY, list(moments)):
        fact = as_fact(event_id, kind, at, orjson.loads(properties)) if at <= moments[lead_id] else None
        if fact:
            life = lives[lead_id]
            if entries := step(life.state, fact, model):
                life.entries += entries
                life.kinds[event_id] = kind
    for lead_id, life in lives.items():
        life.entries += advance(life.state, moments[lead_id], model)
    return lives


def as_fact(event_id: int, kind: str, at: datetime, properties: Mapping[str, Any]) -> Fact | None:
    """The event as the engine reads it, or None when it does not concern the score."""
    action = is_action(kind)
    profile = properties.get("profile", {}) if kind in PROFILES else None
    pauses = _moved(properties) if kind == STATUS_MOVED else PAUSES.get(kind)
    if not action and profile is None and pauses is None:
        return None
    return Fact(
        at=at,
        event_id=event_id,
        kind=kind,
        action=action,
        properties=properties,
        profile=profile,
        score_to=properties.get("score_to") if kind == HANDOFF_RECYCLED else None,
        pauses=pauses,
    )


def _moved(properties: Mapping[str, Any]) -> bool | None:
    """Customers and dropped leads keep their points; one that is brought back does not."""
    if properties.get("to") in {"won", "wrong_target"}:
        return True
    return False if properties.get("from") == "wrong_target" else None
