"""Reports that leave the desk: on paper, and on a television."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from accounts.permissions import allow, public
from reports import screens
from reports.views.shown import context

ON_PAPER = ("kpis", "funnel", "cohorts", "costs_source", "reps", "teams", "sla", "reasons", "goals")


@require_GET
@never_cache
@allow("reports.own")
def paper(request: HttpRequest) -> HttpResponse:
    """Everything of a period on one page, ready to print or to keep as PDF; the default is this month."""
    return render(request, "reports/print.html", context(request, ON_PAPER, otherwise="month") | {"at": timezone.now()})


@require_GET
@never_cache
@public
def tv(request: HttpRequest, token: str) -> HttpResponse:
    """The screen of a token: figures that turn by themselves, without login, links or names of leads."""
    at = timezone.now()
    screen = screens.screen_of(token, at=at)
    scope = screens.scope_of(screen, at=at)
    found = {"screen": screen, "at": at, **screens.shown(scope)}
    fragment = request.headers.get("HX-Request") == "true"
    return render(request, "reports/_tv.html" if fragment else "reports/tv.html", found)
