"""Requests whose day comes near, or is over: the administrators are told, once each."""

from collections.abc import Iterator
from datetime import datetime, time, timedelta

from django.db.models import Q
from django.utils import timezone

from accounts.notices import News, announce, who_may
from leads.enums import RequestState
from leads.kinds import REQUEST_DUE, REQUEST_LATE
from leads.models import PersonRequest

NEAR = timedelta(days=3)


def near(*, at: datetime) -> Q:
    """Open, and due within three days. Local days."""
    today = timezone.localdate(at)
    return Q(state=RequestState.OPEN, due_on__gte=today, due_on__lte=today + NEAR)


def over(*, at: datetime) -> Q:
    """Open, and due before today."""
    return Q(state=RequestState.OPEN, due_on__lt=timezone.localdate(at))


def tell_of_requests(*, at: datetime) -> int:
    """Says what nobody has said yet; a day that was changed is said anew. Returns how many. Index: request_due."""
    open_ones = list(PersonRequest.objects.filter(near(at=at) | over(at=at)))
    return len(announce(list(_news(open_ones, at=at)), at=at)) if open_ones else 0


def _news(found: list[PersonRequest], *, at: datetime) -> Iterator[News]:
    to, today = who_may("people.requests"), timezone.localdate(at)
    for one in found:
        late = one.due_on < today
        day = one.due_on + timedelta(days=1) if late else one.due_on - NEAR
        since = timezone.make_aware(datetime.combine(day, time.min))
        said = {"request": one.kind, "lead": one.lead_id, "due_on": f"{one.due_on}"}
        kind = REQUEST_LATE if late else REQUEST_DUE
        yield News(kind, f"{one.pk}.{one.due_on}", to, one.get_absolute_url(), min(since, at), properties=said)
