"""The week: each team's feedback and Marketing's answer; the call audits."""

from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.permissions import allow, may, person
from core.keyset import page
from leads.models import Handoff
from sla import audits, feedback
from sla.filters import AuditFilter, FeedbackFilter
from sla.forms.accounts import AnswerForm, FeedbackForm, ReviewForm
from sla.models import AuditDraw, AuditedCall, Feedback
from sla.responsibility import INVALID, QUALIFIED

WEEKS, SIZE, MOST = 12, 30, 50


@require_safe
@allow("agreement.view")
def feedback_list(request: HttpRequest) -> HttpResponse:
    """The weeks of every team, the newest first; a seller sees the own team's."""
    user = person(request)
    form = FeedbackFilter(request.GET, user=user)
    rows = Feedback.objects.select_related("team", "given_by")
    found = form.among(rows.filter(team=user.team_id) if user.is_seller else rows)
    shown = page(found, ordering="-week", tie="id", size=SIZE, cursor=request.GET.get("cursor", ""))
    return render(request, "sla/feedback_list.html", {"page": shown, "form": form})


@require_http_methods(["GET", "POST"])
@allow("agreement.view")
def feedback_week(request: HttpRequest, feedback_id: int) -> HttpResponse:
    """One team's week: its hand-offs with Sales' reasons and notes, the feedback, the answer."""
    user, at = person(request), timezone.now()
    own = {"team": user.team_id} if user.is_seller else {}
    row = get_object_or_404(
        Feedback.objects.select_related("team", "given_by", "answered_by").filter(**own), pk=feedback_id
    )
    gives = may(user, "leads.work") and row.answered_at is None
    answers = may(user, "feedback.answer") and row.given_at is not None
    form = FeedbackForm(_sent(request, "good"), initial={"good": row.good, "stop": row.stop})
    reply = AnswerForm(_sent(request, "answer"), initial={"answer": row.answer})
    if form.is_bound and form.attempt(lambda given: feedback.give_feedback(row.pk, **given, by=user, at=at)):
        messages.success(request, _("Feedback sent to Marketing."))
        return redirect("feedback_week", row.pk)
    if reply.is_bound and reply.attempt(lambda given: feedback.answer_feedback(row.pk, **given, by=user, at=at)):
        messages.success(request, _("Answer sent to Sales."))
        return redirect("feedback_week", row.pk)
    since, until = feedback.week_of(row)
    handoffs = Handoff.objects.filter(team=row.team, offered_at__gte=since, offered_at__lt=until)
    context = {
        "row": row,
        "form": form if gives else None,
        "reply": reply if answers else None,
        "handoffs": handoffs.select_related("lead", "owner").annotate(calls_made=Count("calls"))[:200],
        "counts": handoffs.aggregate(
            all=Count("pk"), good=Count("pk", filter=QUALIFIED), bad=Count("pk", filter=INVALID)
        ),
        "at": at,
    }
    return render(request, "sla/feedback.html", context, status=422 if form.errors or reply.errors else 200)


@require_safe
@allow("leads.assign")
def audit_list(request: HttpRequest) -> HttpResponse:
    """The drawn calls, those to review first asked for; the samples; how many were logged wrongly, per rep."""
    user, at = person(request), timezone.now()
    team = user.team_id if user.is_seller else None
    calls = AuditedCall.objects.filter(audits.visible_audits(user)).select_related(
        "draw", "rep", "call__lead", "reviewer"
    )
    mine = Q(calls__rep__team=team) if team else Q()
    draws = AuditDraw.objects.order_by("-week").annotate(
        drawn=Count("calls", filter=mine), reviewed=Count("calls", filter=mine & Q(calls__right__isnull=False))
    )
    form = AuditFilter(request.GET, user=user)
    found = form.among(calls).order_by("-draw__week", "rep__full_name", "pk")
    context = {
        "draws": draws[:WEEKS],
        "form": form,
        "found": found[:MOST],
        "count": found.count(),
        "most": MOST,
        "mismatches": audits.mismatches(since=at - timedelta(days=90), until=at, team=team),
    }
    return render(request, "sla/audits.html", context)


@require_http_methods(["GET", "POST"])
@allow("agreement.view")
def audit_review(request: HttpRequest, audited_id: int) -> HttpResponse:
    """One call: what the rep logged, and the reviewer's word, which the rep may read."""
    user = person(request)
    calls = AuditedCall.objects.filter(audits.visible_audits(user)).select_related(
        "rep", "call__lead", "draw", "reviewer"
    )
    row = get_object_or_404(calls, pk=audited_id)
    form = ReviewForm(request.POST or None)
    if request.method == "POST" and form.attempt(
        lambda given: audits.review_call(row.pk, **given, by=user, at=timezone.now())
    ):
        messages.success(request, _("Reviewed."))
        return redirect("audits")
    context = {"form": form, "row": row, "may_list": may(user, "leads.assign")}
    return render(request, "sla/audit.html", context, status=422 if form.errors else 200)


def _sent(request: HttpRequest, name: str) -> Any:
    """The answers, for the one of the two forms that was sent."""
    return request.POST if request.method == "POST" and name in request.POST else None
