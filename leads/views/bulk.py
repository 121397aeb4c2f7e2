"""Acts on many leads from the list: what is asked first, and how it is answered. Exports go the same way."""

from dataclasses import dataclass

from django.http import FileResponse, Http404, HttpRequest, HttpResponse, QueryDict
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe
from django_htmx.http import trigger_client_event

from accounts.models import User
from accounts.permissions import allow, may, person
from core.errors import Invalid, Refused
from core.figures import number
from core.keyset import page
from core.text import natural
from leads import jobs
from leads.bulk.selection import Selection, matching, ticked
from leads.bulk.undo import AT_ONCE, may_undo
from leads.bulk_forms import BulkForm, ExportForm, GiveBackForm, GiveForm, StatusForm, TagsForm
from leads.columns import columns
from leads.export_files import ACCESS, EXPORT, OPENED_BY, TYPES, ZIP, file_of
from leads.export_words import which_leads
from leads.exporting import export_leads
from leads.lead_filter import LeadFilter
from leads.list_filters import ExportFilter
from leads.models import Job
from leads.views.answers import ask, by_htmx
from leads.views.lists import shown_columns

SIZE = 50


@dataclass(frozen=True)
class Act:
    """One thing to do to many leads. `work` is the kind of job that does it; `title` takes the count."""

    permission: str
    work: str
    form: type[BulkForm]
    title: str | Promise
    icon: str
    button: str | Promise


ACTS = {
    "assign": Act(
        "leads.assign", "bulk.assign", GiveForm, gettext_lazy("Assign %(count)s leads"), "user-check",
        gettext_lazy("Assign"),
    ),
    "tag": Act("leads.edit", "bulk.tag", TagsForm, gettext_lazy("Tag %(count)s leads"), "tag", gettext_lazy("Tag")),
    "status": Act(
        "leads.work", "bulk.status", StatusForm, gettext_lazy("Move %(count)s leads"), "move-right",
        gettext_lazy("Move"),
    ),
    "recycle": Act(
        "leads.work", "bulk.recycle", GiveBackForm, gettext_lazy("Give %(count)s leads back to Marketing"), "recycle",
        gettext_lazy("Give back"),
    ),
}  # fmt: skip


@allow("leads.view")
@require_http_methods(["GET", "POST"])
def lead_bulk(request: HttpRequest, name: str) -> HttpResponse:
    """Asks, then does it: up to 200 leads at once, more in the background."""
    if name not in ACTS:
        raise Http404
    act, user, now = ACTS[name], person(request), timezone.now()
    if not may(user, act.permission):
        raise Refused(_("Your role may not do this."), code="may_not")
    data = request.POST if request.method == "POST" else request.GET
    selection = selected(data, user=user)
    total = selection.rows(user).count()
    form = act.form(request.POST if request.method == "POST" else None, user=user)
    if request.method == "POST" and form.is_valid():
        title = f"{jobs.WORKS[act.work].label}: {form.words}"
        params = {"selection": selection.as_params(), **form.params}
        at_once = timezone.now if total <= AT_ONCE else None
        job = jobs.start(act.work, by=user, at=now, title=title, params=params, total=total, at_once=at_once)
        return began(request, job)
    context = {
        "title": act.title % {"count": number(total)},
        "icon": act.icon,
        "button": act.button,
        "form": form,
        "url": reverse("lead_bulk", args=[name]),
    }
    return _ask(request, "leads/_bulk_form.html", context, data, total, wrong=form.is_bound)


@allow("leads.export")
@require_http_methods(["GET", "POST"])
def lead_export(request: HttpRequest) -> HttpResponse:
    """Takes the chosen leads away: up to 2,000 at once, more when the file is ready."""
    user, now = person(request), timezone.now()
    data = request.POST if request.method == "POST" else request.GET
    selection = selected(data, user=user)
    total = selection.rows(user).count()
    form = ExportForm(request.POST if request.method == "POST" else None, initial={"which": "shown", "shape": "csv"})
    made: list[Job] = []
    if request.method == "POST" and form.attempt(
        lambda given: made.append(
            export_leads(
                selection, by=user, at=now, keys=form.keys(_shown_keys(request)), shape=given["shape"],
                clock=timezone.now,
            )
        )
    ):  # fmt: skip
        return began(request, made[0])
    context = {
        "title": _("Export %(count)s leads") % {"count": number(total)},
        "icon": "download",
        "button": _("Export"),
        "form": form,
        "url": reverse("lead_export"),
    }
    return _ask(request, "leads/_bulk_form.html", context, data, total, wrong=form.is_bound)


