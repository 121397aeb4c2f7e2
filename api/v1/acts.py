"""What Sales does with one lead: status, calls, qualification, decision, owner."""

from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from rest_framework.request import Request

from accounts.models import User
from api.callers import LARGEST_ID, Caller, Need
from api.enums import Scope
from api.idempotency import idempotent
from api.v1 import bodies, docs
from api.v1.base import ApiView, answer, read
from api.v1.leads import READ, lead_or_404, object_of
from api.v1.shapes import call_json, handoffs_json, qualification_json
from core.errors import Invalid, NotFound
from leads.assignment import assign_by_rules, reassign
from leads.calls import log_call
from leads.decisions import decide
from leads.models import Handoff, Qualification
from leads.moves import move_status
from leads.qualification import save_qualification
from leads.queries import colleagues

WORK = Need(Scope.LEADS_WRITE, "leads.work")
ASSIGN = Need(Scope.LEADS_WRITE, "leads.assign")


class Status(ApiView):
    needs = {"POST": WORK}

    @docs.move_status
    @idempotent
    def post(self, request: Request, lead_id: int) -> HttpResponse:
        self.caller.check_work(lead_id)
        move_status(lead_id, by=self.caller.by, at=timezone.now(), **read(bodies.StatusBody, request))
        return answer(lead_or_404(self.caller, request, lead_id))


class Calls(ApiView):
    needs = {"POST": WORK}

    @docs.log_call
    @idempotent
    def post(self, request: Request, lead_id: int) -> HttpResponse:
        self.caller.check_work(lead_id)
        call = log_call(lead_id, by=self.caller.by, at=timezone.now(), **read(bodies.CallBody, request))
        return answer(call_json(call), status=201)


class QualificationOfLead(ApiView):
    needs = {"GET": READ, "PUT": WORK}

    @docs.read_qualification
    def get(self, request: Request, lead_id: int) -> HttpResponse:  # noqa: ARG002 - the framework's signature
        self.caller.check_lead(lead_id)
        handoff = Handoff.objects.filter(lead=lead_id).order_by("-cycle").first()
        if handoff is None:
            raise NotFound(_("This lead was never handed over."))
        return answer(qualification_json(handoff, Qualification.objects.filter(handoff=handoff).first()))

    @docs.save_qualification
    def put(self, request: Request, lead_id: int) -> HttpResponse:
        self.caller.check_work(lead_id)
        saved = save_qualification(lead_id, by=self.caller.by, at=timezone.now(), answers=object_of(request))
        return answer(qualification_json(saved.handoff, saved))


class Decision(ApiView):
    needs = {"POST": WORK}

    @docs.decide
    @idempotent
    def post(self, request: Request, lead_id: int) -> HttpResponse:
        self.caller.check_work(lead_id)
        handoff = decide(lead_id, by=self.caller.by, at=timezone.now(), **read(bodies.DecisionBody, request))
        return answer(handoffs_json([handoff])[0])


class Assign(ApiView):
    needs = {"POST": ASSIGN}

    @docs.assign
    @idempotent
    def post(self, request: Request, lead_id: int) -> HttpResponse:
        self.caller.check_work(lead_id)
        at, by = timezone.now(), self.caller.by
        owner_id = read(bodies.AssignBody, request).get("owner")
        if owner_id is None:
            assign_by_rules(lead_id, by=by, at=at)
        else:
            reassign([lead_id], to=_colleague(self.caller, owner_id), by=by, at=at)
        return answer(lead_or_404(self.caller, request, lead_id))


def _colleague(caller: Caller, user_id: int) -> User:
    """Somebody this caller may give leads to. Raises Invalid."""
    people = colleagues(caller.by) if caller.by else User.objects.sellers()
    found = people.filter(pk=user_id).first() if 0 < user_id <= LARGEST_ID else None
    if found is None:
        raise Invalid(_("Nobody you can give leads to has this id."), code="unknown_owner", field="owner")
    return found
