"""Who answers for a month, with its evidence; broken promises; disputes."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.models import User
from accounts.permissions import allow, may, person
from core.keyset import page
from leads.models import Lead
from sla import disputes
from sla.beside import beside
from sla.filters import BreachFilter, DisputeFilter
from sla.forms.accounts import AskForm, ReasonForm, RulingForm
from sla.models import Dispute, Verdict
from sla.queries import standing_still, visible_breaches, visible_verdicts
from sla.responsibility import broken_behind, evidence, outlook
from sla.responsibility import responsibility as judge
from sla.wording import LABELS

SIZE = 50


@require_safe
@allow("reports.view")
def responsibility(request: HttpRequest) -> HttpResponse:
    """The verdict of a month by the agreement in force then, and the forecast of the running one."""
    user, at = person(request), timezone.now()
    form = AskForm(request.GET)
    asked = form.asked(user, at=at)
    by = form.by_what(user, asked)
    closed = Verdict.objects.filter(month=asked.first, team=asked.team, source=asked.source)
    context = {
        "form": form,
        "asked": asked,
        "found": judge(asked),
        "outlook": outlook(at=at) if asked.whole and asked.first <= timezone.localdate(at) <= asked.last else None,
        "closed": closed.prefetch_related("disputes__raised_by", "disputes__decided_by").first(),
        "waiting": Dispute.objects.filter(state="open").count() if user.is_manager else 0,
        "query": request.GET.urlencode(),
        "groups": beside(asked, by),
        "by": by,
    }
    return render(request, "sla/responsibility.html", context)


@require_safe
@allow("reports.view")
def rows(request: HttpRequest, code: str) -> HttpResponse:
    """The hand-offs behind one finding."""
    user = person(request)
    asked = AskForm(request.GET).asked(user, at=timezone.now())
    found = evidence(asked, code)
    shown = page(found, ordering="-offered_at", tie="id", size=SIZE, cursor=request.GET.get("cursor", ""))
    context = {
        "title": LABELS[code],
        "asked": asked,
        "page": shown,
        "count": found.count(),
        "broken": broken_behind(asked, code),
        "open": _open_to(user, [h.lead_id for h in shown.rows]),
        "query": request.GET.urlencode(),
    }
    return render(request, "sla/evidence.html", context)


@require_safe
@allow("agreement.view")
def breaches(request: HttpRequest) -> HttpResponse:
    """The broken promises a person may see, newest first; everybody may dispute one."""
    user = person(request)
    form = BreachFilter(request.GET, user=user)
    found = form.among(visible_breaches(user)).select_related("lead", "breach_owner", "breach_team", "handoff")
    shown = page(
        found.prefetch_related("disputes"),
        ordering="-due_at",
        tie="id",
        size=SIZE,
        cursor=request.GET.get("cursor", ""),
    )
    context = {"page": shown, "form": form, "open": _open_to(user, [c.lead_id for c in shown.rows])}
    context |= {"paused": standing_still(user).count() if may(user, "leads.assign") else 0}
    return render(request, "sla/breaches.html", context)


@require_http_methods(["GET", "POST"])
@allow("agreement.view")
def dispute_breach(request: HttpRequest, clock_id: int) -> HttpResponse:
    user = person(request)
    clock = get_object_or_404(visible_breaches(user).select_related("lead"), pk=clock_id)
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.attempt(
        lambda given: disputes.dispute_breach(clock.pk, by=user, at=timezone.now(), reason=given["reason"])
    ):
        messages.success(request, _("Disputed. A manager decides."))
        return redirect("breaches")
    context = {"form": form, "title": clock.get_promise_display(), "about": clock.lead, "back": "/agreement/breaches/"}
    return _asked(request, context)


@require_http_methods(["GET", "POST"])
@allow("reports.view")
def dispute_verdict(request: HttpRequest, verdict_id: int) -> HttpResponse:
    user = person(request)
    verdict = get_object_or_404(visible_verdicts(user), pk=verdict_id)
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.attempt(
        lambda given: disputes.dispute_verdict(verdict.pk, by=user, at=timezone.now(), reason=given["reason"])
    ):
        messages.success(request, _("Disputed. A manager decides."))
        return redirect("responsibility")
    context = {"form": form, "title": verdict.get_who_display(), "about": verdict.month, "back": "/responsibility/"}
    return _asked(request, context)


@require_safe
@allow("disputes.decide")
def dispute_list(request: HttpRequest) -> HttpResponse:
    """What was disputed, the newest first."""
    people = ("raised_by", "decided_by", "clock__lead", "clock__breach_owner", "verdict__team")
    form = DisputeFilter(request.GET)
    found = form.among(Dispute.objects.select_related(*people))
    shown = page(found, ordering="-raised_at", tie="id", size=SIZE, cursor=request.GET.get("cursor", ""))
    return render(request, "sla/disputes.html", {"page": shown, "form": form})


@require_http_methods(["GET", "POST"])
@allow("disputes.decide")
def dispute_decide(request: HttpRequest, dispute_id: int) -> HttpResponse:
    dispute = get_object_or_404(Dispute.objects.select_related("clock__lead", "verdict", "raised_by"), pk=dispute_id)
    form = RulingForm(request.POST or None)
    if request.method == "POST" and form.attempt(
        lambda given: disputes.decide_dispute(dispute.pk, **given, by=person(request), at=timezone.now())
    ):
        messages.success(request, _("Decided."))
        return redirect("disputes")
    status = 422 if form.errors else 200
    return render(request, "sla/ruling.html", {"form": form, "dispute": dispute}, status=status)


def _open_to(user: User, lead_ids: list[int]) -> set[int]:
    """Those of these leads whose page the person may open."""
    return set(Lead.objects.visible_to(user).filter(pk__in=lead_ids).values_list("pk", flat=True))


def _asked(request: HttpRequest, context: dict[str, Any]) -> HttpResponse:
    return render(request, "sla/dispute.html", context, status=422 if context["form"].errors else 200)
