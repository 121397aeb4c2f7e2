"""Writes the delivery rows of new events: one insert for the whole batch."""

from collections.abc import Sequence
from datetime import datetime

from core.due import DueState
from leads import sql as leads_sql
from leads.models import Event
from notifications import queries, sql
from notifications.audience import Person, needs_leaders, owners, recipients
from notifications.enums import Channel
from notifications.models import Delivery

WRITTEN = ("event_id", "lead_id", "recipient_id", "channel", "kind", "created_at", "read_at", "state")


def dispatch(events: Sequence[Event], *, at: datetime) -> list[Delivery]:
    """Tells everybody concerned, in the caller's transaction; a second time for the same event changes nothing.

    Who did it themselves finds it in the list, already read, and gets no e-mail.
    """
    if not events:
        return []
    users = queries.people(owners(events), leaders=needs_leaders(events))
    people = [Person(u.pk, u.role, u.team_id, queries.mails_wanted(u)) for u in users]
    rows = [row for event in events for person in recipients(event, people) for row in _rows(event, person, at=at)]
    if rows:
        leads_sql.run(sql.INSERT_DELIVERIES, leads_sql.as_json([{n: getattr(r, n) for n in WRITTEN} for r in rows]))
    return rows


def _rows(event: Event, person: Person, *, at: datetime) -> list[Delivery]:
    own = event.actor_id == person.pk
    common = {
        "event_id": event.pk,
        "lead_id": event.lead_id,
        "recipient_id": person.pk,
        "kind": event.kind,
        "created_at": at,
        "due_at": at,
    }
    rows = [Delivery(channel=Channel.APP, state=DueState.DONE, read_at=at if own else None, **common)]
    if event.kind in person.mails and not own:
        rows.append(Delivery(channel=Channel.EMAIL, **common))
    return rows
