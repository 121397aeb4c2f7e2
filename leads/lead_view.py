"""One lead as its page shows it, in a fixed number of queries."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet

from accounts.models import User
from core.keyset import Page, page
from leads.bant import missing_to_accept
from leads.calling import call_address
from leads.custom import PREFIX, as_words
from leads.custom_fields import fields_in_use
from leads.enums import NO_CALLS, NO_CARE, Outcome, Stage
from leads.kinds import CATALOGUE, ENQUIRY_RECEIVED, LEAD_CREATED
from leads.models import (
    Appointment,
    Attachment,
    Call,
    Event,
    Handoff,
    Lead,
    Objection,
    Policy,
    Qualification,
    Standing,
)
from leads.next_step import Facts, NextStep, next_step
from leads.objections import objections_of
from leads.qualification import as_answers
from leads.thresholds import in_force

APPOINTMENTS = 10
TIMELINE_SIZE = 25
COMPARED = ("name", "phone", "email", "company", "title", "company_size", "city", "product")


@dataclass(frozen=True)
class Differing:
    """A value an enquiry gave that is not what the lead says."""

    field: str
    value: str


@dataclass(frozen=True)
class EnquiryRow:
    event: Event
    differing: list[Differing]


@dataclass(frozen=True)
class CustomValue:
    """What a lead says in one custom field; without `name` it is a key nobody has defined (any more)."""

    name: str
    label: str
    text: str
    filled: bool


@dataclass(frozen=True)
class LeadView:
    """One lead as its page shows it."""

    lead: Lead
    standing: Standing
    handoff: Handoff | None
    qualification: Qualification | None
    missing: list[str]
    bant_minimum: int
    attempts: int
    most_attempts: int
    next_step: NextStep
    enquiries: list[EnquiryRow]
    custom: list[CustomValue]
    appointments: list[Appointment]
    files: list[Attachment]
    call_address: str
    care_over: bool
    objections: list[Objection]

    @property
    def may_be_called(self) -> bool:
        return not any(objection.to in NO_CALLS for objection in self.objections)

    @property
    def qualifies(self) -> bool:
        """Whether there is a hand-off to qualify: open, or accepted."""
        return self.handoff is not None and self.handoff.outcome in {Outcome.OPEN, Outcome.ACCEPTED}

    @property
    def first_touch(self) -> Event | None:
        return self.enquiries[-1].event if self.enquiries else None

    @property
    def last_touch(self) -> Event | None:
        return self.enquiries[0].event if self.enquiries else None


def standings_of(user: User) -> QuerySet[Standing]:
    """The one row behind a lead page, with everything the page needs of it."""
    related = ("lead", "owner", "team", "handoff__owner", "handoff__decided_by", "handoff__qualification")
    return Standing.objects.visible_to(user).select_related(*related)


def lead_view(standing: Standing, *, at: datetime) -> LeadView:
    """Seven queries beside the row itself: policy, calls, enquiries, custom fields, appointments, files, objections."""
    handoff = standing.handoff
    qualification: Qualification | None = getattr(handoff, "qualification", None)
    policy = Policy.current()
    missing = missing_to_accept(as_answers(qualification or Qualification()), minimum=policy.bant_needed)
    objections = objections_of(standing.lead_id)
    appointments = list(standing.lead.appointments.order_by("-starts_at")[:APPOINTMENTS])
    return LeadView(
        lead=standing.lead,
        standing=standing,
        handoff=handoff,
        qualification=qualification,
        missing=missing,
        bant_minimum=policy.bant_minimum,
        attempts=Call.objects.filter(lead=standing.lead_id, handoff=handoff).count(),
        most_attempts=policy.attempts,
        next_step=_next_step(standing, ready=not missing, appointments=appointments, objections=objections, at=at),
        enquiries=enquiries(standing.lead),
        custom=custom_values(standing.lead),
        appointments=appointments,
        files=list(standing.lead.attachments.select_related("by").order_by("-at", "-pk")),
        call_address=call_address(policy.call_address, standing.lead.phone),
        care_over=_care_over(standing, at=at),
        objections=objections,
    )


def _care_over(standing: Standing, *, at: datetime) -> bool:
    """Whether the rep has to decide: nothing has moved for the agreed days."""
    until = standing.handoff.care_until if standing.handoff else None
    return standing.stage == Stage.SQL and until is not None and until <= at


def _next_step(
    standing: Standing,
    *,
    ready: bool,
    appointments: Sequence[Appointment],
    objections: Sequence[Objection],
    at: datetime,
) -> NextStep:
    handoff = standing.handoff
    return next_step(
        Facts(
            status=standing.status,
            stage=standing.stage,
            score=standing.score,
            mql=in_force().thresholds.mql,
            handoff_open=standing.handoff_open,
            owned=standing.owner_id is not None,
            touched=handoff is not None and handoff.first_touch_at is not None,
            ready=ready,
            sla_due_at=standing.sla_due_at,
            next_step_at=standing.next_step_at,
            meets_at=min((one.starts_at for one in appointments if one.is_planned), default=None),
            care_over=_care_over(standing, at=at),
            wake_on=standing.wake_on,
            let_be=any(objection.to in NO_CARE for objection in objections),
        )
    )


def enquiries(lead: Lead, *, limit: int = 10) -> list[EnquiryRow]:
    """The lead's latest enquiries, newest first, each with what it said differently from the lead today."""
    found = Event.objects.filter(lead=lead, kind__in=[LEAD_CREATED, ENQUIRY_RECEIVED]).order_by("-occurred_at", "-id")
    return [EnquiryRow(event, _differing(lead, event)) for event in found[:limit]]


def custom_values(lead: Lead) -> list[CustomValue]:
    """Every field in use in its order, then what else is stored. One query."""
    fields = fields_in_use()
    known = [
        CustomValue(f"{PREFIX}{key}", field.label, as_words(field, lead.custom.get(key)), key in lead.custom)
        for key, field in fields.items()
    ]
    return known + [
        CustomValue("", k, as_words(None, v), filled=True) for k, v in lead.custom.items() if k not in fields
    ]


def _differing(lead: Lead, event: Event) -> list[Differing]:
    given = event.properties.get("given") or {}
    values = [(name, given[name]) for name in COMPARED if name in given]
    return [Differing(name, str(value)) for name, value in values if value not in ("", None, getattr(lead, name))]


def timeline(lead_id: int, *, group: str = "", cursor: str = "") -> Page[Event]:
    """The log of one lead, newest first; `group` is one of the catalogue's, unknown kinds count as behaviour."""
    events = Event.objects.filter(lead=lead_id).select_related("actor")
    if group == "behaviour":
        events = events.exclude(kind__in=[k.name for k in CATALOGUE.values() if k.group != group])
    elif group:
        events = events.filter(kind__in=[k.name for k in CATALOGUE.values() if k.group == group])
    return page(events, ordering="-occurred_at", tie="id", size=TIMELINE_SIZE, cursor=cursor)
