"""A lead's score from its history alone: the log in, state and ledger entries out."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache, partial
from typing import Any

import orjson

from leads import sql as leads_sql
from leads.kinds import (
    HANDOFF_ACCEPTED,
    HANDOFF_RECYCLED,
    LEAD_CREATED,
    LEAD_MERGED,
    LEAD_UPDATED,
    STATUS_MOVED,
    is_action,
)
from leads.models import Standing
from scoring import sql
from scoring.engine import Entry, Fact, State, advance, step
from scoring.kinds import SCORE_ADJUSTED
from scoring.spec import ModelSpec

PAUSES = {HANDOFF_ACCEPTED: True, HANDOFF_RECYCLED: False}
PROFILES = {LEAD_CREATED, LEAD_MERGED, LEAD_UPDATED}


@dataclass
class Life:
    """What a history makes of a lead. `kinds` are those of the events that its entries name.

    `reasons` are what people gave for points changed by hand. With `since`, the ledger holds rows of older models up
    to that moment, which together come to `score_then` and `fit_then`; only entries from number `older` on are in it.
    """

    state: State = field(default_factory=State)
    entries: list[Entry] = field(default_factory=list)
    kinds: dict[int, str] = field(default_factory=dict)
    reasons: dict[int, str] = field(default_factory=dict)
    since: datetime | None = None
    older: int | None = None
    score_then: int = 0
    fit_then: int = 0

    @property
    def booked(self) -> list[Entry]:
        """The entries that the ledger must hold as they are."""
        return self.entries[self.older or 0 :]

    def live(self, fact: Fact, model: ModelSpec) -> None:
        """The next fact, in the order of time."""
        if self.since and self.older is None and fact.at > self.since:
            self._close_past(self.since, model)
        if entries := step(self.state, fact, model):
            self.entries += entries
            self.kinds[fact.event_id] = fact.kind
        if fact.adjust:
            self.reasons[fact.event_id] = str(fact.properties.get("reason", ""))

    def finish(self, at: datetime, model: ModelSpec) -> None:
        """Everything up to that moment has been told."""
        if self.since and self.older is None:
            self._close_past(self.since, model)
        self.entries += advance(self.state, at, model)

    def _close_past(self, since: datetime, model: ModelSpec) -> None:
        self.entries += advance(self.state, since, model)
        self.older, self.score_then, self.fit_then = len(self.entries), self.state.score, self.state.fit


def replay(lead_id: int, model: ModelSpec, *, at: datetime) -> Life:
    """The lead as `model` sees it at the given moment, silence included."""
    return replay_many({lead_id: at}, model)[lead_id]


def replay_many(moments: Mapping[int, datetime], model: ModelSpec) -> dict[int, Life]:
    """The same for many leads, each at its own moment, reading their histories in one query.

    A lead that was there before the model came is never replayed to a moment before that.
    """
    lives = {lead_id: Life() for lead_id in moments}
    until = dict(moments)
    if model.since:
        older = Standing.objects.filter(pk__in=list(moments), created_at__lte=model.since)
        for lead_id in older.values_list("pk", flat=True):
            lives[lead_id].since, until[lead_id] = model.since, max(model.since, moments[lead_id])
    for lead_id, event_id, kind, at, properties in leads_sql.run(sql.HISTORY, list(moments)):
        if at <= until[lead_id] and (fact := as_fact(event_id, kind, at, orjson.loads(properties))):
            lives[lead_id].live(fact, model)
    for lead_id, life in lives.items():
        life.finish(until[lead_id], model)
    return lives


@lru_cache(maxsize=1024)
def is_plain(kind: str) -> bool:
    """An action and nothing else."""
    return is_action(kind) and kind not in PROFILES


# As `Fact(...)`, in half the time: there are ten million of them.
plain_fact: Callable[[tuple[Any, ...]], Fact] = partial(tuple.__new__, Fact)


def as_fact(event_id: int, kind: str, at: datetime, properties: Mapping[str, Any]) -> Fact | None:
    """The event as the engine reads it, or None when it does not concern the score."""
    if is_plain(kind):
        return plain_fact((at, event_id, kind, True, properties, None, None, None, 0, True))
    action = is_action(kind)
    profile = properties.get("profile", {}) if kind in PROFILES else None
    pauses = pauses_of(kind, properties)
    adjust = properties.get("points", 0) if kind == SCORE_ADJUSTED else 0
    if not action and profile is None and pauses is None and not adjust:
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
        adjust=adjust,
    )


def pauses_of(kind: str, properties: Mapping[str, Any]) -> bool | None:
    """Whether from here on points stay (True) or go away again (False); None: it says nothing about that."""
    if kind == LEAD_MERGED:  # two logs in one: what holds now is said once
        return bool(properties.get("pauses"))
    return _moved(properties) if kind == STATUS_MOVED else PAUSES.get(kind)


def _moved(properties: Mapping[str, Any]) -> bool | None:
    """Customers and dropped leads keep their points; one that is brought back does not."""
    if properties.get("to") in {"won", "wrong_target"}:
        return True
    return False if properties.get("from") == "wrong_target" else None
