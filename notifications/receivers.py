"""Listens to the spine: delivery rows inside the transaction, hints to open pages and workers after it."""

from collections.abc import Sequence
from datetime import datetime

from accounts import notices
from core import hints
from leads.events import Batch, subscribe
from notifications.dispatch import Told, dispatch, dispatch_notices
from notifications.enums import OF_LEADS, Channel, Kind

MOST_LEADS = 200  # beyond, whoever looks at one of them hears of it by the general topics' reload
DELIVER = "notifications.tasks.deliver"


@subscribe
def notify(batch: Batch) -> None:
    """Writes the deliveries of the batch, and tells all pages that show any of it."""
    rows = dispatch(batch.of(*OF_LEADS), at=batch.at)
    hints.push(*topics(batch), *_bells(rows))
    _wake(rows)


@notices.subscribe
def notify_of_notices(told: notices.Told, at: datetime) -> None:
    """The same for what is about no lead."""
    rows = dispatch_notices(told, at=at)
    if bells := _bells(rows):
        hints.push(*bells)
    _wake(rows)


def topics(batch: Batch) -> set[str]:
    """What open pages may be showing of this batch: `leads`, `dashboard`, `user:<owner>`, and `lead:<id>` up to 200."""
    leads = {event.lead_id for event in batch.events}
    users = {batch.rows[lead].owner_id for lead in leads}
    users |= {event.properties.get("previous") for event in batch.of(Kind.ASSIGNED)}
    names = {"leads", "dashboard"} | {f"user:{user}" for user in users if user}
    if len(leads) <= MOST_LEADS:
        names |= {f"lead:{lead}" for lead in leads}
    return names


def _bells(rows: Sequence[Told]) -> set[str]:
    return {f"notifications:{row.recipient_id}" for row in rows if row.channel == Channel.APP}


def _wake(rows: Sequence[Told]) -> None:
    if any(row.channel == Channel.EMAIL for row in rows):
        hints.wake(DELIVER)
