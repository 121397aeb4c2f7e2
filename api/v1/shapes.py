"""Rows as the contract shows them. Plain dictionaries: a page of leads costs two queries and no serializer."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from rest_framework.request import Request

from accounts.models import User
from leads.bant import missing_to_accept
from leads.enums import Reason, Status
from leads.kinds import CATALOGUE
from leads.models import Call, Event, Handoff, Policy, Qualification, Standing
from leads.qualification import CHECKS, NOTES, as_answers
from sla.queries import first_touch_due

PROFILE = (
    "name", "phone", "email", "company", "title", "company_size", "city", "product", "source", "campaign",
    "external_id",
)  # fmt: skip
BANT = ("budget", "budget_amount", "authority", "need", "timing")


def with_details(rows: QuerySet[Standing]) -> QuerySet[Standing]:
    """What `leads_json` reads, in one query."""
    return rows.select_related("lead", "owner", "handoff")


def leads_json(rows: Sequence[Standing], *, at: datetime, request: Request) -> list[dict[str, Any]]:
    """Leads as in the contract; one further query for the clocks of their hand-offs."""
    due = first_touch_due([row.handoff_id for row in rows if row.handoff_id])
    return [_lead(row, due=due, at=at, url=page_address(request, row.lead_id)) for row in rows]


def page_address(request: Request, lead_id: int) -> str:
    """Where a person opens the lead."""
    return request.build_absolute_uri(reverse("lead", args=[lead_id]))


def _lead(row: Standing, *, due: Mapping[int, datetime], at: datetime, url: str) -> dict[str, Any]:
    lead = row.lead
    return {
        "id": lead.pk,
        **{name: getattr(lead, name) for name in PROFILE},
        "status": row.status,
        "status_label": str(Status(row.status).label),
        "stage": row.stage,
        "score": row.score,
        "fit": row.fit,
        "engagement": row.engagement,
        "grade": row.grade,
        "owner": person_json(row.owner),
        "handoff": _current(row.handoff, due) if row.handoff else None,
        "sla": _sla(row, at),
        "tags": lead.tags,
        "custom": lead.custom,
        "created_at": lead.created_at,
        "updated_at": lead.updated_at,
        "last_activity_at": row.last_activity_at,
        "url": url,
    }


def person_json(user: User | None) -> dict[str, Any] | None:
    return {"id": user.pk, "name": user.full_name} if user else None


def _current(handoff: Handoff, due: Mapping[int, datetime]) -> dict[str, Any]:
    return {
        "id": handoff.pk,
        "outcome": handoff.outcome,
        "offered_at": handoff.offered_at,
        "first_touch_due_at": due.get(handoff.pk),
    }


def _sla(row: Standing, at: datetime) -> dict[str, Any] | None:
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
    }


def qualification_json(handoff: Handoff, saved: Qualification | None) -> dict[str, Any]:
    """The answers so far, what they are worth, and what is still missing to accept."""
    shown = saved or Qualification(handoff=handoff)
    answers = as_answers(shown)
    return {
        "handoff": handoff.pk,
        **{name: getattr(shown, name) for name in (*CHECKS, *BANT, *NOTES)},
        "bant": answers.points,
        "missing": missing_to_accept(answers, minimum=Policy.current().bant_minimum),
        "saved_at": shown.saved_at,
    }
