"""The studio: versions, drafts and their rules, one lead tried under a draft."""

from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.permissions import allow, may, person
from core.text import natural
from leads.filters import filter_standings
from leads.models import Standing
from scoring import drafts
from scoring.agreement import SIDES, signatures
from scoring.backtest import latest
from scoring.differences import compare
from scoring.enums import JobState, ModelState
from scoring.explain import why_under
from scoring.findings import findings, retired
from scoring.forms import BacktestForm, NameForm, RuleForm, SettingsForm, TryForm
from scoring.models import Backtest, Publication, Rescoring, Rule, ScoringModel
from scoring.published import thresholds_of
from scoring.queries import COUNTED_DAYS, RuleRow, rule_rows, times_fired
from scoring.reading import Evidence, evidence
from scoring.words import lines

SHOWN = 50
FOUND = 8


@allow("scoring.view")
@require_safe
def models(request: HttpRequest) -> HttpResponse:
    """All versions, the newest first; what is going on; who put what in force."""
    return _list(request, NameForm())


@allow("scoring.draft")
@require_POST
def draft_new(request: HttpRequest) -> HttpResponse:
    form = NameForm(request.POST)
    made: list[ScoringModel] = []
    origin = ScoringModel.objects.filter(version=whole(request.POST.get("version"))).first()
    if form.attempt(
        lambda given: made.append(
            drafts.create_draft(name=given["name"], by=person(request), at=timezone.now(), based_on=origin)
        )
    ):
        messages.success(request, _("Draft made. Nothing changes for anybody until both sides have signed it."))
        return redirect("scoring_version", made[0].version)
    return _list(request, form, status=422)


@allow("scoring.view")
@require_safe
def version(request: HttpRequest, version: int) -> HttpResponse:
    """One version: rules, settings, what looks wrong, what it changes, who has signed."""
    return show_version(request, found(version))


def found(version: int) -> ScoringModel:
    """The model with that version number, or a 404."""
    return get_object_or_404(ScoringModel.objects.select_related("based_on", "created_by"), version=version)


def show_version(request: HttpRequest, model: ScoringModel, *, status: int = 200, **more: Any) -> HttpResponse:
    user = person(request)
    in_force = ScoringModel.objects.get(state=ModelState.PUBLISHED)
    shown = model.backtests.select_related("by")[:5]
    context = {
        "model": model,
        "in_force": in_force,
        "lines": lines(model, thresholds_of(model)),
        "rows": with_evidence(model, rule_rows(model, at=timezone.now())),
        "findings": findings(model) if model.is_draft else list(retired(model)) if model.pk == in_force.pk else [],
        "difference": compare(in_force, model) if model.pk != in_force.pk else None,
        "signed": signatures(model),
        "sides": [(side, label) for label, side in _sides()],
        "backtests": shown,
        "tried": latest(model),
        "backtest_form": BacktestForm(),
        "can": {
            "edit": model.is_draft and may(user, "scoring.draft"),
            "copy": may(user, "scoring.draft"),
            "try": may(user, "scoring.draft") or may(user, "scoring.publish"),
            "sign": model.is_draft and user.role in SIDES,
            "publish": model.is_draft and may(user, "scoring.publish"),
            "roll_back": model.state == ModelState.RETIRED and may(user, "scoring.publish"),
        },
        "signed_by_me": any(signature.by_id == user.pk for signature in signatures(model).values()),
        **more,
    }
    return render(request, "scoring/version.html", context, status=status)


def with_evidence(model: ScoringModel, rows: list[RuleRow]) -> list[tuple[RuleRow, Evidence | None]]:
    """Each rule with what the last trial of this version says of it; a rule made since has no evidence yet."""
    job = last_trial(model)
    told = {one.rule.pk: one for one in evidence(job, [row.rule for row in rows])} if job else {}
    return [(row, told.get(row.rule.pk)) for row in rows]


def last_trial(model: ScoringModel) -> Backtest | None:
    """The last finished trial of this version, of whatever revision."""
    return model.backtests.filter(state=JobState.DONE).first()


