"""A draft tried on history: started, watched, stopped, read."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.models import User
from accounts.permissions import allow, may, person
from leads.jobs import mark_opened
from leads.models import Lead, Standing
from scoring import reading, slices
from scoring.adopt import adopt
from scoring.backtest import start_backtest
from scoring.enums import JobState
from scoring.forms import BacktestForm
from scoring.models import Backtest
from scoring.tally import SIDES
from scoring.telling import TRIAL
from scoring.views.studio import found, show_version


@allow("scoring.draft")
@require_POST
def backtest_start(request: HttpRequest, version: int) -> HttpResponse:
    model, form, made = found(version), BacktestForm(request.POST), []
    if form.attempt(lambda given: made.append(start_backtest(model, **given, by=person(request), at=timezone.now()))):
        return redirect("scoring_backtest", made[0].pk)
    return show_version(request, model, backtest_form=form, status=422)


@allow("scoring.view")
@require_safe
def backtest(request: HttpRequest, job_id: int) -> HttpResponse:
    """The report, or how far the trial has come; the piece reloads itself until it is over."""
    job = get_object_or_404(Backtest.objects.select_related("model", "against", "by"), pk=job_id)
    template = "scoring/_backtest.html" if request.headers.get("HX-Request") else "scoring/backtest.html"
    user, stale = person(request), job.revision != job.model.revision
    if job.is_over:
        mark_opened(user, TRIAL.name, about=job.pk, at=timezone.now())
    may_draft = may(user, "scoring.draft")
    may_adopt = may_draft and job.model.is_draft and not stale
    context = {"job": job, "stale": stale, "may_draft": may_draft, "may_adopt": may_adopt}
    return render(request, template, context | _report(job, user))


@allow("scoring.draft")
@require_POST
def steer(request: HttpRequest, job_id: int, act: str) -> HttpResponse:
    """Held, gone on with, or given up."""
    slices.steer(get_object_or_404(Backtest, pk=job_id), act, at=timezone.now())
    said = {
        "pause": _("Paused. What has been played is kept."),
        "resume": _("Going on."),
        "cancel": _("The trial was stopped."),
    }
    messages.info(request, said[act])
    return redirect("scoring_backtest", job_id)


@allow("scoring.draft")
@require_POST
def backtest_adopt(request: HttpRequest, job_id: int) -> HttpResponse:
    """What the trial suggests goes into its draft."""
    draft = adopt(get_object_or_404(Backtest, pk=job_id), request.POST.get("what", ""))
    messages.success(request, _("Taken over into the draft. Try it again: then you see what comes of it."))
    return redirect("scoring_version", draft.version)


def _report(job: Backtest, user: User) -> dict[str, Any]:
    if job.state != JobState.DONE:
        return {}
    mine = Standing.objects.visible_to(user).filter(pk__in=reading.lead_ids(job)).values("pk")
    visible = Lead.objects.filter(pk__in=mine).in_bulk()
    rules = list(job.model.rules.filter(is_active=True))
    return {
        "report": job.report,
        "totals": reading.totals(job),
        "months": reading.months(job),
        "monthly": reading.monthly(job),
        "lines": reading.lines(job),
        "curve": reading.curve(job),
        "evidence": reading.evidence(job, rules),
        "enough": reading.enough(job),
        "balanced": reading.balanced(job),
        "offers": reading.offers(job),
        "differing": [(side, reading.differing(job, side, visible)) for side in SIDES],
    }
