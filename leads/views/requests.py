"""The register of what persons ask of whoever keeps their data: the list, a new one, one and its answer."""

from collections.abc import Callable, Mapping
from datetime import datetime

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from accounts.models import User
from accounts.permissions import allow, person
from core.keyset import page
from leads.enums import JobPhase, RequestState
from leads.erasure.people import look_up, meant
from leads.export_files import is_gone
from leads.list_filters import RequestFilter
from leads.models import PersonRequest
from leads.request_forms import AnswerForm, LookUpForm, RequestForm
from leads.requests.bundling import bundle_of, prepare
from leads.requests.closing import corrections, fulfil, refuse
from leads.requests.registering import person_of, register, requests_of
from leads.requests.taking_back import stands, take_back

SHOWN = 50
MOST_WAITING = 200

Act = Callable[[PersonRequest, User, datetime, str], object]
ACTS: Mapping[str, tuple[Act, str | Promise]] = {
    "done": (lambda one, by, at, _reason: fulfil(one, by=by, at=at), gettext_lazy("The request is closed: done.")),
    "refuse": (
        lambda one, by, at, reason: refuse(one, by=by, at=at, reason=reason),
        gettext_lazy("The request is closed: refused."),
    ),
    "prepare": (
        lambda one, by, at, _reason: prepare(one, by=by, at=at, clock=timezone.now),
        gettext_lazy("The file is here as soon as it is ready."),
    ),
    "back": (lambda one, by, at, _reason: take_back(one, by=by, at=at), gettext_lazy("Objection taken back")),
}


@allow("people.requests")
@require_safe
def person_requests(request: HttpRequest) -> HttpResponse:
    """What is open, the soonest due first; then what is closed, the newest first."""
    now, form = timezone.now(), RequestFilter(request.GET)
    known = form.among(PersonRequest.objects.select_related("lead", "by", "closed_by"), at=now)
    closed = known.exclude(state=RequestState.OPEN)
    context = {
        "form": form,
        "waiting": known.filter(state=RequestState.OPEN).order_by("due_on", "pk")[:MOST_WAITING],
        "page": page(closed, ordering="-at", tie="id", size=SHOWN, cursor=request.GET.get("cursor", "")),
        "today": timezone.localdate(now),
    }
    return render(request, "leads/person_requests.html", context)


@allow("people.requests")
@require_safe
def person_request_new(request: HttpRequest) -> HttpResponse:
    """Whose request it is."""
    form = LookUpForm(request.GET)
    query = form.cleaned_data["q"] if form.is_valid() else ""
    context = {"form": form, "query": query, "found": look_up(query, user=person(request))}
    return render(request, "leads/person_request_new.html", context)


@never_cache
@allow("people.requests")
@require_http_methods(["GET", "POST"])
def lead_requests(request: HttpRequest, lead_id: int) -> HttpResponse:
    """What this person has asked so far, and the form for what they ask now."""
    leads, now = meant(lead_id), timezone.now()
    data = request.POST if request.method == "POST" else None
    form = RequestForm(data, today=timezone.localdate(now), kind=request.GET.get("kind", ""))
    made: list[PersonRequest] = []
    by = person(request)
    if form.is_bound and form.attempt(lambda _given: made.append(register(lead_id, form.asked, by=by, at=now))):
        messages.success(request, _("Request kept: due on %(day)s.") % {"day": f"{made[0].due_on:%d/%m/%Y}"})
        return redirect(made[0])
    context = {"form": form, "lead": leads[0], "known": requests_of(leads[0]), "today": timezone.localdate(now)}
    return render(request, "leads/lead_requests.html", context, status=422 if form.is_bound else 200)


@never_cache
@allow("people.requests")
@require_http_methods(["GET", "POST"])
def person_request(request: HttpRequest, request_id: int) -> HttpResponse:
    """One request: what was asked, what has been done about it, and the buttons that close it."""
    found = get_object_or_404(PersonRequest.objects.select_related("lead", "by", "closed_by"), pk=request_id)
    form, now = AnswerForm(request.POST if request.method == "POST" else None), timezone.now()
    if form.is_bound and form.attempt(lambda given: _answer(request, found, given, at=now)):
        return redirect(found)
    bundle = bundle_of(found)
    context = {
        "one": found,
        "lead": meant(person_of(found))[0],
        "form": form,
        "changes": corrections(found) if found.kind == "correct" else [],
        "bundle": bundle,
        "ready": bundle is not None and bundle.phase == JobPhase.DONE and not is_gone(bundle, at=now),
        "stands": found.kind == "object" and not found.is_open and stands(found),
        "today": timezone.localdate(now),
    }
    return render(request, "leads/person_request.html", context, status=422 if form.is_bound else 200)


def _answer(request: HttpRequest, found: PersonRequest, given: Mapping[str, str], *, at: datetime) -> None:
    act, said = ACTS[given["act"]]
    act(found, person(request), at, given["reason"])
    messages.success(request, str(said))
