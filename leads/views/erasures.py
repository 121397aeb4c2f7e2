"""Persons who ask to be erased: who asked, until when, what is held, and that it is gone."""

from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from accounts.permissions import allow, person
from core.keyset import page
from leads.erasure.holdings import held, recordings
from leads.erasure.people import look_up, meant
from leads.erasure.requests import carry_out, register, request_of
from leads.erasure_forms import ErasureForm, LookUpForm
from leads.models import Erasure

SHOWN = 50


@allow("people.erase")
@require_safe
def erasures(request: HttpRequest) -> HttpResponse:
    """Open requests first, the soonest due before; then what was carried out."""
    form = LookUpForm(request.GET)
    query = form.cleaned_data["q"] if form.is_valid() else ""
    known = Erasure.objects.select_related("lead", "by", "done_by")
    done = known.exclude(done_at=None)
    context = {
        "form": form,
        "query": query,
        "found": look_up(query, user=person(request)),
        "waiting": known.filter(done_at=None).order_by("due_on", "pk"),
        "page": page(done, ordering="-at", tie="id", size=SHOWN, cursor=request.GET.get("cursor", "")),
        "today": timezone.localdate(),
    }
    return render(request, "leads/erasures.html", context)


@never_cache
@allow("people.erase")
@require_http_methods(["GET", "POST"])
def lead_erasure(request: HttpRequest, lead_id: int) -> HttpResponse:
    """What is held of the person, and the two buttons: keep the request, or erase now."""
    now, leads = timezone.now(), meant(lead_id)
    known = request_of(leads[0])
    form = ErasureForm(request.POST if request.method == "POST" else None, known=known, today=timezone.localdate(now))
    if form.is_bound and form.attempt(lambda given: _answer(request, lead_id, form, given)):
        return redirect("erasures")
    context = {
        "form": form,
        "leads": leads,
        "lead": leads[0],
        "known": known,
        "held": held(leads, at=now),
        "recordings": recordings(leads),
    }
    return render(request, "leads/erasure.html", context, status=422 if form.is_bound else 200)


def _answer(request: HttpRequest, lead_id: int, form: ErasureForm, given: Mapping[str, Any]) -> None:
    by, at = person(request), timezone.now()
    found = register(lead_id, by=by, at=at, ground=given["ground"], asked_on=given["asked_on"])
    if not form.is_now:
        messages.success(request, _("Request kept: due on %(day)s.") % {"day": f"{found.due_on:%d/%m/%Y}"})
        return
    job = carry_out(found, by=by, at=at, clock=timezone.now)
    said = _("The erasure of #%(number)s goes on behind.") if job.is_open else _("Person #%(number)s has been erased.")
    messages.success(request, said % {"number": lead_id})
