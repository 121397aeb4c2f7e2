"""A person asks something of whoever keeps their data: registered with the day by which the law wants it answered."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from accounts.models import User
from core.errors import Conflict, Invalid
from core.text import clean
from leads.enums import ErasureGround, Objected, RequestChannel, RequestKind, RequestState
from leads.erasure.people import meant
from leads.events import Fact, record
from leads.kinds import PERSON_ASKED
from leads.models import Lead, PersonRequest, Policy
from leads.standing import lock

LONGEST_NOTE = 5000


@dataclass(frozen=True, kw_only=True)
class Asked:
    """What was asked, by whom ("" is the person), when, and how it came. `ground` is why somebody is to be erased."""

    kind: str
    asked_on: date
    channel: str = RequestChannel.OTHER
    asked_by: str = ""
    note: str = ""
    ground: str = ""
    objects_to: Collection[str] = ()


def register(lead_id: int, asked: Asked, *, by: User, at: datetime) -> PersonRequest:
    """Keeps the request; one of its kind that is open already stays, with what is said now added.

    Raises NotFound for a lead that is not there, Conflict for one that is erased, Invalid for a day to come or an
    objection to nothing.
    """
    said = _checked(asked, at=at)
    with lock([lead_id]) as rows:
        lead = meant(lead_id)[0]
        if lead.erased_at:
            raise Conflict(_("This person has been erased already."), code="already_erased")
        known = PersonRequest.objects.filter(lead=lead, kind=asked.kind, state=RequestState.OPEN).first()
        if known is None:
            made = PersonRequest.objects.create(lead=lead, by=by, at=at, **said)
            record([_fact(made, by=by, at=at)], at=at, rows=rows)
            return made
        said["note"] = _joined(known.note, said["note"])
        said["objects_to"] = _every([*known.objects_to, *said["objects_to"]])
        PersonRequest.objects.filter(pk=known.pk).update(**said)
        known.refresh_from_db()
    return known


def days_for(kind: str, policy: Policy) -> int:
    """Within how many days a request of this kind is to be answered, as the administrator has set it."""
    days = {
        RequestKind.ACCESS: policy.access_days,
        RequestKind.CORRECT: policy.correct_days,
        RequestKind.DELETE: policy.erasure_days,
        RequestKind.OBJECT: policy.object_days,
    }
    return days[RequestKind(kind)]


def requests_of(lead: Lead) -> "QuerySet[PersonRequest]":
    """What this person has asked so far, newest first."""
    return PersonRequest.objects.filter(lead=lead).select_related("by", "closed_by").order_by("-pk")


def erasure_of(lead: Lead) -> PersonRequest | None:
    """The request by which the lead is to be erased, or was; not one that was refused."""
    return requests_of(lead).filter(kind=RequestKind.DELETE).exclude(state=RequestState.REFUSED).first()


def person_of(found: PersonRequest) -> int:
    """The lead the person is known as today: a request may have been made of one that was merged since."""
    return found.lead.merged_into_id or found.lead_id


def _checked(asked: Asked, *, at: datetime) -> dict[str, Any]:
    if asked.asked_on > at.date() + timedelta(days=1):
        raise Invalid(_("The request can't come from the future."), code="in_future", field="asked_on")
    objects_to = _every(asked.objects_to) if asked.kind == RequestKind.OBJECT else []
    if asked.kind == RequestKind.OBJECT and not objects_to:
        raise Invalid(_("Say what the person objects to."), code="required", field="objects_to")
    return {
        "kind": RequestKind(asked.kind),
        "ground": ErasureGround(asked.ground or ErasureGround.ASKED) if asked.kind == RequestKind.DELETE else "",
        "objects_to": objects_to,
        "channel": RequestChannel(asked.channel),
        "asked_by": clean(asked.asked_by, 120),
        "asked_on": asked.asked_on,
        "note": clean(asked.note, LONGEST_NOTE, lines=True),
        "due_on": asked.asked_on + timedelta(days=days_for(asked.kind, Policy.current())),
    }


def _every(chosen: Collection[str]) -> list[str]:
    """Each once, in the order of the enum; what is none of them is left out."""
    return [str(one) for one in Objected if one in chosen]


def _joined(before: str, news: str) -> str:
    """The same said twice is kept once."""
    return before if news in before else f"{before}\n{news}".strip()[:LONGEST_NOTE]


def _fact(made: PersonRequest, *, by: User, at: datetime) -> Fact:
    return Fact(made.lead_id, PERSON_ASKED, at, by.pk, properties={"request": made.pk, "kind": made.kind})
