"""What must always be true of notifications. One line per violation."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from django.db.models import BigIntegerField, Exists, OuterRef, Q
from django.db.models.fields.json import KT
from django.db.models.functions import Cast

from core.due import stuck
from leads.models import Event
from notifications.enums import Channel, Kind
from notifications.models import Delivery

STUCK_AFTER = timedelta(minutes=10)


def violations(*, at: datetime) -> Iterator[str]:
    """Yields what is wrong; nothing on a healthy database."""
    for delivery in stuck(Delivery.objects.all(), at=at, after=STUCK_AFTER)[:20]:
        yield f"delivery {delivery.pk} has been waiting since {delivery.due_at:%Y-%m-%d %H:%M}"
    told = Delivery.objects.filter(event=OuterRef("pk"), channel=Channel.APP, recipient=OuterRef("owner"))
    assigned = Event.objects.filter(kind=Kind.ASSIGNED).annotate(owner=Cast(KT("properties__owner"), BigIntegerField()))
    lately = assigned.exclude(Q(properties__contains={"why": "history"}))  # what came of leads long ago wakes nobody
    untold = lately.filter(~Exists(told), owner__isnull=False)
    for pk, owner in untold.values_list("pk", "owner")[:20]:
        yield f"event {pk}: owner {owner} was not told"
