"""Writes the delivery rows of new events and notices: one insert for the whole batch."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import NamedTuple

from accounts.models import User
from accounts.notices import Told as News
from core.due import DueState
from leads import sql as leads_sql
from leads.models import Event
from notifications import queries, sql
from notifications.audience import Person, needs_leaders, owners, recipients
from notifications.enums import Channel


class Told(NamedTuple):
    """One delivery row to be, as the insert takes it."""

    event_id: int | None
    lead_id: int | None
    notice_id: int | None
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
    people = _people(queries.people(owners(events), leaders=needs_leaders(events)))
    return _insert(
        row
        for event in events
        for person in recipients(event, people)
        for row in _rows(
            person,
            own=event.actor_id == person.pk,
            row=Told(event.pk, event.lead_id, None, person.pk, Channel.APP, event.kind, at, None, DueState.DONE),
        )
    )


def dispatch_notices(told: News, *, at: datetime) -> list[Told]:
    """The same for what is about no lead; a notice brings whom it is for."""
    people = _people(queries.people({pk for _notice, to in told for pk in to}, leaders=False))
    return _insert(
        row
        for notice, to in told
        for person in people
        if person.pk in to
        for row in _rows(
            person,
            own=notice.actor_id == person.pk,
            row=Told(None, None, notice.pk, person.pk, Channel.APP, notice.kind, at, None, DueState.DONE),
        )
    )


def _people(users: Iterable[User]) -> list[Person]:
    return [Person(u.pk, u.role, u.team_id, queries.mails_wanted(u)) for u in users]


def _rows(person: Person, *, own: bool, row: Told) -> list[Told]:
    """What the person is told in the app, and by e-mail where that is wanted."""
    if own:
        return [row._replace(read_at=row.created_at)]
    mail = row._replace(channel=Channel.EMAIL, state=DueState.PENDING)
    return [row, mail] if row.kind in person.mails else [row]


def _insert(told: Iterable[Told]) -> list[Told]:
    rows = list(told)
    if rows:
        leads_sql.run(sql.INSERT_DELIVERIES, leads_sql.as_json([row._asdict() for row in rows]))
    return rows
