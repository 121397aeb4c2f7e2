"""Rows as the contract shows them. Plain dictionaries: a page of leads costs one query and no serializer."""

from collections.abc import Sequence
from datetime import datetime
from functools import cache
from typing import Any, NamedTuple

import orjson
from django.urls import reverse
from rest_framework.request import Request

from accounts.models import User
from api import sql
from leads.bant import missing_to_accept
from leads.enums import Reason, Status
from leads.kinds import CATALOGUE
from leads.models import Appointment, Call, Event, Handoff, Policy, Qualification
from leads.qualification import CHECKS, NOTES, as_answers
from sla.queries import first_touch_due

BANT = ("budget", "budget_amount", "authority", "need", "timing")


class Row(NamedTuple):
    """One lead as `sql.LEADS` reads it; `custom` is JSON text."""

    id: int
    name: str
    phone: str | None
    email: str | None
    company: str
    title: str
    company_size: int | None
    city: str
    product: str
    source: str
    campaign: str
    external_id: str
    status: str
    stage: str
    score: int
    fit: int
    engagement: int
    grade: str
    owner_id: int | None
    owner_name: str | None
    handoff_id: int | None
    handoff_outcome: str | None
    offered_at: datetime | None
    first_touch_due_at: datetime | None
    sla_due_at: datetime | None
    sla_warn_at: datetime | None
    tags: list[str]
    custom: str
    created_at: datetime
    updated_at: datetime
    last_activity_at: datetime | None


def leads_json(lead_ids: Sequence[int], *, at: datetime, request: Request) -> list[dict[str, Any]]:
    """Leads as in the contract, in that order; who may see them was asked before. One query."""
    rows, pages = lead_rows(lead_ids), lead_pages(request)
    return [lead_json(rows[i], at=at, pages=pages) for i in lead_ids if i in rows]


def lead_rows(lead_ids: Sequence[int]) -> dict[int, Row]:
    """What is shown of these leads, by their ids. One query."""
    return {row[0]: Row(*row) for row in sql.run(sql.LEADS, list(lead_ids))}


def lead_pages(request: Request) -> str:
    """The address of the leads' pages: what comes behind it is the lead's number."""
    return request.build_absolute_uri(path_of("lead"))


@cache
def path_of(name: str) -> str:
    """An address that ends in one number, up to that number: the same as long as the process lives."""
    return reverse(name, args=[0]).removesuffix("0/")


def lead_json(row: Row, *, at: datetime, pages: str) -> dict[str, Any]:
    """The lead as in the contract, in the language of this moment."""
    return {
        "id": row.id,
        "name": row.name,
        "phone": row.phone,
        "email": row.email,
        "company": row.company,
        "title": row.title,
        "company_size": row.company_size,
        "city": row.city,
        "product": row.product,
        "source": row.source,
        "campaign": row.campaign,
        "external_id": row.external_id,
        "status": row.status,
        "status_label": str(Status(row.status).label),
        "stage": row.stage,
        "score": row.score,
        "fit": row.fit,
        "engagement": row.engagement,
        "grade": row.grade,
        "owner": {"id": row.owner_id, "name": row.owner_name} if row.owner_id else None,
        "handoff": _current(row) if row.handoff_id else None,
        "sla": _sla(row, at),
        "tags": row.tags,
        "custom": orjson.Fragment(row.custom),
        "created_at": row.created_at,
        "updated_at": row.updated_at,
        "last_activity_at": row.last_activity_at,
        "url": f"{pages}{row.id}/",
    }


def person_json(user: User | None) -> dict[str, Any] | None:
    return {"id": user.pk, "name": user.full_name} if user else None


def _current(row: Row) -> dict[str, Any]:
    return {
        "id": row.handoff_id,
        "outcome": row.handoff_outcome,
        "offered_at": row.offered_at,
        "first_touch_due_at": row.first_touch_due_at,
    }


def _sla(row: Row, at: datetime) -> dict[str, Any] | None:
    if row.sla_due_at is None or row.sla_warn_at is None:
        return None
    state = "breached" if row.sla_due_at <= at else "warning" if row.sla_warn_at <= at else "ok"
    return {"state": state, "due_at": row.sla_due_at}


def handoffs_json(rows: Sequence[Handoff]) -> list[dict[str, Any]]:
    due = first_touch_due([row.pk for row in rows])
    return [_handoff(row, due=due.get(row.pk)) for row in rows]


def _handoff(row: Handoff, *, due: datetime | None) -> dict[str, Any]:
    return {
        "id": row.pk,
        "lead": {"id": row.lead_id, "name": str(row.lead)},
        "cycle": row.cycle,
        "kind": row.kind,
        "score": row.score,
        "model_version": row.model_version,
        "source": row.source,
        "campaign": row.campaign,
        "owner": person_json(row.owner),
        "offered_at": row.offered_at,
        "assigned_at": row.assigned_at,
        "first_touch_due_at": due,
        "first_touch_at": row.first_touch_at,
        "decided_at": row.decided_at,
        "outcome": row.outcome,
        "reason": row.reason,
        "reason_label": str(Reason(row.reason).label) if row.reason else "",
        "note": row.note,
        "won_at": row.won_at,
        "revenue": row.revenue,
    }


def events_json(rows: Sequence[Event]) -> list[dict[str, Any]]:
    return [
        {
            "id": row.pk,
            "kind": row.kind,
            "label": str(CATALOGUE[row.kind].label) if row.kind in CATALOGUE else row.kind,
            "occurred_at": row.occurred_at,
            "recorded_at": row.recorded_at,
            "actor": person_json(row.actor),
            "source": row.source,
            "external_id": row.external_id,
            "properties": row.properties,
        }
        for row in rows
    ]


def call_json(call: Call) -> dict[str, Any]:
    return {
        "id": call.pk,
        "lead": call.lead_id,
        "handoff": call.handoff_id,
        "attempt": call.attempt,
        "direction": call.direction,
        "outcome": call.outcome,
        "occurred_at": call.occurred_at,
        "duration_seconds": call.duration_seconds,
        "note": call.note,
        "callback_at": call.callback_at,
        "recording_url": call.recording_url,
    }


def appointment_json(appointment: Appointment) -> dict[str, Any]:
    names = ("starts_at", "minutes", "place", "link", "note", "outcome")
    known = {"id": appointment.pk, "lead": appointment.lead_id, "owner": appointment.owner_id}
    return known | {name: getattr(appointment, name) for name in names}


def note_json(event: Event) -> dict[str, Any]:
    return {
        "id": event.pk,
        "lead": event.lead_id,
        "text": event.properties["note"],
        "mentioned": event.properties["mentioned"],
        "created_at": event.occurred_at,
    }


def qualification_json(handoff: Handoff, saved: Qualification | None) -> dict[str, Any]:
    """The answers so far, what they are worth, and what is still missing to accept."""
    shown = saved or Qualification(handoff=handoff)
    answers = as_answers(shown)
    return {
        "handoff": handoff.pk,
        **{name: getattr(shown, name) for name in (*CHECKS, *BANT, *NOTES)},
        "bant": answers.points,
        "missing": missing_to_accept(answers, minimum=Policy.current().bant_needed),
        "saved_at": shown.saved_at,
    }
