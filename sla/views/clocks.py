"""Clocks paused and resumed, and those that stand still; the steps of the escalation."""

from datetime import timedelta

from django.contrib import messages
from django.forms import modelformset_factory
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.permissions import allow, person
from core.keyset import page
from core.typed import WholeField
from leads.models import Lead
from sla.enums import PauseReason
from sla.filters import PausedFilter
from sla.models import Clock, EscalationStep
from sla.pausing import pause_clock, resume_clock
from sla.queries import standing_still

SIZE, LONG = 50, timedelta(days=7)
Steps = modelformset_factory(
    EscalationStep,
    fields=("promise", "after_minutes", "to"),
    field_classes={"after_minutes": WholeField},
    can_delete=True,
    extra=1,
    max_num=20,
)


@require_http_methods(["GET", "POST"])
@allow("leads.assign")
def pause(request: HttpRequest, clock_id: int) -> HttpResponse:
    """Asks for the reason, then pauses."""
    clock = _visible(request, clock_id)
    if request.method == "POST":
        pause_clock(clock.pk, by=person(request), at=timezone.now(), reason=request.POST.get("reason", ""))
        messages.success(request, _("The clock stands still."))
        return redirect("lead", clock.lead_id)
    return render(request, "sla/pause.html", {"clock": clock, "reasons": PauseReason.choices})


@require_POST
@allow("leads.assign")
def resume(request: HttpRequest, clock_id: int) -> HttpResponse:
    clock = _visible(request, clock_id)
    resume_clock(clock.pk, by=person(request), at=timezone.now())
    messages.success(request, _("The clock goes on."))
    return redirect("lead", clock.lead_id)


@require_safe
@allow("leads.assign")
def paused(request: HttpRequest) -> HttpResponse:
    """What stands still, the longest first: nobody forgets a clock by pausing it."""
    user, at = person(request), timezone.now()
    form = PausedFilter(request.GET, user=user)
    found = form.among(standing_still(user)).select_related("lead", "owner", "team")
    shown = page(found, ordering="paused_at", tie="id", size=SIZE, cursor=request.GET.get("cursor", ""))
    return render(request, "sla/paused.html", {"page": shown, "form": form, "long_ago": at - LONG})


@require_http_methods(["GET", "POST"])
@allow("agreement.edit")
def escalation(request: HttpRequest) -> HttpResponse:
    """Who is told of a broken promise, and when."""
    forms = Steps(request.POST or None)
    if request.method == "POST" and forms.is_valid():
        forms.save()
        messages.success(request, _("Escalation saved."))
        return redirect("agreement")
    failed = request.method == "POST"
    return render(request, "sla/escalation.html", {"forms": forms}, status=422 if failed else 200)


def _visible(request: HttpRequest, clock_id: int) -> Clock:
    leads = Lead.objects.visible_to(person(request))
    return get_object_or_404(Clock.objects.select_related("lead"), pk=clock_id, lead__in=leads)
