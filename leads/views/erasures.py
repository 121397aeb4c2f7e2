"""A person who asks to be erased: what is held, and that it is gone."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts.permissions import allow, person
from leads.erasure.carrying_out import carry_out
from leads.erasure.holdings import held, recordings
from leads.erasure.people import meant
from leads.request_forms import ErasureForm
from leads.requests.registering import erasure_of, register


@never_cache
@allow("people.erase")
@require_http_methods(["GET", "POST"])
def lead_erasure(request: HttpRequest, lead_id: int) -> HttpResponse:
    """What is held of the person, and the two buttons: keep the request, or erase now."""
    now, leads = timezone.now(), meant(lead_id)
    known = erasure_of(leads[0])
    form = ErasureForm(request.POST if request.method == "POST" else None, known=known, today=timezone.localdate(now))
    if form.is_bound and form.attempt(lambda _given: _answer(request, lead_id, form)):
        return redirect("person_requests")
    context = {
        "form": form,
        "leads": leads,
        "lead": leads[0],
        "known": known,
        "held": held(leads, at=now),
        "recordings": recordings(leads),
    }
    return render(request, "leads/erasure.html", context, status=422 if form.is_bound else 200)


def _answer(request: HttpRequest, lead_id: int, form: ErasureForm) -> None:
    by, at = person(request), timezone.now()
    found = register(lead_id, form.asked, by=by, at=at)
    if not form.is_now:
        messages.success(request, _("Request kept: due on %(day)s.") % {"day": f"{found.due_on:%d/%m/%Y}"})
        return
    job = carry_out(found, by=by, at=at, clock=timezone.now)
    said = _("The erasure of #%(number)s goes on behind.") if job.is_open else _("Person #%(number)s has been erased.")
    messages.success(request, said % {"number": lead_id})
