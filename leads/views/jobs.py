"""Background work as its owner sees it: how far it is, what it did row by row, stop, undo."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from accounts.permissions import allow, person
from core.keyset import page
from leads import jobs
from leads.bulk.undo import may_undo, undo
from leads.enums import RowOutcome
from leads.export_files import OPENED_BY, is_gone
from leads.list_filters import JobFilter
from leads.models import Lead
from leads.views.answers import by_htmx, done

SIZE = 30
ROWS = 50


@allow("jobs.view")
@require_safe
def job_list(request: HttpRequest) -> HttpResponse:
    """What this person asked for, newest first."""
    form = JobFilter(request.GET)
    found = form.among(jobs.jobs_of(person(request)).select_related("undone_by"))
    rows = page(found, ordering="-created_at", tie="id", size=SIZE, cursor=request.GET.get("cursor", ""))
    template = "leads/_jobs.html" if by_htmx(request) else "leads/jobs.html"
    return render(request, template, {"page": rows, "form": form})


@allow("jobs.view")
@require_safe
@never_cache
def job(request: HttpRequest, job_id: int) -> HttpResponse:
    """Progress while it runs, then the result; `?outcome=` lists the rows of one kind, with the reason."""
    user, now = person(request), timezone.now()
    found = jobs.job_of(user, job_id)
    jobs.mark_seen(user, at=now, job_ids=[found.pk])
    jobs.mark_read(user, at=now, job_ids=[found.pk])
    counts = jobs.row_counts(found)
    asked = request.GET.get("outcome", "")
    outcome = asked if asked in RowOutcome.values else RowOutcome.REFUSED if counts["refused"] else RowOutcome.DONE
    rows = found.rows.filter(outcome=outcome).select_related("lead")
    shown = page(rows, ordering="id", tie="id", size=ROWS, cursor=request.GET.get("cursor", ""))
    visible = Lead.objects.visible_to(user).filter(pk__in=[row.lead_id for row in shown.rows])
    context = {
        "job": found,
        "work": jobs.WORKS[found.kind],
        "counts": counts,
        "outcome": outcome,
        "page": shown,
        "open": set(visible.values_list("pk", flat=True)),
        "outcomes": RowOutcome.choices,
        "may_undo": may_undo(found),
        "gone": found.kind in OPENED_BY and not found.is_open and is_gone(found, at=now),
    }
    return render(request, "leads/_job.html" if by_htmx(request) else "leads/job.html", context)


@allow("jobs.view")
@require_POST
def job_cancel(request: HttpRequest, job_id: int) -> HttpResponse:
    found = jobs.job_of(person(request), job_id)
    jobs.cancel(found, at=timezone.now())
    text = _("It stops after the rows it is at; what is done stays done.")
    return done(request, text, back=found.get_absolute_url())


@allow("jobs.view")
@require_POST
def job_undo(request: HttpRequest, job_id: int) -> HttpResponse:
    """Takes back what the job did, row by row, where nobody has changed the row since."""
    found = jobs.job_of(person(request), job_id)
    back = undo(found, by=person(request), at=timezone.now(), clock=timezone.now)
    if not by_htmx(request):
        return redirect(back)
    return done(request, _("Undone: %(count)s leads.") % {"count": back.done}, back=back.get_absolute_url())


@allow("jobs.view")
@require_safe
@never_cache
def job_toast(request: HttpRequest) -> HttpResponse:
    """Says once that something has ended, wherever the person is."""
    user = person(request)
    ended = jobs.unseen(user)
    jobs.mark_seen(user, at=timezone.now(), job_ids=[one.pk for one in ended])
    return render(request, "leads/_job_toast.html", {"jobs": ended})
