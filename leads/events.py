"""The spine: every fact about a lead passes here, once, in order, inside the transaction of whoever says it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from leads import sql
from leads.models import Event
from leads.rows import row_of
from leads.standing import Standings

NOTHING: Mapping[str, Any] = {}


class Fact(NamedTuple):
    """Something about to be recorded. Times are aware UTC; `source` and `external_id` are the sender's, if any.

    A change of the profile never stands before an earlier one of the same lead, whatever its clock says.
    """

    lead_id: int
    kind: str
    occurred_at: datetime
    actor_id: int | None = None
    source: str = ""
    external_id: str | None = None
    properties: Mapping[str, Any] = NOTHING


@dataclass(frozen=True, slots=True)
class Batch:
    """What the subscribers get: the new events, the moment they were recorded, the locked standings of their leads.

    `past`: an import tells what happened long ago. It counts, but nothing starts, and nobody is told.
    """

    events: Sequence[Event]
    at: datetime
    rows: Standings
    past: bool = False

    def of(self, *kinds: str) -> list[Event]:
        """The events of these kinds."""
        return [event for event in self.events if event.kind in kinds]


Subscriber = Callable[[Batch], None]
_subscribers: list[Subscriber] = []
_historians: list[Subscriber] = []


def subscribe(subscriber: Subscriber, *, past: bool = False) -> Subscriber:
    """Calls it with every batch from now on, in the order of subscription. For `receivers.py` only.

    With `past` it also hears what is imported as history; most have nothing to do with that.
    """
    if subscriber not in _subscribers:
        _subscribers.append(subscriber)
        _historians.extend([subscriber] if past else [])
    return subscriber


def record(facts: Sequence[Fact], *, at: datetime, rows: Standings, past: bool = False) -> list[Event]:
    """Writes the facts and tells every subscriber, in the caller's transaction. The only writer of Event.

    `rows` must hold the standings of all leads concerned, locked. A fact whose (source, external_id) is already
    known is left out: a sender may repeat itself. `past` facts reach only those who asked for them.
    Returns the new events in the order given.
    """
    if not facts:
        return []
    events = _insert(facts, at)
    if events:
        batch = Batch(events, at, rows, past)
        for subscriber in _historians if past else _subscribers:
            subscriber(batch)
    return events


def _insert(facts: Sequence[Fact], at: datetime) -> list[Event]:
    given = [
        {
            "ref": ref,
            "lead_id": fact.lead_id,
            "kind": fact.kind,
            "occurred_at": fact.occurred_at,
            "actor_id": fact.actor_id,
            "source": fact.source,
            "external_id": fact.external_id,
            "properties": fact.properties,
        }
        for ref, fact in enumerate(facts)
    ]
    inserted = sql.run(sql.INSERT_EVENTS, sql.as_json(given), at)
    return [_event(pk, occurred_at, facts[ref], at) for ref, pk, occurred_at in inserted]


def _event(pk: int, occurred_at: datetime, fact: Fact, at: datetime) -> Event:
    values = {
        "id": pk,
        "lead_id": fact.lead_id,
        "kind": fact.kind,
        "occurred_at": occurred_at,
        "recorded_at": at,
        "actor_id": fact.actor_id,
        "source": fact.source,
        "external_id": fact.external_id,
        "properties": dict(fact.properties),
    }
    return row_of(Event, values)
