"""The lead list, and the quick search of the palette."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.permissions import allow, may, person
from core.keyset import page
from leads.filter_forms import LeadFilter
from leads.filters import filter_standings
from leads.queries import counted, lead_rows, offers
from leads.views.answers import by_htmx

SIZE = 50
FOUND = 6


@allow("leads.view")
@require_safe
def lead_list(request: HttpRequest) -> HttpResponse:
    """Filters, order and page live in the address; htmx gets the table alone."""
    user, now = person(request), timezone.now()
    form = LeadFilter(request.GET, offers=offers(user))
    rows = form.narrow(lead_rows(user), at=now)
    context = {
        "form": form,
        "page": page(rows, ordering=form.ordering, tie="lead_id", size=SIZE, cursor=request.GET.get("cursor", "")),
        "count": counted(rows),
        "ordering": form.ordering,
        "may_create": may(user, "leads.create"),
    }
    return render(request, "leads/_list.html" if by_htmx(request) else "leads/list.html", context)


@allow("leads.view")
@require_safe
def lead_palette(request: HttpRequest) -> HttpResponse:
    """The first few leads for what is typed into the palette."""
    query = request.GET.get("q", "").strip()
    rows = filter_standings(lead_rows(person(request)), {"q": query}, at=timezone.now())
    found = list(rows.order_by("-score", "-lead")[:FOUND]) if query else []
    return render(request, "leads/_palette.html", {"rows": found})
