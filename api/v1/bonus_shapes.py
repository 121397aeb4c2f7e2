"""What the calls on the bonus and its plans take and answer."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from django.core.validators import MaxValueValidator, MinValueValidator
from rest_framework import serializers as s

from api.v1.agreement_shapes import Colleague, LeadName
from api.v1.bodies import Body, ModelBody
from api.v1.schemas import Page
from api.v1.sent import Shape
from api.v1.shapes import person_json
from sla.bonus import RATES
from sla.enums import BonusKind
from sla.models import BonusPlan
from sla.months import EARLIEST, LATEST
from sla.statements import Item, PersonalBonus


class MonthField(s.DateField):
    """Written 2026-11; a whole date counts for its month."""

    def __init__(self, **options: Any) -> None:
        super().__init__(input_formats=["%Y-%m", "%Y-%m-%d"], **options)
        self.validators += [MinValueValidator(EARLIEST), MaxValueValidator(LATEST)]


class PlanBody(ModelBody):
    """The rates that are not given stay as in the plan in force then."""

    first_month = MonthField(help_text="The first month it holds: 2026-11")

    class Meta:
        model = BonusPlan
        fields = ("first_month", *RATES)


class MonthBody(Body):
    month = MonthField(help_text="2026-11")


class PlanShape(Shape):
    id = s.IntegerField()
    first_month = s.DateField()
    rates = s.DictField(child=s.IntegerField(), help_text="Whole VND; shares of revenue in hundredths of a percent")
    by = Colleague(allow_null=True)
    at = s.DateTimeField(allow_null=True)


class PlanPage(Page):
    results = PlanShape(many=True)


class BonusLineShape(Shape):
    kind = s.ChoiceField(choices=BonusKind.choices)
    handoff = s.IntegerField()
    lead = LeadName()
    amount = s.IntegerField(help_text="VND")
    base = s.IntegerField(help_text="The revenue it is a share of, or 0")
    shared_by = s.IntegerField(help_text="How many share it")
    correction = s.BooleanField()
    promise = s.CharField(allow_blank=True, help_text="The promise that was broken, in words; empty for anything else")


class BonusPersonShape(Shape):
    person = Colleague()
    month = s.DateField()
    statement = s.IntegerField(allow_null=True, help_text="null: a preview")
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


class ApprovedMonth(BonusMonth):
    approved = s.IntegerField(help_text="Statements approved by this call; those of before stay as they are")


class CorrectionShape(BonusShape):
    added = s.IntegerField(help_text="Lines added")


def plan_json(plan: BonusPlan) -> dict[str, Any]:
    return {
        "id": plan.pk,
        "first_month": plan.first_month,
        "rates": {name: getattr(plan, name) for name in RATES},
        "by": person_json(plan.by),
        "at": plan.at,
    }


def plans_json(rows: Sequence[BonusPlan]) -> list[dict[str, Any]]:
    return [plan_json(row) for row in rows]


def month_json(month: date, people: Iterable[PersonalBonus]) -> dict[str, Any]:
    return {"month": month, "results": [_person(one, month) for one in people]}


def bonus_json(found: PersonalBonus, month: date) -> dict[str, Any]:
    return {**_person(found, month), "lines": [_line(item) for item in found.items]}


def _person(found: PersonalBonus, month: date) -> dict[str, Any]:
    statement = found.statement
    return {
        "person": person_json(found.person),
        "month": month,
        "statement": statement.pk if statement else None,
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
        "promise": str(item.about),
    }
