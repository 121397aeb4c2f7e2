"""Weekly feedback and its answer, call audits, and the bonus of a month."""

from datetime import date, datetime

from django.db.models import Q, QuerySet
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
from api.v1 import weekly_shapes as shapes
from api.v1.agreement import Conditions, narrowed
from api.v1.base import ApiView, answer, listing, read
from core.errors import Invalid, NotFound
from leads.filters import ids_or_none, moment, yes_no
from sla import audits, feedback
from sla.models import AuditedCall, Feedback
from sla.months import local_day, month_before
from sla.statements import month_of_bonus

VIEW = Need(Scope.REPORTS_READ, "agreement.view")
GIVE = Need(Scope.ADMIN, "leads.work")
REPLY = Need(Scope.ADMIN, "feedback.answer")
MONEY = Need(Scope.ADMIN, "agreement.view")
AUDIT = Need(Scope.ADMIN, "leads.assign")
BY_DUE = {"-due_at": "-due_at", "due_at": "due_at"}
BY_ID = {"-id": "-id", "id": "id"}


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
        return answer(shapes.feedback_json(_week(self.caller, feedback_id)))


class GiveFeedback(ApiView):
    needs = {"POST": GIVE}

    @docs.give_feedback
    @idempotent
    def post(self, request: Request, feedback_id: int) -> HttpResponse:
        by, row = self.caller.person, _week(self.caller, feedback_id)
        feedback.give_feedback(row.pk, by=by, at=timezone.now(), **read(shapes.GiveBody, request))
        return answer(shapes.feedback_json(_week(self.caller, row.pk)))


class AnswerFeedback(ApiView):
    needs = {"POST": REPLY}

    @docs.answer_feedback
    @idempotent
    def post(self, request: Request, feedback_id: int) -> HttpResponse:
        by, row = self.caller.person, _week(self.caller, feedback_id)
        feedback.answer_feedback(row.pk, by=by, at=timezone.now(), **read(shapes.AnswerBody, request))
        return answer(shapes.feedback_json(_week(self.caller, row.pk)))


class Audits(ApiView):
    needs = {"GET": AUDIT}

    @docs.list_audits
    def get(self, request: Request) -> HttpResponse:
        rows = narrowed(_audits(self.caller), AUDITS, request)
        return listing(request, rows, orderings=BY_ID, tie="id", show=shapes.audits_json)


class Review(ApiView):
    needs = {"POST": AUDIT}

    @docs.review_call
    @idempotent
    def post(self, request: Request, audited_id: int) -> HttpResponse:
        by, row = self.caller.person, get_object_or_404(_audits(self.caller), pk=known(audited_id))
        audits.review_call(row.pk, by=by, at=timezone.now(), **read(shapes.ReviewBody, request))
        return answer(shapes.audit_json(_audits(self.caller).get(pk=row.pk)))


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
        (found,) = month_of_bonus(month, only=owner)
        return answer(shapes.bonus_json(found, month))


def _feedback(caller: Caller) -> QuerySet[Feedback]:
    """A seller sees the own team's, as on the page."""
    rows = Feedback.objects.select_related("team", "given_by", "answered_by")
    return rows.filter(team=caller.by.team_id) if caller.by and caller.by.is_seller else rows


def _week(caller: Caller, feedback_id: int) -> Feedback:
    return get_object_or_404(_feedback(caller), pk=known(feedback_id))


def _audits(caller: Caller) -> QuerySet[AuditedCall]:
    rows = AuditedCall.objects.select_related("draw", "rep", "reviewer", "call__lead")
    return rows.filter(audits.visible_audits(caller.by)) if caller.by else rows


def _manages(caller: Caller) -> bool:
    return caller.by is None or may(caller.by, "bonus.manage")


def _month(request: Request, *, at: datetime) -> date:
    """The first day of the month asked for, or of the one before this. Raises Invalid."""
    text = request.query_params.get("month") or ""
    try:
        return date.fromisoformat(f"{text}-01") if text else month_before(local_day(at))
    except ValueError as error:
        raise Invalid(_("Write the month as 2026-11."), code="invalid", field="month") from error


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
