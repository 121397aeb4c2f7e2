"""The scoring model, for everybody to read: the two teams agree on it, so both must be able to see it."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from accounts.permissions import allow
from scoring.queries import COUNTED_DAYS, model_page


@require_GET
@allow("scoring.view")
def scoring_model(request: HttpRequest) -> HttpResponse:
    """What gives points, when they go away, and where the lines are, in the model in force."""
    shown = {"page": model_page(at=timezone.now()), "days": COUNTED_DAYS}
    return render(request, "scoring/model.html", shown)
