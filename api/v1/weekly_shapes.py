"""What the calls on weekly feedback, call audits and the bonus take and answer."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from rest_framework import serializers as s

from api.v1.agreement_shapes import Colleague, LeadName, SalesTeam
from api.v1.bodies import Body
from api.v1.schemas import Page
from api.v1.sent import Shape
from api.v1.shapes import person_json
from leads.enums import CallOutcome
from sla.enums import BonusKind
from sla.models import AuditedCall, Feedback
from sla.statements import Item, PersonalBonus


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


class BonusLineShape(Shape):
    kind = s.ChoiceField(choices=BonusKind.choices)
    handoff = s.IntegerField()
    lead = LeadName()
    amount = s.IntegerField(help_text="VND")
    base = s.IntegerField(help_text="The revenue it is a share of, or 0")
    shared_by = s.IntegerField(help_text="How many share it")
    correction = s.BooleanField()


class BonusPersonShape(Shape):
    person = Colleague()
    month = s.DateField()
    approved_at = s.DateTimeField(allow_null=True, help_text="null: a preview")
    approved_by = Colleague(allow_null=True)
    total = s.IntegerField(help_text="VND")
    earned = s.IntegerField()
    taken_off = s.IntegerField()


class BonusShape(BonusPersonShape):
    lines = BonusLineShape(many=True)


class BonusMonth(Shape):
    month = s.DateField()
    results = BonusPersonShape(many=True)


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


def month_json(month: date, people: Iterable[PersonalBonus]) -> dict[str, Any]:
    return {"month": month, "results": [_person(one, month) for one in people]}


def bonus_json(found: PersonalBonus, month: date) -> dict[str, Any]:
    return {**_person(found, month), "lines": [_line(item) for item in found.items]}


def _person(found: PersonalBonus, month: date) -> dict[str, Any]:
    statement = found.statement
    return {
        "person": person_json(found.person),
        "month": month,
        "approved_at": statement.approved_at if statement else None,
        "approved_by": person_json(statement.approved_by) if statement else None,
        "total": found.total,
        "earned": found.earned,
        "taken_off": found.taken_off,
    }


def _line(item: Item) -> dict[str, Any]:
    return {
        "kind": item.kind,
        "handoff": item.handoff.pk,
        "lead": {"id": item.handoff.lead_id, "name": str(item.handoff.lead)},
        "amount": item.amount,
        "base": item.base,
        "shared_by": item.shared_by,
        "correction": item.correction,
    }


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
