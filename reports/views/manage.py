"""Where people write things down for the reports: targets, spend, saved reports, screens, settings."""

from typing import Any

from django.conf import settings as site
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.permissions import allow, person
from leads.models import Spend
from reports import planning, saving, screens
from reports.campaigns import KNOWN, named, set_owner
from reports.filters import CampaignFilter, GoalFilter, SpendFilter
from reports.goals import set_goal
from reports.models import Benchmark, Goal, ReportPolicy, Screen
from reports.plan_forms import BenchmarkForm, CampaignForm, GoalForm, PolicyForm, SavedReportForm, ScreenForm, SpendForm

SHOWN = 100
form_page = require_http_methods(["GET", "HEAD", "POST"])


@form_page
@never_cache
@allow("reports.plan")
def goals(request: HttpRequest) -> HttpResponse:
    """Targets by month: the newest first, and a form for one more."""
    form = GoalForm(request.POST or None, initial={"month": timezone.localdate().strftime("%Y-%m")})
    if request.method == "POST" and form.is_valid():
        set_goal(by=person(request), at=timezone.now(), **form.cleaned_data)
        messages.success(request, _("The target is set."))
        return redirect("report_goals")
    wanted = GoalFilter(request.GET)
    rows = wanted.among(Goal.objects.select_related("team", "owner").order_by("-month", "kpi", "pk"))
    return _page(request, "reports/goals.html", form, {"rows": rows[:SHOWN], "filter": wanted})


@form_page
@never_cache
@allow("spend.edit")
def spend(request: HttpRequest) -> HttpResponse:
    """Spend by day, source and campaign: the newest first, and a form for one more."""
    form = SpendForm(request.POST or None, initial={"day": timezone.localdate()})
    if request.method == "POST" and form.is_valid():
        planning.set_spend(by=person(request), at=timezone.now(), **form.cleaned_data)
        messages.success(request, _("The spend is kept."))
        return redirect("spend")
    wanted = SpendFilter(request.GET)
    rows = wanted.among(Spend.objects.select_related("by").order_by("-day", "source", "campaign"))
    return _page(request, "reports/spend.html", form, {"rows": rows[:SHOWN], "filter": wanted})


@require_safe
@never_cache
@allow("spend.edit")
def campaigns(request: HttpRequest) -> HttpResponse:
    """The campaigns and whose they are, those without a marketer first."""
    wanted = CampaignFilter(request.GET)
    rows = wanted.among(named(at=timezone.now()))[:KNOWN]
    return render(request, "reports/campaigns.html", {"rows": rows, "filter": wanted})


@form_page
@never_cache
@allow("spend.edit")
def campaign_marketer(request: HttpRequest) -> HttpResponse:
    """Whose one campaign is, in a dialog on the list."""
    form = CampaignForm(request.POST or None, initial=request.GET.dict())
    if request.method == "POST" and form.is_valid():
        set_owner(by=person(request), at=timezone.now(), **form.cleaned_data)
        taken = _("“%(name)s” has no marketer now.")
        said = _("“%(name)s” has its marketer.") if form.cleaned_data["owner"] else taken
        messages.success(request, said % form.cleaned_data)
        return HttpResponse(status=204, headers={"HX-Refresh": "true"})
    return _page(request, "reports/_campaign_marketer.html", form, {})


@form_page
@never_cache
@allow("reports.own")
def saved(request: HttpRequest) -> HttpResponse:
    """The saved reports; with `?page=` and filters, a form to keep those."""
    given = {"page": request.GET.get("page", ""), "query": request.GET.urlencode()}
    form = SavedReportForm(request.POST or None, initial=given)
    if request.method == "POST" and form.attempt(
        lambda said: saving.save_report(by=person(request), at=timezone.now(), **said)
    ):
        messages.success(request, _("“%(name)s” is saved.") % form.cleaned_data)
        return redirect("saved_reports")
    rows = saving.with_mails(saving.shown_to(person(request)))
    context = {"rows": rows, "keeping": given["page"] or request.method == "POST"}
    return _page(request, "reports/saved.html", form, context)


@form_page
@never_cache
@allow("reports.manage")
def television(request: HttpRequest) -> HttpResponse:
    """The screens; the address of a new one is shown once."""
    form, address = ScreenForm(request.POST or None), ""
    if request.method == "POST" and form.is_valid():
        at = timezone.now()
        _screen, token = screens.open_screen(by=person(request), at=at, **form.cleaned_data)
        address = site.BASE_URL + reverse("tv", args=[token])
        form = ScreenForm()
    return _page(
        request, "reports/screens.html", form, {"rows": Screen.objects.select_related("team"), "address": address}
    )


@form_page
@never_cache
@allow("reports.manage")
def policy(request: HttpRequest) -> HttpResponse:
    """What reps may see, and whether published benchmarks are drawn."""
    form = PolicyForm(request.POST or None, instance=ReportPolicy.current())
    if request.method == "POST" and form.is_valid():
        planning.set_policy(**form.cleaned_data)
        messages.success(request, _("The settings are kept."))
        return redirect("report_policy")
    return _page(request, "reports/policy.html", form, {"rows": Benchmark.objects.all(), "new": BenchmarkForm()})


@require_POST
@allow("reports.manage")
def benchmark(request: HttpRequest) -> HttpResponse:
    """Keeps a published figure with its source."""
    form = BenchmarkForm(request.POST)
    if form.is_valid():
        planning.set_benchmark(**form.cleaned_data)
        messages.success(request, _("The benchmark is kept."))
        return redirect("report_policy")
    context = {"rows": Benchmark.objects.all(), "new": form, "form": PolicyForm(instance=ReportPolicy.current())}
    return render(request, "reports/policy.html", context, status=422)


@require_POST
@allow("reports.own")
def forget(request: HttpRequest, pk: int) -> HttpResponse:
    saving.forget_report(pk, by=person(request))
    return redirect("saved_reports")


@require_POST
@allow("reports.plan")
def forget_goal(_request: HttpRequest, pk: int) -> HttpResponse:
    planning.take_goal_back(pk)
    return redirect("report_goals")


@require_POST
@allow("spend.edit")
def forget_spend(_request: HttpRequest, pk: int) -> HttpResponse:
    planning.take_spend_back(pk)
    return redirect("spend")


@require_POST
@allow("reports.manage")
def forget_benchmark(_request: HttpRequest, pk: int) -> HttpResponse:
    planning.take_benchmark_back(pk)
    return redirect("report_policy")


@require_POST
@allow("reports.manage")
def close_screen(_request: HttpRequest, pk: int) -> HttpResponse:
    screens.close_screen(pk)
    return redirect("report_screens")


def _page(request: HttpRequest, template: str, form: Any, more: dict[str, Any]) -> HttpResponse:
    """The page with its form; 422 when what was sent is refused."""
    status = 422 if form.is_bound and form.errors else 200
    return render(request, template, {"form": form, **more}, status=status)
