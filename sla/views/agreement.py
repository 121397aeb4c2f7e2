"""The agreement: what is promised, and the calendar it is measured by."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.availability import office_hours
from accounts.permissions import allow, may, person
from core.errors import NotFound
from sla import office
from sla.agreements import draft, in_force, versions
from sla.filters import VersionFilter
from sla.forms import DayForm, OfficeHoursForm, SpecialDayForm
from sla.promises import definitions, lines
from sla.queries import working_calendar

FEW = 3  # as many versions are seen at a glance


@require_GET
@allow("agreement.view")
def agreement(request: HttpRequest) -> HttpResponse:
    """The promises in force, office hours, and the days unlike others of this year and the next."""
    return _page(request, SpecialDayForm())


@require_http_methods(["GET", "POST"])
@allow("people.manage")
def edit_hours(request: HttpRequest) -> HttpResponse:
    form = OfficeHoursForm(request.POST or None, spans=office_hours().spans)
    if request.method == "POST" and form.is_valid():
        moved = office.set_office_hours(form.spans, by=person(request), at=timezone.now())
        messages.success(request, f"{_('Office hours saved.')} {_told(moved)}")
        return redirect("agreement")
    return render(request, "sla/hours.html", {"form": form}, status=422 if form.errors else 200)


@require_POST
@allow("people.manage")
def add_day(request: HttpRequest) -> HttpResponse:
    form = SpecialDayForm(request.POST)
    if not form.is_valid():
        return _page(request, form, status=422)
    moved = office.add_special_day(**form.cleaned_data, by=person(request), at=timezone.now())
    messages.success(request, f"{_('Day added.')} {_told(moved)}")
    return redirect("agreement")


@require_POST
@allow("people.manage")
def remove_day(request: HttpRequest) -> HttpResponse:
    form = DayForm(request.POST)
    if not form.is_valid():
        raise NotFound
    moved = office.remove_special_day(form.cleaned_data["day"], by=person(request), at=timezone.now())
    messages.success(request, f"{_('Day removed.')} {_told(moved)}")
    return redirect("agreement")


def _page(request: HttpRequest, form: SpecialDayForm, *, status: int = 200) -> HttpResponse:
    at, hours = timezone.now(), office_hours()
    known, search = versions(), VersionFilter(request.GET)
    now = in_force(known, at=at)
    shown = {
        "agreement": now,
        "versions": search.among(known[::-1]),
        "search": search if len(known) > FEW else None,
        "draft": draft(),
        "may_draft": may(request.user, "agreement.edit"),
        "promises": lines(now),
        "definitions": definitions(now),
        "calendar": working_calendar(hours, at=at, year=timezone.localtime(at).year),
        "remove_url": reverse("special_day_remove"),
        "may_edit": may(request.user, "people.manage"),
        "form": form,
    }
    return render(request, "sla/agreement.html", shown, status=status)


def _told(moved: int) -> str:
    """What the change did to the clocks that were running."""
    if not moved:
        return _("No due time moved.")
    return ngettext("%(n)d due time moved.", "%(n)d due times moved.", moved) % {"n": moved}
