"""The leads behind the numbers of a trial and of a re-scoring, one by one."""

from collections.abc import Mapping

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.permissions import allow, person
from core.text import clean
from leads.models import Standing
from scoring.behind import OF_RESCORING, OF_TRIAL, behind, named, page_of
from scoring.enums import JobState
from scoring.models import Backtest, Rescoring
from scoring.views.studio import whole

MOST = 2**31


@allow("scoring.view")
@require_safe
def of_trial(request: HttpRequest, job_id: int) -> HttpResponse:
    jobs = Backtest.objects.select_related("model").filter(state=JobState.DONE)
    job = get_object_or_404(jobs, pk=job_id)
    back = reverse("scoring_backtest", args=[job.pk])
    context = {"back": back, "back_label": _("Tried on history"), "try_version": job.model.version}
    return _leads(request, job, OF_TRIAL, context)


@allow("scoring.view")
@require_safe
def of_rescoring(request: HttpRequest, job_id: int) -> HttpResponse:
    job = get_object_or_404(Rescoring, pk=job_id, state=JobState.DONE)
    back = reverse("scoring_rescoring", args=[job.pk])
    return _leads(request, job, OF_RESCORING, {"back": back, "back_label": _("Re-scoring everybody")})


def _leads(
    request: HttpRequest, job: Backtest | Rescoring, names: Mapping[str, str | Promise], context: Mapping[str, object]
) -> HttpResponse:
    """One page of the list that the address names; leads of others are counted, not shown."""
    name, part = request.GET.get("of", ""), clean(request.GET.get("part", ""), 40)
    if name not in names:
        raise Http404
    found = page_of(behind(job, name, part), start=min(whole(request.GET.get("start")), MOST))
    seen = Standing.objects.visible_to(person(request)).select_related("lead").in_bulk(set(found.ids))
    shown = [seen[lead_id] for lead_id in found.ids if lead_id in seen]
    about = {"title": names[name], "part": named(job, name, part), "page": found, "rows": shown}
    hidden = len(found.ids) - len(shown)
    return render(request, "scoring/behind.html", {**context, **about, "hidden": hidden})
