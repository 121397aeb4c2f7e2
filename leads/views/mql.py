"""Hand-offs and what Sales said about each: Marketing's MQL page, and the plain list for everybody else."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.permissions import allow, person
from core.keyset import page
from leads.enums import Outcome
from leads.filter_forms import HandoffFilter
from leads.queries import by_outcome, by_source, handoff_rows, near_threshold, offers, waking
from leads.views.answers import by_htmx

SIZE = 40


@allow("mql.view")
@require_safe
def mql(request: HttpRequest) -> HttpResponse:
    user = person(request)
    context = _handoffs(request)
    if by_htmx(request):
        return render(request, "leads/_handoffs.html", context)
    today = timezone.localdate()
    more = {"near": near_threshold(user), "waking": waking(user, today=today), "today": today}
    return render(request, "leads/mql.html", context | more | {"by_source": by_source(context["narrowed"])})


@allow("handoffs.view")
@require_safe
def handoff_list(request: HttpRequest) -> HttpResponse:
    context = _handoffs(request)
    return render(request, "leads/_handoffs.html" if by_htmx(request) else "leads/handoffs.html", context)


def _handoffs(request: HttpRequest) -> dict[str, Any]:
    """The table, its tabs and its filters, which live in the address."""
    user = person(request)
    form = HandoffFilter(request.GET, offers=offers(user))
    narrowed = form.narrow(handoff_rows(user))
    counts = by_outcome(narrowed)
    outcome = form.given.get("outcome", "")
    rows = narrowed.filter(outcome=outcome) if outcome else narrowed
    return {
        "form": form,
        "narrowed": narrowed,
        "outcome": outcome,
        "tabs": [("", sum(counts.values())), *((str(key), counts[key]) for key in Outcome.values if counts[key])],
        "count": counts[outcome] if outcome else sum(counts.values()),
        "page": page(rows, ordering="-offered_at", tie="id", size=SIZE, cursor=request.GET.get("cursor", "")),
    }
