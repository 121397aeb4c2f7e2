"""Hôm nay: what to do next, in order."""

from datetime import timedelta

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.permissions import allow, person
from leads.filter_forms import midnight
from leads.queries import queue
from leads.queue import Section
from leads.views.answers import by_htmx

SHOWN = 50


@allow("queue.view")
@require_safe
def today(request: HttpRequest) -> HttpResponse:
    """A rep's own queue; a leader's people, or one of them (`?rep=`)."""
    user, now = person(request), timezone.now()
    rep = request.GET.get("rep", "")
    work = queue(
        user,
        at=now,
        day_end=midnight(timezone.localdate(now) + timedelta(days=1)),
        rep=int(rep) if rep.isdecimal() and len(rep) < 10 else None,
    )
    context = {
        "queue": work,
        "sections": [(section, work.sections[section][:SHOWN], len(work.sections[section])) for section in Section],
        "urgent": len(work.sections[Section.FIRST_TOUCH]) + len(work.sections[Section.CALL_BACK]),
        "now": now,
        "rep": rep,
    }
    return render(request, "leads/_today.html" if by_htmx(request) else "leads/today.html", context)