@allow("scoring.draft")
@require_http_methods(["GET", "POST"])
def settings(request: HttpRequest, version: int) -> HttpResponse:
    model = found(version)
    form = SettingsForm(request.POST or None, model=model)
    seen = request.POST.get("seen", "")
    if request.method == "POST" and form.attempt(lambda given: drafts.edit_settings(model, given, seen=seen)):
        messages.success(request, _("Saved. Earlier signatures no longer count."))
        return redirect("scoring_version", version)
    context = {"model": model, "form": form, "seen": drafts.settings_mark(model)}
    return render(request, "scoring/settings.html", context, status=422 if form.errors else 200)


@allow("scoring.draft")
@require_http_methods(["GET", "POST"])
def rule_new(request: HttpRequest, version: int) -> HttpResponse:
    return _rule(request, found(version), None)


@allow("scoring.draft")
@require_http_methods(["GET", "POST"])
def rule(request: HttpRequest, version: int, code: str) -> HttpResponse:
    model = found(version)
    return _rule(request, model, get_object_or_404(Rule, model=model, code=code))


def _rule(request: HttpRequest, model: ScoringModel, rule: Rule | None) -> HttpResponse:
    form = RuleForm(request.POST if request.method == "POST" else None, rule=rule)
    code = rule.code if rule else ""
    seen = request.POST.get("seen", "")
    if request.method == "POST" and form.attempt(lambda given: drafts.save_rule(model, given, code=code, seen=seen)):
        messages.success(request, _("Rule saved. Earlier signatures no longer count."))
        return redirect("scoring_version", model.version)
    context = {"model": model, "rule": rule, "form": form} | (_past(rule) if rule else {})
    return render(request, "scoring/rule.html", context, status=422 if form.errors else 200)


def _past(rule: Rule) -> dict[str, Any]:
    """How often the rule fired, and what the last trial of its version says of it."""
    now = timezone.now()
    fired = times_fired({rule.code}, since=now - timedelta(days=COUNTED_DAYS), until=now).get(rule.code, 0)
    tried = last_trial(rule.model)
    told = evidence(tried, [rule])[0] if tried and str(rule.pk) in tried.report["rules"] else None
    return {"fired": fired, "tried": tried, "told": told, "seen": drafts.rule_mark(rule)}


@allow("scoring.draft")
@require_POST
def rule_drop(request: HttpRequest, version: int, code: str) -> HttpResponse:
    drafts.drop_rule(found(version), code=code)
    messages.success(request, _("Rule taken out of the draft."))
    return redirect("scoring_version", version)


@allow("scoring.draft")
@require_POST
def draft_drop(request: HttpRequest, version: int) -> HttpResponse:
    drafts.drop_draft(found(version))
    messages.success(request, _("Draft thrown away."))
    return redirect("scoring_models")


@allow("scoring.view")
@require_safe
def try_lead(request: HttpRequest, version: int) -> HttpResponse:
    """One lead under this version and under the one in force, with every row that makes the score."""
    model, at, form = found(version), timezone.now(), TryForm(request.GET)
    rows = Standing.objects.visible_to(person(request)).filter(lead__merged_into=None).select_related("lead")
    query = form.cleaned_data["q"].strip() if form.is_valid() else ""
    leads = list(filter_standings(rows, {"q": query}, at=at).order_by("-score", "-pk")[:FOUND]) if query else []
    chosen = rows.filter(pk=whole(request.GET.get("lead"))).first()
    context = {"model": model, "form": form, "query": query, "leads": leads, "chosen": chosen}
    if chosen:
        context |= {"draft": why_under(model, chosen.pk, at=at), "now": why_under(None, chosen.pk, at=at)}
    return render(request, "scoring/try.html", context)


def _list(request: HttpRequest, form: NameForm, *, status: int = 200) -> HttpResponse:
    rows = ScoringModel.objects.select_related("based_on", "created_by")[:SHOWN]
    context = {
        "models": rows,
        "form": form,
        "may_draft": may(person(request), "scoring.draft"),
        "publications": Publication.objects.select_related("model", "replaced", "by", "rescoring")[:20],
        "rescoring": Rescoring.objects.filter(state__in=[JobState.RUNNING, JobState.PAUSED]).first(),
        "new_url": reverse("scoring_draft_new"),
    }
    return render(request, "scoring/models.html", context, status=status)


def _sides() -> list[tuple[str, str]]:
    return [(_("Marketing manager"), "marketing"), (_("Sales manager"), "sales")]


def whole(text: str | None) -> int:
    """The number that was sent, or 0: nothing has the number 0."""
    return natural(text) or 0
