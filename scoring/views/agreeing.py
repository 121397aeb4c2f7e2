"""How a draft comes into force: signing, publishing, going back, and watching everybody being re-scored."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.permissions import allow, may, person
from leads.jobs import mark_opened
from scoring import behind, slices
from scoring.agreement import publish, roll_back, sign, signatures
from scoring.backtest import latest
from scoring.enums import JobState
from scoring.forms import PublishForm, ReasonForm
from scoring.models import Publication, Rescoring
from scoring.telling import RESCORING
from scoring.views.studio import found, whole


@allow("scoring.sign")
@require_POST
def model_sign(request: HttpRequest, version: int) -> HttpResponse:
    sign(found(version), revision=whole(request.POST.get("revision")), by=person(request), at=timezone.now())
    messages.success(request, _("Signed. Any edit of the draft makes the signature void."))
    return redirect("scoring_version", version)


@allow("scoring.publish")
@require_http_methods(["GET", "POST"])
def model_publish(request: HttpRequest, version: int) -> HttpResponse:
    """Asks what becomes of leads over the line, saying how many there are, and puts the version in force."""
    model, made = found(version), list[Publication]()
    form = PublishForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.attempt(
        lambda given: made.append(publish(model, **given, by=person(request), at=timezone.now()))
    ):
        return redirect("scoring_rescoring", made[0].rescoring.pk)
    context = {"model": model, "form": form, "tried": latest(model), "signed": signatures(model)}
    return render(request, "scoring/publish.html", context, status=422 if form.errors else 200)


@allow("scoring.publish")
@require_http_methods(["GET", "POST"])
def model_roll_back(request: HttpRequest, version: int) -> HttpResponse:
    model, made = found(version), list[Publication]()
    form = ReasonForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.attempt(
        lambda given: made.append(roll_back(model, **given, by=person(request), at=timezone.now()))
    ):
        return redirect("scoring_rescoring", made[0].rescoring.pk)
    return render(request, "scoring/roll_back.html", {"model": model, "form": form}, status=422 if form.errors else 200)


@allow("scoring.view")
@require_safe
def rescoring(request: HttpRequest, job_id: int) -> HttpResponse:
    """How far it has come; the piece reloads itself until it is over."""
    jobs = Rescoring.objects.select_related("publication__model", "publication__replaced", "publication__by")
    user, job = person(request), get_object_or_404(jobs, pk=job_id)
    if job.is_over:
        mark_opened(user, RESCORING.name, about=job.pk, at=timezone.now())
    context: dict[str, Any] = {"job": job, "may_publish": may(user, "scoring.publish")}
    if job.state == JobState.DONE:
        context |= {"counts": behind.counts(job), "moves": behind.moves(job)}
    template = "scoring/_rescoring.html" if request.headers.get("HX-Request") else "scoring/rescoring.html"
    return render(request, template, context)


@allow("scoring.publish")
@require_POST
def steer(request: HttpRequest, job_id: int, act: str) -> HttpResponse:
    """Held, or gone on with."""
    slices.steer(get_object_or_404(Rescoring, pk=job_id), act, at=timezone.now())
    held = _("Paused. Leads that were not reached are re-scored with their next action.")
    messages.info(request, held if act == "pause" else _("Going on."))
    return redirect("scoring_rescoring", job_id)
