"""Appointments: the calendar, one appointment, and the calendar for other programs."""

from datetime import date, datetime, time, timedelta

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.enums import Role
from accounts.permissions import allow, person, public
from leads.agenda import Shape, boxes, frame
from leads.appointments import change_appointment, end_appointment, make_appointment
from leads.calendars import MOST_SHOWN, end_feed, fed, make_feed, mates, shown_to, to_meet
from leads.day_forms import AppointmentForm, OutcomeForm
from leads.filter_forms import midnight
from leads.ical import CONTENT_TYPE, as_ical
from leads.models import Appointment, CalendarFeed
from leads.views.answers import ask, by_htmx, done
from leads.views.lead import found, home_of


@allow("calendar.view")
@require_safe
def calendar(request: HttpRequest) -> HttpResponse:
    """A month, a week or a day of one's own appointments, or of those one leads; all of it in the address."""
    user, today = person(request), timezone.localdate()
    shape, who = request.GET.get("view", ""), request.GET.get("who", "")
    shown = frame(Shape(shape) if shape in set(Shape) else Shape.WEEK, _day(request.GET.get("day", "")) or today)
    rows = shown_to(user, who=who).between(midnight(shown.first), midnight(shown.last))
    context = {
        "frame": shown,
        "boxes": boxes(shown, rows.order_by("starts_at")[:MOST_SHOWN], today=today),
        "shapes": list(Shape),
        "who": who,
        "people": list(mates(user)) if user.role != Role.REP else [],
        "today": today,
        "feed": CalendarFeed.objects.filter(user=user).first(),
    }
    return render(request, "leads/_calendar.html" if by_htmx(request) else "leads/calendar.html", context)


def _day(text: str) -> date | None:
    try:
        day = parse_date(text)
    except ValueError:
        return None
    return day if day and 2000 <= day.year <= 2200 else None


@allow("leads.work")
@require_safe
def appointment_new(request: HttpRequest) -> HttpResponse:
    """With whom? Whoever is chosen opens the form, on the day that was clicked."""
    query = request.GET.get("q", "").strip()
    context = {
        "title": _("Make an appointment"),
        "icon": "calendar-plus",
        "rows": to_meet(person(request), query),
        "query": query,
        "day": _day(request.GET.get("day", "")),
        "back": reverse("calendar"),
        "back_label": _("Calendar"),
    }
    if request.headers.get("HX-Target") == "to-meet":
        return render(request, "leads/_to_meet.html", context)
    return ask(request, "leads/_meet_form.html", context)


@allow("leads.work")
@require_http_methods(["GET", "POST"])
def appointment_create(request: HttpRequest, lead_id: int) -> HttpResponse:
    standing, now = found(request, lead_id), timezone.now()
    data = request.POST if request.method == "POST" else None
    form = AppointmentForm(data, starts_at=usual_hour(_day(request.GET.get("day", "")), now))
    if data is not None and form.attempt(lambda given: make_appointment(lead_id, by=person(request), at=now, **given)):
        return done(request, _("Appointment made."), back=home_of(lead_id))
    context = {
        "title": _("Make an appointment"),
        "icon": "calendar-plus",
        "form": form,
        "lead": standing.lead,
        "url": reverse("appointment_create", args=[lead_id]),
        "back": home_of(lead_id),
    }
    return ask(request, "leads/_appointment_form.html", context, status=422 if data is not None else 200)


@allow("leads.work")
@require_http_methods(["GET", "POST"])
def appointment(request: HttpRequest, appointment_id: int) -> HttpResponse:
    """One appointment: its time and place, to move it while it is still planned."""
    found_one, now = _found(request, appointment_id), timezone.now()
    data = request.POST if request.method == "POST" else None
    form = AppointmentForm(data, appointment=found_one)
    if data is not None and form.attempt(
        lambda given: change_appointment(appointment_id, by=person(request), at=now, changes=given)
    ):
        return done(request, _("Appointment changed."), back=home_of(found_one.lead_id))
    context = {
        "title": _("Appointment"),
        "icon": "calendar-clock",
        "form": form,
        "appointment": found_one,
        "lead": found_one.lead,
        "now": now,
        "url": reverse("appointment", args=[appointment_id]),
        "back": home_of(found_one.lead_id),
    }
    return ask(request, "leads/_appointment.html", context, status=422 if data is not None else 200)


