"""What the calls on weekly feedback and call audits take and answer."""

from collections.abc import Sequence
from typing import Any

from rest_framework import serializers as s

from api.v1.agreement_shapes import Colleague, LeadName, SalesTeam
from api.v1.bodies import Body
from api.v1.schemas import Page
from api.v1.sent import Shape
from api.v1.shapes import person_json
from leads.enums import CallOutcome
from sla.models import AuditedCall, Feedback


class GiveBody(Body):
    good = s.CharField(required=False, allow_blank=True, default="", max_length=5000)
    stop = s.CharField(required=False, allow_blank=True, default="", max_length=5000)


class AnswerBody(Body):
    answer = s.CharField(max_length=5000)


class ReviewBody(Body):
    right = s.BooleanField(help_text="Whether it was logged right; if not, say why in `note`")
    note = s.CharField(required=False, allow_blank=True, default="", max_length=2000)


class FeedbackShape(Shape):
    id = s.IntegerField()
    team = SalesTeam()
    week = s.DateField(help_text="The Monday")
    due_at = s.DateTimeField()
    breached_at = s.DateTimeField(allow_null=True)
    good = s.CharField(allow_blank=True)
    stop = s.CharField(allow_blank=True)
    given_at = s.DateTimeField(allow_null=True)
    given_by = Colleague(allow_null=True)
    answer = s.CharField(allow_blank=True)
    answered_at = s.DateTimeField(allow_null=True)
    answered_by = Colleague(allow_null=True)


class FeedbackPage(Page):
    results = FeedbackShape(many=True)


class AuditedCallLine(Shape):
    id = s.IntegerField()
    outcome = s.ChoiceField(choices=CallOutcome.choices)
    occurred_at = s.DateTimeField()
    duration_seconds = s.IntegerField(allow_null=True)
    note = s.CharField(allow_blank=True)


class AuditShape(Shape):
    id = s.IntegerField()
    week = s.DateField(help_text="The Monday")
    rep = Colleague()
    lead = LeadName()
    call = AuditedCallLine()
    right = s.BooleanField(allow_null=True, help_text="null: waits for a review")
    note = s.CharField(allow_blank=True)
    reviewer = Colleague(allow_null=True)
    reviewed_at = s.DateTimeField(allow_null=True)


class AuditPage(Page):
    results = AuditShape(many=True)


def feedback_json(row: Feedback) -> dict[str, Any]:
    names = ("week", "due_at", "breached_at", "good", "stop", "given_at", "answer", "answered_at")
    return {
        "id": row.pk,
        "team": {"id": row.team_id, "name": row.team.name},
        **{name: getattr(row, name) for name in names},
        "given_by": person_json(row.given_by),
        "answered_by": person_json(row.answered_by),
    }


def feedbacks_json(rows: Sequence[Feedback]) -> list[dict[str, Any]]:
    return [feedback_json(row) for row in rows]


def audit_json(row: AuditedCall) -> dict[str, Any]:
    logged = row.call
    return {
        "id": row.pk,
        "week": row.draw.week,
        "rep": person_json(row.rep),
        "lead": {"id": logged.lead_id, "name": str(logged.lead)},
        "call": {
            "id": logged.pk,
            **{name: getattr(logged, name) for name in ("outcome", "occurred_at", "duration_seconds", "note")},
        },
        "right": row.right,
        "note": row.note,
        "reviewer": person_json(row.reviewer),
        "reviewed_at": row.reviewed_at,
    }


def audits_json(rows: Sequence[AuditedCall]) -> list[dict[str, Any]]:
    return [audit_json(row) for row in rows]
