"""The score on a lead's page: its earlier rows, and points by hand."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.permissions import allow, person
from leads.views.answers import ask, done
from leads.views.lead import found, home_of
from scoring.adjust import adjust_score
from scoring.explain import told, why
from scoring.forms import AdjustForm


@allow("leads.view")
@require_safe
def score_older(request: HttpRequest, lead_id: int) -> HttpResponse:
    """The rows before those that the page shows at once, for when somebody unfolds them."""
    _newest, older = told(why(found(request, lead_id).pk, at=timezone.now()))
    return render(request, "scoring/_older.html", {"lines": older})


@allow("scoring.adjust")
@require_http_methods(["GET", "POST"])
def score_adjust(request: HttpRequest, lead_id: int) -> HttpResponse:
    standing = found(request, lead_id)
    form = AdjustForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.attempt(
        lambda given: adjust_score(lead_id, **given, by=person(request), at=timezone.now())
    ):
        return done(request, _("Score changed. The reason stands in the history."), back=home_of(lead_id))
    context = {
        "title": _("Change the score by hand"),
        "icon": "sliders-horizontal",
        "form": form,
        "lead": standing.lead,
        "standing": standing,
        "url": reverse("score_adjust", args=[lead_id]),
        "back": home_of(lead_id),
    }
    return ask(request, "scoring/_adjust_form.html", context, status=422 if form.errors else 200)
