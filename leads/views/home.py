"""The first page of each role, and the page that explains the words."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from accounts.enums import Role
from accounts.permissions import allow, person
from leads.bant import HOT_MINIMUM, POINTS
from leads.chain import MOVES
from leads.enums import Stage, Status
from leads.models import Policy
from leads.thresholds import in_force

FIRST_PAGE = {Role.REP: "today", Role.TEAM_LEAD: "today", Role.MARKETER: "mql"}


@allow("help.view")
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    return redirect(FIRST_PAGE.get(Role(person(request).role), "overview"))


@allow("help.view")
@require_safe
def help_page(request: HttpRequest) -> HttpResponse:
    """Words, chain and numbers as they are in force here, not as some manual remembers them."""
    context = {
        "statuses": list(Status),
        "stages": list(Stage),
        "moves": {str(status): list(to) for status, to in MOVES.items()},
        "thresholds": in_force().thresholds,
        "policy": Policy.current(),
        "bant": POINTS,
        "hot_minimum": HOT_MINIMUM,
    }
    return render(request, "leads/help.html", context)
