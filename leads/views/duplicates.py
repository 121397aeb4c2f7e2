"""Leads that may be one person: the list, both sides beside each other, merge and undo."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.permissions import allow, person
from core.errors import NotFound
from core.keyset import page
from leads.list_filters import DuplicateFilter
from leads.merging.finding import dismiss, open_pairs
from leads.merging.joining import FIELDS, merge
from leads.merging.parting import undo_merge
from leads.merging.queries import recent_merges, sides
from leads.models import Merge
from leads.views.answers import done
from leads.views.lead import found

SIZE = 30


@allow("leads.merge")
@require_safe
def duplicate_list(request: HttpRequest) -> HttpResponse:
    """Pairs to look at, the surest first, and the latest merges, each to be undone."""
    user, form = person(request), DuplicateFilter(request.GET)
    pairs = form.among(open_pairs(user))
    rows = page(pairs, ordering="-confidence", tie="id", size=SIZE, cursor=request.GET.get("cursor", ""))
    return render(request, "leads/duplicates.html", {"page": rows, "form": form, "merges": recent_merges(user)})


@allow("leads.merge")
@require_POST
def duplicate_dismiss(request: HttpRequest, pair_id: int) -> HttpResponse:
    user = person(request)
    dismiss(get_object_or_404(open_pairs(user), pk=pair_id), by=user, at=timezone.now())
    return done(request, _("Not the same person: this pair is not suggested again."), back="duplicates")


@allow("leads.merge")
@require_http_methods(["GET", "POST"])
def lead_merge(request: HttpRequest, lead_id: int, other_id: int) -> HttpResponse:
    """Both leads field by field; what is chosen is what the one that stays will say."""
    survivor, other = found(request, lead_id), found(request, other_id)
    if request.method == "POST":
        choices = {name: request.POST.get(name, "") for name in FIELDS}
        made = merge(survivor.pk, other.pk, by=person(request), at=timezone.now(), choices=choices)
        messages.success(request, _("Merged. It can be undone on the duplicates page."))
        return redirect("lead", made.survivor_id)
    context: dict[str, Any] = {"survivor": survivor, "other": other, "sides": sides(survivor.lead, other.lead)}
    return render(request, "leads/merge.html", context)


@allow("leads.merge")
@require_POST
def merge_undo(request: HttpRequest, merge_id: int) -> HttpResponse:
    user = person(request)
    made = get_object_or_404(Merge, pk=merge_id)
    if made.undone_at is None and made not in recent_merges(user, only=made.pk):
        raise NotFound
    undo_merge(made, by=user, at=timezone.now())
    return done(request, _("Undone: two leads again."), back="duplicates")
