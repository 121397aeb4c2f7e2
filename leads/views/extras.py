"""Notes, files, and care of an accepted lead."""

from django.http import FileResponse, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.permissions import allow, person
from leads.care import end_care, extend_care
from leads.day_forms import CareForm, FileForm, GiveBackForm, NoteForm
from leads.files import attach, detach
from leads.models import Attachment
from leads.notes import add_note, people
from leads.views.answers import ask, by_htmx, done
from leads.views.lead import found, home_of, show


@allow("leads.edit")
@require_POST
def lead_note(request: HttpRequest, lead_id: int) -> HttpResponse:
    """Writes a note; what was typed stays when it is refused."""
    standing = found(request, lead_id)
    form = NoteForm(request.POST)
    if form.attempt(lambda given: add_note(lead_id, by=person(request), at=timezone.now(), **given)):
        return done(request, _("Note saved."), back=home_of(lead_id))
    template = "leads/_note_form.html" if by_htmx(request) else "leads/lead.html"
    return show(request, standing, template=template, status=422, note_form=form)


@allow("leads.view")
@require_safe
def lead_mentions(request: HttpRequest, lead_id: int) -> HttpResponse:
    """Whom a note on this lead can mention."""
    found(request, lead_id)
    return render(request, "leads/_mentions.html", {"people": people()})


@allow("leads.edit")
@require_POST
def lead_file(request: HttpRequest, lead_id: int) -> HttpResponse:
    standing = found(request, lead_id)
    form = FileForm(request.POST, request.FILES)
    if form.attempt(lambda given: attach(lead_id, by=person(request), at=timezone.now(), file=given["file"])):
        return done(request, _("File kept."), back=home_of(lead_id))
    template = "leads/_files.html" if by_htmx(request) else "leads/lead.html"
    return show(request, standing, template=template, status=422, file_form=form)


@allow("leads.view")
@require_safe
def file_download(request: HttpRequest, lead_id: int, file_id: int) -> HttpResponseBase:
    """Always as a download, never as a page of ours."""
    attachment = _file(request, lead_id, file_id)
    response = FileResponse(
        attachment.stored.open("rb"), as_attachment=True, filename=attachment.name, content_type=attachment.kind
    )
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Content-Security-Policy"] = "sandbox; default-src 'none'"
    return response


@allow("leads.edit")
@require_POST
def file_delete(request: HttpRequest, lead_id: int, file_id: int) -> HttpResponse:
    detach(_file(request, lead_id, file_id), by=person(request), at=timezone.now())
    return done(request, _("File removed."), back=home_of(lead_id))


def _file(request: HttpRequest, lead_id: int, file_id: int) -> Attachment:
    standing = found(request, lead_id)
    return get_object_or_404(Attachment, pk=file_id, lead=standing.pk)


@allow("leads.work")
@require_http_methods(["GET", "POST"])
def lead_care(request: HttpRequest, lead_id: int) -> HttpResponse:
    """Care has ended and the rep goes on."""
    standing = found(request, lead_id)
    data = request.POST if request.method == "POST" else None
    form = CareForm(data)
    if data is not None and form.attempt(
        lambda given: extend_care(lead_id, by=person(request), at=timezone.now(), **given)
    ):
        return done(request, _("You go on caring for this lead."), back=home_of(lead_id))
    context = {
        "title": _("Go on caring"),
        "icon": "heart-handshake",
        "form": form,
        "lead": standing.lead,
        "url": reverse("lead_care", args=[lead_id]),
        "back": home_of(lead_id),
    }
    return ask(request, "leads/_asked_form.html", context, status=422 if data is not None else 200)


@allow("leads.work")
@require_http_methods(["GET", "POST"])
def lead_give_back(request: HttpRequest, lead_id: int) -> HttpResponse:
    """An accepted lead goes back to Marketing."""
    standing, now = found(request, lead_id), timezone.now()
    data = request.POST if request.method == "POST" else None
    form = GiveBackForm(data, today=timezone.localdate(now))
    if data is not None and form.attempt(lambda given: end_care(lead_id, by=person(request), at=now, **given)):
        return done(request, _("Given back to Marketing."), back=reverse("today"))
    context = {
        "title": _("Give back to Marketing"),
        "icon": "recycle",
        "form": form,
        "lead": standing.lead,
        "url": reverse("lead_give_back", args=[lead_id]),
        "back": home_of(lead_id),
    }
    return ask(request, "leads/_asked_form.html", context, status=422 if data is not None else 200)
