"""The bonus of a month, and the plans behind it. Approving and correcting are done in person."""

from datetime import date, datetime

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext as _
from rest_framework.request import Request

from accounts.models import User
from accounts.permissions import may
from api.callers import Caller, Need, known
from api.enums import Scope
from api.idempotency import idempotent
from api.v1 import agreement_docs as docs
from api.v1 import bonus_shapes as shapes
from api.v1.base import ApiView, answer, listing, read
from core.errors import Invalid, NotFound
from sla import bonus as acts
from sla.models import BonusPlan, BonusStatement
from sla.months import first_of, local_day, month_before, parse_month
from sla.statements import month_of_bonus

MONEY = Need(Scope.ADMIN, "agreement.view")
MANAGE = Need(Scope.ADMIN, "bonus.manage")
BY_MONTH = {"-first_month": "-first_month", "first_month": "first_month"}


class BonusOfMonth(ApiView):
    """One month: managers see everybody, others themselves."""

    needs = {"GET": MONEY}

    @docs.read_bonus
    def get(self, request: Request) -> HttpResponse:
        month = _month(request, at=timezone.now())
        only = None if _manages(self.caller) else self.caller.by
        return answer(shapes.month_json(month, month_of_bonus(month, only=only)))


class BonusOfPerson(ApiView):
    needs = {"GET": MONEY}

    @docs.read_statement
    def get(self, request: Request, user_id: int) -> HttpResponse:
        if not _manages(self.caller) and self.caller.person.pk != user_id:
            raise NotFound
        owner, month = get_object_or_404(User, pk=known(user_id)), _month(request, at=timezone.now())
        return answer(_statement(owner, month))


class ApproveBonus(ApiView):
    needs = {"POST": MANAGE}

    @docs.approve_bonus
    @idempotent
    def post(self, request: Request, user_id: int) -> HttpResponse:
        by, owner = self.caller.person, get_object_or_404(User, pk=known(user_id))
        month = first_of(read(shapes.MonthBody, request)["month"])
        acts.approve(month, owner, by=by, at=timezone.now())
        return answer(_statement(owner, month), status=201)


class ApproveMonth(ApiView):
    needs = {"POST": MANAGE}

    @docs.approve_month
    @idempotent
    def post(self, request: Request) -> HttpResponse:
        by, month = self.caller.person, first_of(read(shapes.MonthBody, request)["month"])
        approved = acts.approve_all(month, by=by, at=timezone.now())
        return answer(shapes.month_json(month, month_of_bonus(month)) | {"approved": approved})


class CorrectBonus(ApiView):
    needs = {"POST": MANAGE}

    @docs.correct_bonus
    @idempotent
    def post(self, request: Request, statement_id: int) -> HttpResponse:  # noqa: ARG002 - the framework's signature
        by, row = self.caller.person, get_object_or_404(BonusStatement, pk=known(statement_id))
        added = acts.correct(row.pk, by=by, at=timezone.now())
        return answer(_statement(row.person, row.month) | {"added": added})


class Plans(ApiView):
    needs = {"GET": MANAGE, "POST": MANAGE}

    @docs.list_plans
    def get(self, request: Request) -> HttpResponse:
        rows = BonusPlan.objects.select_related("by")
        return listing(request, rows, orderings=BY_MONTH, tie="id", show=shapes.plans_json)

    @docs.create_plan
    @idempotent
    def post(self, request: Request) -> HttpResponse:
        rates = read(shapes.PlanBody, request)
        month = first_of(rates.pop("first_month"))
        now = acts.plan_for(month)
        rates = {name: rates.get(name, getattr(now, name)) for name in acts.RATES}
        made = acts.new_plan(month, rates=rates, by=self.caller.by, at=timezone.now())
        return answer(shapes.plan_json(made), status=201)


class OnePlan(ApiView):
    """Taken back in person, as it is approved on: what people are paid hangs on it."""

    needs = {"DELETE": MANAGE}

    @docs.remove_plan
    def delete(self, request: Request, plan_id: int) -> HttpResponse:  # noqa: ARG002 - the framework's signature
        acts.remove_plan(known(plan_id), by=self.caller.person)
        return HttpResponse(status=204)


def _statement(owner: User, month: date) -> dict[str, object]:
    (found,) = month_of_bonus(month, only=owner)
    return shapes.bonus_json(found, month)


def _manages(caller: Caller) -> bool:
    return caller.by is None or may(caller.by, "bonus.manage")


def _month(request: Request, *, at: datetime) -> date:
    """The first day of the month asked for, or of the one before this. Raises Invalid."""
    text = request.query_params.get("month") or ""
    try:
        return parse_month(text) if text else month_before(local_day(at))
    except ValueError as error:
        raise Invalid(_("Write the month as 2026-11."), code="invalid", field="month") from error
