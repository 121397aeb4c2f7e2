"""A lead's score from its history alone: the log in, state and ledger entries out."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from leads.kinds import HANDOFF_ACCEPTED, HANDOFF_RECYCLED, STATUS_MOVED, is_action, is_reserved
from leads.models import Event
from scoring.engine import Entry, Fact, ModelSpec, State, advance, step

PAUSES = {HANDOFF_ACCEPTED: True, HANDOFF_RECYCLED: False}


@dataclass
class Life:
    """What a history makes of a lead."""

    state: State = field(default_factory=State)
    entries: list[Entry] = field(default_factory=list)


def replay(lead_id: int, model: ModelSpec, *, at: datetime) -> Life:
    """The lead as `model` sees it at the given moment, silence included."""
    return replay_many([lead_id], model, at=at)[lead_id]


def replay_many(lead_ids: Sequence[int], model: ModelSpec, *, at: datetime) -> dict[int, Life]:
    """The same for many leads, reading their histories in one query."""
    lives = {lead_id: Life() for lead_id in lead_ids}
    events = Event.objects.filter(lead__in=lives, occurred_at__lte=at).order_by("lead", "occurred_at", "pk")
    for event in events.iterator():
        if fact := as_fact(event):
            life = lives[event.lead_id]
            life.entries += step(life.state, fact, model)
    for life in lives.values():
        life.entries += advance(life.state, at, model)
    return lives


def fold(state: State, facts: Iterable[Fact], model: ModelSpec) -> list[Entry]:
    """Applies facts in their order to a state."""
    return [entry for fact in facts for entry in step(state, fact, model)]


def as_fact(event: Event) -> Fact | None:
    """The event as the engine reads it, or None when it does not concern the score."""
    properties = event.properties
    profile = properties.get("profile") if is_reserved(event.kind) else None
    pauses = (
        PAUSES.get(event.kind) if event.kind != STATUS_MOVED else _moved(properties.get("from"), properties.get("to"))
    )
    action = is_action(event.kind)
    if not action and profile is None and pauses is None:
        return None
    return Fact(
        at=event.occurred_at,
        event_id=event.pk,
        kind=event.kind,
        action=action,
        properties=properties,
        profile=profile,
        score_to=properties.get("score_to") if event.kind == HANDOFF_RECYCLED else None,
        pauses=pauses,
    )


def _moved(before: object, after: object) -> bool | None:
    """Customers and dropped leads do not decay; one that is brought back does."""
    if after in {"won", "wrong_target"}:
        return True
    return False if before == "wrong_target" else None