@allow("jobs.view")
@require_safe
@never_cache
def job_download(request: HttpRequest, job_id: int) -> HttpResponseBase:
    """The file, for whoever asked for it alone, for seven days."""
    user, now = person(request), timezone.now()
    job = jobs.job_of(user, job_id)
    file, shape = file_of(job, at=now), job.params["shape"]
    if not may(user, OPENED_BY[job.kind]):
        return render(request, "403.html", status=403)
    what = f"person-{job.params['lead']}" if job.kind == ACCESS else "leads"
    name = f"leadflow-{what}-{timezone.localdate(job.created_at)}-{job.pk}.{shape}"
    headers, kind = {"X-Content-Type-Options": "nosniff"}, {**TYPES, **ZIP}[shape]
    return FileResponse(file.open("rb"), as_attachment=True, filename=name, content_type=kind, headers=headers)


@allow("exports.audit")
@require_safe
def export_log(request: HttpRequest) -> HttpResponse:
    """Who took which leads away, newest first."""
    form = ExportFilter(request.GET)
    rows = form.among(Job.objects.filter(kind__in=OPENED_BY).select_related("by"))
    shown = page(rows, ordering="-created_at", tie="id", size=SIZE, cursor=request.GET.get("cursor", ""))
    taken = which_leads(shown.rows, user=person(request))
    return render(request, "leads/export_log.html", {"page": shown, "taken": taken, "form": form})


def selected(data: QueryDict, *, user: User) -> Selection:
    """The ticked rows, or with `all=1` everything that matches the list's address in `query`. Raises Invalid."""
    now = timezone.now()
    if data.get("all") == "1":
        return matching(user, LeadFilter(QueryDict(data.get("query", "")), user=user).resolved, at=now)
    ids = several_ids(data.get("ids", ""))
    if not ids:
        raise Invalid(_("Choose at least one lead."), code="required", field="ids")
    return ticked(ids, at=now)


def several_ids(text: str) -> list[int]:
    return [found for part in text.split(",") if (found := natural(part)) is not None]


def began(request: HttpRequest, job: Job) -> HttpResponse:
    """What happened, with a way to undo it; what goes on in the background has its own page."""
    where = reverse("job_download", args=[job.pk]) if _is_file(job) else job.get_absolute_url()
    if not by_htmx(request):
        return redirect(where)
    if job.is_open or _is_file(job):
        response = HttpResponse(status=204, headers={"HX-Redirect": where})
        trigger_client_event(response, "close-dialog", {})
        return response
    counts = jobs.row_counts(job)
    toast = {
        "level": "warning" if counts["refused"] or not job.done else "success",
        "title": job.title,
        "text": _words(counts),
        "href": where,
        "undo": reverse("job_undo", args=[job.pk]) if may_undo(job) else "",
    }
    response = HttpResponse(status=204)
    for event, detail in (("toast", toast), ("close-dialog", {}), ("lead-changed", {}), ("selection-done", {})):
        trigger_client_event(response, event, detail)
    return response


def _words(counts: dict[str, int]) -> str:
    said = [_("%(count)s changed") % {"count": number(counts["done"])}]
    if counts["same"]:
        said.append(_("%(count)s were so already") % {"count": number(counts["same"])})
    if counts["refused"]:
        said.append(_("%(count)s refused") % {"count": number(counts["refused"])})
    return ", ".join(said) + "."


def _is_file(job: Job) -> bool:
    return job.kind == EXPORT and not job.is_open


def _shown_keys(request: HttpRequest) -> list[str]:
    """The columns of the list the person came from."""
    query = QueryDict(request.POST.get("query", ""))
    return [column.key for column in shown_columns(query, columns(), user=person(request))]


def _ask(
    request: HttpRequest, template: str, context: dict[str, object], data: QueryDict, total: int, *, wrong: bool
) -> HttpResponse:
    more = {
        "total": total,
        "background": total > AT_ONCE,
        "selection": {name: data.get(name, "") for name in ("ids", "all", "query")},
        "back": f"{reverse('lead_list')}?{data.get('query', '')}",
    }
    return ask(request, template, {**context, **more}, status=422 if wrong else 200)
