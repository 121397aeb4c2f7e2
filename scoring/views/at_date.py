"""What a lead's score was on a day, and every row that made it by then."""

from datetime import datetime, time, timedelta

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.permissions import allow
from leads.views.lead import found, home_of
from scoring.explain import why
from scoring.forms import DayForm


@allow("leads.view")
@require_safe
def score_on(request: HttpRequest, lead_id: int) -> HttpResponse:
    """At the end of the day asked for; today, as of now."""
    standing, now = found(request, lead_id), timezone.now()
    today = timezone.localdate(now)
    form = DayForm(request.GET or {"on": today.isoformat()}, latest=today)
    day = form.cleaned_data["on"] if form.is_valid() else today
    ends = timezone.make_aware(datetime.combine(day + timedelta(days=1), time.min)) - timedelta(microseconds=1)
    context = {"lead": standing.lead, "standing": standing, "form": form, "day": day, "back": home_of(lead_id)}
    return render(request, "scoring/score_on.html", context | {"why": why(lead_id, at=min(ends, now))})
