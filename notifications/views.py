from datetime import timedelta

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.permissions import allow, person
from core.text import natural
from notifications import queries, reading, words
from notifications.forms import PreferenceForm
from notifications.toasts import toast

OLDEST = 60_000  # milliseconds: whoever waited longer for a page looks at the bell


@allow("notifications.view")
@require_safe
def notification_list(request: HttpRequest) -> HttpResponse:
    """The inbox. `?show=unread` leaves out what was read; `?cursor=` pages."""
    unread_only = request.GET.get("show") == "unread"
    context = {
        "page": queries.inbox(person(request), unread_only=unread_only, cursor=request.GET.get("cursor", "")),
        "jobs": [] if request.GET.get("cursor") else queries.ended_jobs(person(request)),
        "unread_only": unread_only,
        "unread": queries.unread_count(person(request)),
        "counted": queries.COUNTED,
    }
    template = "notifications/_inbox.html" if request.headers.get("HX-Request") else "notifications/inbox.html"
    return render(request, template, context)


@allow("notifications.view")
@require_safe
@never_cache
def notification_count(request: HttpRequest) -> HttpResponse:
    """The number beside the bell as text; nothing when all is read."""
    unread = queries.unread_count(person(request))
    text = f"{queries.COUNTED}+" if unread > queries.COUNTED else str(unread or "")
    return HttpResponse(text, content_type="text/plain; charset=utf-8")


@allow("notifications.view")
@require_safe
@never_cache
def notification_toast(request: HttpRequest) -> HttpResponse:
    """The newest unread notification after the id `?since=`, and the next `since`.

    A page that knows none yet says its `age` in milliseconds: it is told what came while it was made.
    """
    known, age = natural(request.GET.get("since")), natural(request.GET.get("age"))
    asked = timezone.now() - timedelta(milliseconds=min(age, OLDEST)) if age is not None else None
    return render(request, "notifications/_toast.html", {"toast": toast(person(request), since=known, asked=asked)})


@allow("notifications.view")
@require_safe
def notification_open(request: HttpRequest, pk: int) -> HttpResponse:
    """Goes to the lead or page while it is in the person's sight, and counts as having read it."""
    delivery = reading.mark_read(pk, by=person(request), at=timezone.now())
    if delivery is None:
        raise Http404
    if not queries.within_reach(delivery, person(request)):
        messages.info(request, words.out_of_reach(delivery))
        return redirect("notifications")
    return redirect(delivery.path)


@allow("notifications.view")
@require_POST
def notification_read(request: HttpRequest, pk: int) -> HttpResponse:
    if reading.mark_read(pk, by=person(request), at=timezone.now()) is None:
        raise Http404
    return redirect("notifications")


@allow("notifications.view")
@require_POST
def notification_read_all(request: HttpRequest) -> HttpResponse:
    reading.mark_all_read(by=person(request), at=timezone.now())
    return redirect("notifications")


@allow("notifications.view")
@require_http_methods(["GET", "POST"])
def notification_preferences(request: HttpRequest) -> HttpResponse:
    """What is sent by e-mail, and whether a lead makes a sound."""
    form = PreferenceForm(request.POST or None, instance=queries.preference(person(request)))
    if request.method == "POST" and form.is_valid():
        form.save()
        messages.success(request, _("Your preferences are saved."))
        return redirect("notification_preferences")
    return render(request, "notifications/preferences.html", {"form": form})
