"""Writes the delivery rows of new events and notices: one insert for the whole batch."""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from accounts.notices import Told as News
from core.statements import array
from leads import sql as leads_sql
from leads.models import Event
from notifications import queries, sql
from notifications.audience import Circles, Person, needs_leaders, owners, told_by_the_breach
from notifications.enums import Channel

MOST_MAILS = 10  # to one person in one breath: nobody reads hundreds, and every mail says how much waits in the app


class Told(NamedTuple):
    """One delivery row to be, as the insert takes it. `own`: who did it themselves has read it already."""

    event_id: int | None
    lead_id: int | None
    notice_id: int | None
    recipient_id: int
    channel: str
    kind: str
    own: bool


class Telling:
    """The rows of one batch: everything in the app, and by e-mail what is wanted there, up to the first ten."""

    def __init__(self) -> None:
        self.rows: list[Told] = []
        self._mails: Counter[int] = Counter()

    def tell(
        self,
        person: Person,
        kind: str,
        actor_id: int | None,
        *,
        event_id: int | None = None,
        lead_id: int | None = None,
        notice_id: int | None = None,
    ) -> None:
        own = actor_id == person.pk
        self.rows.append(Told(event_id, lead_id, notice_id, person.pk, Channel.APP.value, kind, own))
        if not own and kind in person.mails and self._mails[person.pk] < MOST_MAILS:
            self._mails[person.pk] += 1
            self.rows.append(Told(event_id, lead_id, notice_id, person.pk, Channel.EMAIL.value, kind, own))


def dispatch(events: Sequence[Event], *, at: datetime) -> list[Told]:
    """Tells everybody concerned, in the caller's transaction; a second time for the same event changes nothing.

    Who did it themselves finds it in the list, already read, and gets no e-mail. Who is told that a promise is broken
    is not told in the same breath that it is still open.
    """
    if not events:
        return []
    people = queries.people(owners(events), leaders=needs_leaders(events))
    circles, said = Circles(people), Telling()
    known = told_by_the_breach(events, circles)
    for event in events:
        for person in circles.of(event):
            if (event.pk, person.pk) not in known:
                said.tell(person, event.kind, event.actor_id, event_id=event.pk, lead_id=event.lead_id)
    return _insert(said.rows, at=at)


def dispatch_notices(told: News, *, at: datetime) -> list[Told]:
    """The same for what is about no lead; a notice brings whom it is for."""
    people, said = queries.people({pk for _notice, to in told for pk in to}, leaders=False), Telling()
    for notice, to in told:
        for person in people:
            if person.pk in to:
                said.tell(person, notice.kind, notice.actor_id, notice_id=notice.pk)
    return _insert(said.rows, at=at)


def _insert(rows: list[Told], *, at: datetime) -> list[Told]:
    if rows:
        leads_sql.run(sql.INSERT_DELIVERIES, at, *map(array, zip(*rows, strict=True)))
    return rows