@allow("leads.work")
@require_http_methods(["GET", "POST"])
def appointment_end(request: HttpRequest, appointment_id: int) -> HttpResponse:
    """What came of it."""
    found_one, now = _found(request, appointment_id), timezone.now()
    data = request.POST if request.method == "POST" else None
    form = OutcomeForm(data)
    if data is not None and form.attempt(
        lambda given: end_appointment(appointment_id, by=person(request), at=now, **given)
    ):
        return done(request, _("Appointment closed."), back=home_of(found_one.lead_id))
    context = {
        "title": _("What came of it?"),
        "icon": "calendar-check",
        "form": form,
        "appointment": found_one,
        "lead": found_one.lead,
        "back": home_of(found_one.lead_id),
    }
    return ask(request, "leads/_appointment_end.html", context, status=422 if data is not None else 200)


@allow("calendar.view")
@require_safe
def appointment_ics(request: HttpRequest, appointment_id: int) -> HttpResponse:
    found_one = _found(request, appointment_id)
    text = as_ical([found_one], name=str(found_one.lead), host=_host())
    headers = {"Content-Disposition": f'attachment; filename="appointment-{found_one.pk}.ics"'}
    return HttpResponse(text, content_type=CONTENT_TYPE, headers=headers)


@allow("calendar.view")
@require_POST
def calendar_feed(request: HttpRequest) -> HttpResponse:
    """Makes a new address for one's own calendar, shown once, or ends the present one (`end`)."""
    user = person(request)
    if request.POST.get("end"):
        end_feed(user)
        messages.success(request, _("The calendar address no longer works."))
        return redirect("calendar")
    token = make_feed(user, at=timezone.now())
    address = settings.BASE_URL + reverse("calendar_ics", args=[token])
    return render(request, "leads/calendar_feed.html", {"address": address})


@public
@require_safe
def calendar_ics(request: HttpRequest, token: str) -> HttpResponse:  # noqa: ARG001 - the framework's signature
    """A person's appointments for their calendar program; the address itself is the secret."""
    known = fed(token, at=timezone.now())
    if known is None:
        raise Http404
    user, appointments = known
    with translation.override(user.language):
        text = as_ical(appointments, name=f"LeadFlow · {user.full_name}", host=_host())
    headers = {"Cache-Control": "private, max-age=300", "Referrer-Policy": "no-referrer"}
    return HttpResponse(text, content_type=CONTENT_TYPE, headers=headers)


def _found(request: HttpRequest, appointment_id: int) -> Appointment:
    rows = Appointment.objects.visible_to(person(request)).select_related("lead", "owner")
    return get_object_or_404(rows, pk=appointment_id)


def _host() -> str:
    return settings.BASE_URL.split("://")[-1].split("/")[0].split(":")[0]


def usual_hour(day: date | None, now: datetime) -> datetime:
    """Nine o'clock on a day that was chosen; on no day, or today, the next full hour."""
    if day is None or day == timezone.localdate(now):
        return next_hour(now)
    return timezone.make_aware(datetime.combine(day, time(9)))


def next_hour(at: datetime) -> datetime:
    """The next full hour of the working day, local: what an appointment is usually about."""
    local = timezone.localtime(at + timedelta(hours=1)).replace(minute=0, second=0, microsecond=0)
    if 8 <= local.hour < 17:
        return local
    day = local.date() + (timedelta(days=1) if local.hour >= 17 else timedelta())
    return timezone.make_aware(datetime.combine(day, time(9)))
