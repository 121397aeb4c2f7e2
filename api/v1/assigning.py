"""The assignment: rules in order, absences, who would get a lead, and how fair it all was."""

from collections.abc import Mapping
from typing import Any

from django.db.models import Q, QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext as _
from rest_framework.request import Request

from accounts.models import User
from api.callers import Caller, Need, known
from api.enums import Scope
from api.idempotency import idempotent
from api.v1 import agreement_docs as docs
from api.v1 import assigning_shapes as shapes
from api.v1.agreement import Conditions, narrowed
from api.v1.base import ApiView, answer, listing, read
from core.errors import Invalid
from leads.assigning import editing
from leads.assigning.fairness import fairness
from leads.assigning.trial import try_lead
from leads.filters import ids_or_none, moment
from leads.models import Absence, AssignmentRule, Lead
from leads.queries import colleagues
from reports.address import read as read_scope

LOOK = Need(Scope.LEADS_READ, "leads.assign")
EDIT = Need(Scope.ADMIN, "assignment.edit")
AWAY = Need(Scope.ADMIN, "leads.assign")
BY_POSITION = {"position": "position"}
BY_ID = {"id": "id", "-id": "-id"}


class Rules(ApiView):
    needs = {"GET": LOOK, "POST": EDIT}

    @docs.list_rules
    def get(self, request: Request) -> HttpResponse:
        return listing(request, _rules(), orderings=BY_POSITION, tie="id", show=shapes.rules_json)

    @docs.create_rule
    @idempotent
    def post(self, request: Request) -> HttpResponse:
        saved = _saved(AssignmentRule(), read(shapes.NewRuleBody, request))
        return answer(shapes.rule_json(saved), status=201)


class OneRule(ApiView):
    needs = {"GET": LOOK, "PATCH": EDIT, "DELETE": EDIT}

    @docs.read_rule
    def get(self, request: Request, rule_id: int) -> HttpResponse:  # noqa: ARG002 - the framework's signature
        return answer(shapes.rule_json(get_object_or_404(_rules(), pk=known(rule_id))))

    @docs.edit_rule
    def patch(self, request: Request, rule_id: int) -> HttpResponse:
        rule = get_object_or_404(_rules(), pk=known(rule_id))
        return answer(shapes.rule_json(_saved(rule, read(shapes.EditRuleBody, request))))

    @docs.remove_rule
    def delete(self, request: Request, rule_id: int) -> HttpResponse:  # noqa: ARG002 - the framework's signature
        editing.remove_rule(known(rule_id))
        return HttpResponse(status=204)


class MoveRule(ApiView):
    needs = {"POST": EDIT}

    @docs.move_rule
    @idempotent
    def post(self, request: Request, rule_id: int) -> HttpResponse:
        editing.move_rule(known(rule_id), up=read(shapes.MoveBody, request)["way"] == "up")
        return answer({"rules": list(AssignmentRule.objects.values_list("pk", flat=True))})


class Absences(ApiView):
    needs = {"GET": LOOK, "POST": AWAY}

    @docs.list_absences
    def get(self, request: Request) -> HttpResponse:
        rows = narrowed(_absences(self.caller), ABSENCES, request)
        return listing(request, rows, orderings=BY_ID, tie="id", show=shapes.absences_json)

    @docs.add_absence
    @idempotent
    def post(self, request: Request) -> HttpResponse:
        given = read(shapes.AbsenceBody, request)
        who = people_of(self.caller).filter(pk=given.pop("user")).first()
        if who is None:
            raise Invalid(_("Nobody you can give leads to has this id."), code="unknown_user", field="user")
        return answer(shapes.absence_json(editing.add_absence(who, **given)), status=201)


class OneAbsence(ApiView):
    needs = {"DELETE": AWAY}

    @docs.remove_absence
    def delete(self, request: Request, absence_id: int) -> HttpResponse:  # noqa: ARG002 - the framework's signature
        editing.remove_absence(get_object_or_404(_absences(self.caller), pk=known(absence_id)))
        return HttpResponse(status=204)


class TrialOfLead(ApiView):
    needs = {"GET": LOOK}

    @docs.try_lead
    def get(self, request: Request, lead_id: int) -> HttpResponse:  # noqa: ARG002 - the framework's signature
        lead = Lead.objects.get(pk=self.caller.check_lead(lead_id))
        return answer(shapes.trial_json(try_lead(lead, at=timezone.now())))


class FairnessOfSpan(ApiView):
    needs = {"GET": LOOK}

    @docs.read_fairness
    def get(self, request: Request) -> HttpResponse:
        scope = read_scope(request.query_params.dict(), user=self.caller.by, at=timezone.now())
        found = fairness(since=scope.now.start, until=scope.now.end, team_id=scope.team)
        span = {"from": scope.period.first, "to": scope.period.last}
        return answer(span | shapes.fairness_json(found))


def _rules() -> QuerySet[AssignmentRule]:
    return AssignmentRule.objects.select_related("team", "person")


def _saved(rule: AssignmentRule, given: Mapping[str, Any]) -> AssignmentRule:
    for name, value in given.items():
        setattr(rule, name, value)
    return editing.save_rule(rule)


def people_of(caller: Caller) -> QuerySet[User]:
    return colleagues(caller.by) if caller.by else User.objects.sellers()


def _absences(caller: Caller) -> QuerySet[Absence]:
    return Absence.objects.filter(user__in=people_of(caller)).select_related("user")


ABSENCES: Conditions = {
    "user": ids_or_none,
    "from": lambda name, value: Q(last__gte=timezone.localdate(moment(name, value))),
}
