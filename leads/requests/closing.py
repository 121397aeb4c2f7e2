"""A request ends: done, once what was asked has happened, or refused with the reason in words."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from core.errors import Conflict, Invalid
from core.text import clean
from leads.enums import JobPhase, RequestKind, RequestState
from leads.events import Fact, record
from leads.kinds import LEAD_UPDATED, PERSON_ANSWERED
from leads.models import Event, PersonRequest
from leads.objections import heed
from leads.requests.bundling import bundle_of
from leads.requests.registering import person_of
from leads.standing import Standings, lock


@dataclass(frozen=True)
class Change:
    """One field of the profile, changed by somebody."""

    event: Event
    field: str
    old: Any
    new: Any


def fulfil(found: PersonRequest, *, by: User, at: datetime) -> None:
    """Closes it as done: an objection is heeded by this; data must lie ready, a correction must have been made.

    Raises Conflict for one that is closed and for an erasure, which is closed by being carried out; Invalid while
    something is still to do.
    """
    with lock([person_of(found)]) as rows:
        _lock_open(found)
        if found.kind == RequestKind.DELETE:
            raise Conflict(_("This is closed by erasing the person."), code="erase_instead")
        _check_done(found)
        if found.kind == RequestKind.OBJECT:
            heed(person_of(found), found, by=by, at=at, rows=rows)
        _close(found, RequestState.DONE, by=by, at=at, rows=rows)


def refuse(found: PersonRequest, *, by: User, at: datetime, reason: str) -> None:
    """Closes it as refused. Raises Conflict for one that is closed, Invalid without a reason."""
    said = clean(reason, 500)
    if not said:
        raise Invalid(_("Say why: the person has a right to know."), code="required", field="reason")
    with lock([person_of(found)]) as rows:
        _lock_open(found)
        _close(found, RequestState.REFUSED, by=by, at=at, rows=rows, reason=said)


def corrections(found: PersonRequest) -> Sequence[Change]:
    """What people have changed in the profile from the day of the request until it was closed, oldest first."""
    since = timezone.make_aware(datetime.combine(found.asked_on, time.min))
    events = Event.objects.filter(lead=person_of(found), kind=LEAD_UPDATED, occurred_at__gte=since)
    if found.closed_at:
        events = events.filter(occurred_at__lte=found.closed_at)
    return [
        Change(event, field, *pair)
        for event in events.select_related("actor").order_by("occurred_at", "pk")
        for field, pair in event.properties.get("changed", {}).items()
    ]


def _lock_open(found: PersonRequest) -> None:
    """The newest state, under lock: of two people one closes it."""
    PersonRequest.objects.select_for_update().get(pk=found.pk)
    found.refresh_from_db()
    if not found.is_open or found.closed_by_id:
        raise Conflict(_("This request has been closed already."), code="already_closed")


def _check_done(found: PersonRequest) -> None:
    if found.kind == RequestKind.ACCESS:
        bundle = bundle_of(found)
        if bundle is None or bundle.phase != JobPhase.DONE:
            raise Invalid(_("Prepare the data first, and hand them over."), code="nothing_prepared")
    if found.kind == RequestKind.CORRECT and not corrections(found):
        raise Invalid(
            _("Nothing in the profile has been changed since the request: change it, or refuse with the reason."),
            code="nothing_changed",
        )


def _close(
    found: PersonRequest, state: RequestState, *, by: User, at: datetime, rows: Standings, reason: str = ""
) -> None:
    closed = {"state": state, "closed_by": by, "closed_at": at, "reason": reason}
    PersonRequest.objects.filter(pk=found.pk).update(**closed)
    properties = {"request": found.pk, "kind": found.kind, "state": state}
    record([Fact(person_of(found), PERSON_ANSWERED, at, by.pk, properties=properties)], at=at, rows=rows)
    found.refresh_from_db()
