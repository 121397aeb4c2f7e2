"""Weekly feedback and its answer, and call audits."""

from django.db.models import Q, QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from rest_framework.request import Request

from api.callers import Caller, Need, known
from api.enums import Scope
from api.v1 import agreement_docs as docs
from api.v1 import weekly_shapes as shapes
from api.v1.acting import act_on
from api.v1.agreement import Conditions, narrowed
from api.v1.base import ApiView, answer, listing
from leads.filters import ids_or_none, moment, yes_no
from sla import audits, feedback
from sla.models import AuditedCall, Feedback

VIEW = Need(Scope.REPORTS_READ, "agreement.view")
GIVE = Need(Scope.ADMIN, "leads.work")
REPLY = Need(Scope.ADMIN, "feedback.answer")
AUDIT = Need(Scope.ADMIN, "leads.assign")
BY_DUE = {"-due_at": "-due_at", "due_at": "due_at"}
BY_ID = {"-id": "-id", "id": "id"}


def _feedback(caller: Caller) -> QuerySet[Feedback]:
    """A seller sees the own team's, as on the page."""
    rows = Feedback.objects.select_related("team", "given_by", "answered_by")
    return rows.filter(team=caller.by.team_id) if caller.by and caller.by.is_seller else rows


def _audits(caller: Caller) -> QuerySet[AuditedCall]:
    rows = AuditedCall.objects.select_related("draw", "rep", "reviewer", "call__lead")
    return rows.filter(audits.visible_audits(caller.by)) if caller.by else rows


class FeedbackList(ApiView):
    needs = {"GET": VIEW}

    @docs.list_feedback
    def get(self, request: Request) -> HttpResponse:
        rows = narrowed(_feedback(self.caller), FEEDBACK, request)
        return listing(request, rows, orderings=BY_DUE, tie="id", show=shapes.feedbacks_json)


class OneFeedback(ApiView):
    needs = {"GET": VIEW}

    @docs.read_feedback
    def get(self, request: Request, feedback_id: int) -> HttpResponse:  # noqa: ARG002 - the framework's signature
        return answer(shapes.feedback_json(get_object_or_404(_feedback(self.caller), pk=known(feedback_id))))


class GiveFeedback(ApiView):
    needs = {"POST": GIVE}
    post = docs.give_feedback(act_on(_feedback, feedback.give_feedback, shapes.feedback_json, body=shapes.GiveBody))


class AnswerFeedback(ApiView):
    needs = {"POST": REPLY}
    post = docs.answer_feedback(
        act_on(_feedback, feedback.answer_feedback, shapes.feedback_json, body=shapes.AnswerBody)
    )


class Audits(ApiView):
    needs = {"GET": AUDIT}

    @docs.list_audits
    def get(self, request: Request) -> HttpResponse:
        rows = narrowed(_audits(self.caller), AUDITS, request)
        return listing(request, rows, orderings=BY_ID, tie="id", show=shapes.audits_json)


class Review(ApiView):
    needs = {"POST": AUDIT}
    post = docs.review_call(act_on(_audits, audits.review_call, shapes.audit_json, body=shapes.ReviewBody))


FEEDBACK: Conditions = {
    "team": ids_or_none,
    "due_after": lambda name, value: Q(due_at__gte=moment(name, value)),
    "due_before": lambda name, value: Q(due_at__lt=moment(name, value)),
    "given": lambda name, value: Q(given_at__isnull=not yes_no(name, value)),
    "answered": lambda name, value: Q(answered_at__isnull=not yes_no(name, value)),
}
AUDITS: Conditions = {
    "rep": ids_or_none,
    "reviewed": lambda name, value: Q(reviewed_at__isnull=not yes_no(name, value)),
}
