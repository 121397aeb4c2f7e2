"""The lead page: who it is, where it stands, what to do, what happened. Its parts reload one by one."""

from datetime import datetime, time, timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.models import User
from accounts.permissions import allow, may, person
from leads.day_forms import FileForm, NoteForm
from leads.erasure.people import refuse_erased
from leads.forms import BantForm, CallForm, TagForm
from leads.kinds import CATALOGUE
from leads.lead_view import lead_view, standings_of, timeline
from leads.merging.queries import survivor_of
from leads.models import Lead, Standing
from leads.views.answers import by_htmx
from leads.views.steps import steps

CAN = {
    "work": "leads.work",
    "edit": "leads.edit",
    "assign": "leads.assign",
    "erase": "people.erase",
    "requests": "people.requests",
}
SAFE = ("GET", "HEAD")
GROUPS = ("call", "note", "appointment", "behaviour", "status", "qualification", "handoff", "score", "sla", "lead")


def found(request: HttpRequest, lead_id: int) -> Standing:
    """The lead, if this person may see it; else a 404. Raises Conflict for an act on a person who is erased."""
    standing = get_object_or_404(standings_of(person(request)), pk=lead_id)
    if request.method not in SAFE:
        refuse_erased(standing.lead.erased_at)
    return standing


def home_of(lead_id: int) -> str:
    return reverse("lead", args=[lead_id])


@allow("leads.view")
@require_safe
def lead(request: HttpRequest, lead_id: int) -> HttpResponse:
    """A lead that was merged leads to the one it has become part of."""
    rows = standings_of(person(request))
    standing = rows.filter(pk=lead_id).first()
    if standing is None:
        return redirect("lead", get_object_or_404(rows, pk=survivor_of(lead_id) or 0).pk)
    return show(request, standing)


@allow("leads.view")
@require_safe
def lead_parts(request: HttpRequest, lead_id: int) -> HttpResponse:
    """Every part of the page, each to be put in its own place."""
    return show(request, found(request, lead_id), template="leads/_parts.html")


@allow("leads.view")
@require_safe
def lead_timeline(request: HttpRequest, lead_id: int) -> HttpResponse:
    """The log, filtered; or its next rows, when a cursor is given."""
    standing = found(request, lead_id)
    if not by_htmx(request):
        return show(request, standing)
    template = "leads/_timeline_rows.html" if request.GET.get("cursor") else "leads/_timeline.html"
    return render(request, template, {"lead": standing.lead, **log(request, standing)})


def show(
    request: HttpRequest, standing: Standing, *, template: str = "leads/lead.html", status: int = 200, **forms: Any
) -> HttpResponse:
    """The page, or a part of it, around the forms as they were sent."""
    now = timezone.now()
    user = person(request)
    view = lead_view(standing, at=now)
    context = {
        "view": view,
        "lead": view.lead,
        "standing": standing,
        "can": permissions(user, view.lead),
        "steps": steps(standing, user),
        "call_form": CallForm(initial={"callback_at": tomorrow_morning(now)}, prefix=None),
        "bant_form": BantForm.of(view.qualification),
        "tag_form": TagForm(),
        "note_form": NoteForm(),
        "file_form": FileForm(),
        **log(request, standing),
        **forms,
    }
    return render(request, template, context, status=status)


def permissions(user: User, lead: Lead) -> dict[str, bool]:
    """What this person may do here; with an erased person, nothing."""
    return {name: lead.erased_at is None and may(user, permission) for name, permission in CAN.items()}


def log(request: HttpRequest, standing: Standing) -> dict[str, Any]:
    group = request.GET.get("group", "")
    group = group if group in GROUPS else ""
    known = {kind.group for kind in CATALOGUE.values()}
    return {
        "log": timeline(standing.pk, group=group, cursor=request.GET.get("cursor", "")),
        "log_group": group,
        "log_groups": [name for name in GROUPS if name in known],
    }


def tomorrow_morning(at: datetime) -> datetime:
    """9:00 of the next day, local: what a call back is usually about."""
    day = timezone.localdate(at) + timedelta(days=1)
    return timezone.make_aware(datetime.combine(day, time(9)))
