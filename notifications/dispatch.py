"""Writes the delivery rows of new events: one insert for the whole batch."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from core.due import DueState
from leads import sql as leads_sql
from leads.models import Event
from notifications import queries, sql
from notifications.audience import Person, needs_leaders, owners, recipients
from notifications.enums import Channel


class Told(NamedTuple):
    """One delivery row to be, as the insert takes it."""

    event_id: int
    lead_id: int
    recipient_id: int
    channel: str
    kind: str
    created_at: datetime
    read_at: datetime | None
    state: str


def dispatch(events: Sequence[Event], *, at: datetime) -> list[Told]:
    """Tells everybody concerned, in the caller's transaction; a second time for the same event changes nothing.

    Who did it themselves finds it in the list, already read, and gets no e-mail.
    """
    if not events:
        return []
    users = queries.people(owners(events), leaders=needs_leaders(events))
    people = [Person(u.pk, u.role, u.team_id, queries.mails_wanted(u)) for u in users]
    rows = [row for event in events for person in recipients(event, people) for row in _rows(event, person, at=at)]
    if rows:
        leads_sql.run(sql.INSERT_DELIVERIES, leads_sql.as_json([row._asdict() for row in rows]))
    return rows


def _rows(event: Event, person: Person, *, at: datetime) -> list[Told]:
    own = event.actor_id == person.pk
    read_at = at if own else None
    row = Told(event.pk, event.lead_id, person.pk, Channel.APP, event.kind, at, read_at, DueState.DONE)
    mailed = event.kind in person.mails and not own
    return [row, row._replace(channel=Channel.EMAIL, state=DueState.PENDING)] if mailed else [row]
