"""Importing a file: upload, match the columns, look at what would happen, start, watch, take back."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.permissions import allow, person
from core.keyset import page
from leads import jobs
from leads.enums import ImportKind, RowFate
from leads.import_forms import MappingForm, UploadForm
from leads.importing import starting
from leads.importing.checking import to_look_at
from leads.importing.reporting import error_file, kept_leads, troubles
from leads.list_filters import ImportFilter
from leads.models import Import, Job, Standing
from leads.views.answers import by_htmx, done

SIZE, ROWS = 20, 50


def _found(import_id: int) -> Import:
    found = get_object_or_404(Import.objects.select_related("by", "job"), pk=import_id)
    return starting.catch_up(found, at=timezone.now())


@allow("leads.import")
@require_http_methods(["GET", "POST"])
def import_list(request: HttpRequest) -> HttpResponse:
    """The files so far, and the place for a new one."""
    form = UploadForm(request.POST, request.FILES) if request.method == "POST" else UploadForm()
    made: list[Import] = []
    if request.method == "POST" and form.attempt(
        lambda given: made.append(
            starting.upload(given["file"].name, given["file"].chunks(), by=person(request), at=timezone.now())
        )
    ):
        return redirect("import", made[0].pk)
    filters = ImportFilter(request.GET)
    rows = filters.among(Import.objects.select_related("by", "job"))
    found = page(rows, ordering="-at", tie="id", size=SIZE, cursor=request.GET.get("cursor", ""))
    context = {"upload": form, "form": filters, "page": found}
    return render(request, "leads/import_list.html", context, status=422 if form.errors else 200)


@allow("leads.import")
@require_safe
@never_cache
def import_page(request: HttpRequest, import_id: int) -> HttpResponse:
    """One import, whatever its phase; htmx gets the part that moves."""
    found = _found(import_id)
    jobs.mark_read(person(request), at=timezone.now(), job_ids=[found.job_id] if found.job_id else [])
    template = "leads/import_state.html" if by_htmx(request) else "leads/import_page.html"
    return render(request, template, _context(found, kind=request.GET.get("kind", "")))


@allow("leads.import")
@require_POST
def import_match(request: HttpRequest, import_id: int) -> HttpResponse:
    """Keeps what the columns mean and has the file checked."""
    found = _found(import_id)
    asked = request.POST.get("kind", "")
    kind = asked if asked in ImportKind.values else found.kind
    form = MappingForm(request.POST, found=found, kind=kind, mapping={}, options={})
    user, now = person(request), timezone.now()
    if form.attempt(
        lambda _given: starting.match_columns(
            found, kind=kind, mapping=form.mapping, options=form.chosen, by=user, at=now
        )
    ):
        return redirect("import", found.pk)
    return render(request, "leads/import_page.html", _context(found, kind=kind, form=form), status=422)


@allow("leads.import")
@require_POST
def import_act(request: HttpRequest, import_id: int, act: str) -> HttpResponse:
    """Start, stop, take back or throw away."""
    found, user, now = _found(import_id), person(request), timezone.now()
    if act == "start":
        starting.start(found, by=user, at=now)
    elif act == "stop":
        starting.stop(found, at=now)
    elif act == "undo":
        starting.take_back(found, by=user, at=now)
    elif act == "discard":
        starting.throw_away(found)
        return done(request, _("The file is thrown away; nothing was imported from it."), back="import_list")
    else:
        raise Http404
    return redirect("import", found.pk)


@allow("leads.import")
@require_safe
def import_errors(_request: HttpRequest, import_id: int) -> StreamingHttpResponse:
    """The lines that stayed out, and those with a warning, with the reason, as CSV."""
    found = get_object_or_404(Import, pk=import_id)
    response = StreamingHttpResponse(error_file(found), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="import-{found.pk}-errors.csv"'
    return response


@allow("leads.import")
@require_safe
def import_leads(request: HttpRequest, import_id: int) -> HttpResponse:
    """The leads that came of its lines, as they stand now: the new ones, or with `?fate=matched` the known ones."""
    found = _found(import_id)
    fate = RowFate.MATCHED if request.GET.get("fate") == RowFate.MATCHED else RowFate.CREATED
    lines = page(
        found.lines.filter(fate=fate), ordering="number", tie="id", size=ROWS, cursor=request.GET.get("cursor", "")
    )
    seen = Standing.objects.visible_to(person(request)).select_related("lead", "owner")
    by_lead = seen.in_bulk([line.lead_id for line in lines.rows])
    rows = [(line.number, by_lead.get(line.lead_id)) for line in lines.rows]
    total = found.created if fate == RowFate.CREATED else found.matched
    context = {"import": found, "fate": fate, "page": lines, "rows": rows, "total": total}
    return render(request, "leads/import_leads.html", context)


@allow("leads.import")
@require_safe
def import_of_job(_request: HttpRequest, job_id: int) -> HttpResponse:
    """Where a background job of an import is shown, also one that others have followed: a check, a start, an undo."""
    params = get_object_or_404(Job.objects.values_list("params", flat=True), pk=job_id, kind__startswith="import.")
    return redirect("import", get_object_or_404(Import, pk=params["import"]).pk)


def _context(found: Import, *, kind: str = "", form: MappingForm | None = None) -> dict[str, Any]:
    context: dict[str, Any] = {"import": found, "job": found.job, "kinds": ImportKind.choices, "result": None}
    if found.phase in starting.EARLY:
        chosen = kind if kind in ImportKind.values else found.kind
        same = chosen == found.kind and found.mapping
        mapping, options = (found.mapping, found.options) if same else starting.guessed(found, chosen)
        context["form"] = form or MappingForm(found=found, kind=chosen, mapping=mapping, options=options)
        context["kind"] = chosen
    if found.check_result:
        context |= {"result": found.check_result, "troubles": to_look_at(found.check_result)}
    if found.phase in starting.OVER:
        context["troubles"] = troubles(found)
        there = reverse("import_leads", args=[found.pk]) if found.has_leads else ""
        context |= {"created_url": there, "matched_url": f"{there}?fate=matched" if there else ""}
    if found.undo_result:
        context["kept"] = kept_leads(found)
    return context
