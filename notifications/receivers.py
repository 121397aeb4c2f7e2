"""Listens to the spine: delivery rows inside the transaction, hints to open pages and workers after it."""

from core import hints
from leads.events import Batch, subscribe
from notifications.dispatch import dispatch
from notifications.enums import Channel, Kind

MOST_LEADS = 200  # beyond, whoever looks at one of them hears of it by the general topics' reload
DELIVER = "notifications.tasks.deliver"


@subscribe
def notify(batch: Batch) -> None:
    """Writes the deliveries of the batch, and tells all pages that show any of it."""
    rows = dispatch(batch.of(*Kind.values), at=batch.at)
    told = {f"notifications:{row.recipient_id}" for row in rows if row.channel == Channel.APP}
    hints.push(*topics(batch), *told)
    if any(row.channel == Channel.EMAIL for row in rows):
        hints.wake(DELIVER)


def topics(batch: Batch) -> set[str]:
    """What open pages may be showing of this batch: `leads`, `dashboard`, `user:<owner>`, and `lead:<id>` up to 200."""
    leads = {event.lead_id for event in batch.events}
    users = {batch.rows[lead].owner_id for lead in leads}
    users |= {event.properties.get("previous") for event in batch.of(Kind.ASSIGNED)}
    names = {"leads", "dashboard"} | {f"user:{user}" for user in users if user}
    if len(leads) <= MOST_LEADS:
        names |= {f"lead:{lead}" for lead in leads}
    return names
