"""The bonus: everybody sees their own, managers all; previewed, approved, corrected, with the plan behind it."""

from django.contrib import messages
from django.db.models import Exists, OuterRef
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.models import User
from accounts.permissions import allow, may, person
from core.errors import NotFound
from sla import bonus as acts
from sla.forms.accounts import PlanForm, month_named, month_of
from sla.models import BonusPlan, BonusStatement
from sla.months import month_before, next_month
from sla.statements import by_kind, month_of_bonus


@require_safe
@allow("agreement.view")
def bonus(request: HttpRequest) -> HttpResponse:
    """One month: a line per person, or only one's own."""
    user, at = person(request), timezone.now()
    month, manages = month_of(request.GET.get("month", ""), at=at), may(user, "bonus.manage")
    people, over = month_of_bonus(month, only=None if manages else user), timezone.localdate(at) >= next_month(month)
    context = {
        "month": month,
        "before": month_before(month),
        "after": next_month(month) if over else None,
        "over": over,
        "people": people,
        "waiting": sum(one.statement is None for one in people) if manages and over else 0,
        "plan": acts.plan_for(month),
        "manages": manages,
    }
    return render(request, "sla/bonus.html", context)


@require_safe
@allow("agreement.view")
def statement(request: HttpRequest, user_id: int) -> HttpResponse:
    """One person's month, every amount with its hand-off."""
    user, at = person(request), timezone.now()
    if user_id != user.pk and not may(user, "bonus.manage"):
        raise NotFound
    owner, month = get_object_or_404(User, pk=user_id), month_of(request.GET.get("month", ""), at=at)
    (found,) = month_of_bonus(month, only=owner)
    differs = acts.differences(found.statement) if found.statement else []
    kinds = by_kind(found.items)
    shown = next((k.kind for k in kinds if k.kind == request.GET.get("kind")), None)
    context = {"found": found, "month": month, "over": timezone.localdate(at) >= next_month(month)}
    context |= {"kinds": kinds, "shown": shown, "items": [i for i in found.items if shown in {None, i.kind}]}
    context |= {"manages": may(user, "bonus.manage"), "differs": sum(due.amount for due in differs), "changed": differs}
    return render(request, "sla/statement.html", context)


@require_POST
@allow("bonus.manage")
def approve(request: HttpRequest, user_id: int) -> HttpResponse:
    at, owner = timezone.now(), get_object_or_404(User, pk=user_id)
    month = month_named(request.POST.get("month", ""))
    acts.approve(month, owner, by=person(request), at=at)
    messages.success(request, _("Approved and frozen: %(name)s.") % {"name": owner.full_name})
    return redirect(f"/bonus/?month={month:%Y-%m}")


@require_POST
@allow("bonus.manage")
def approve_month(request: HttpRequest) -> HttpResponse:
    """Everybody's statement of a month that is not approved yet, at once."""
    month = month_named(request.POST.get("month", ""))
    count = acts.approve_all(month, by=person(request), at=timezone.now())
    text = ngettext("%(count)s statement approved and frozen.", "%(count)s statements approved and frozen.", count)
    messages.success(request, text % {"count": count})
    return redirect(f"/bonus/?month={month:%Y-%m}")


@require_POST
@allow("bonus.manage")
def correct(request: HttpRequest, statement_id: int) -> HttpResponse:
    added = acts.correct(statement_id, by=person(request), at=timezone.now())
    row = BonusStatement.objects.get(pk=statement_id)
    text = ngettext("%(count)s correction added.", "%(count)s corrections added.", added) % {"count": added}
    messages.success(request, text)
    return redirect(f"/bonus/{row.person_id}/?month={row.month:%Y-%m}")


@require_http_methods(["GET", "POST"])
@allow("bonus.manage")
def plan(request: HttpRequest) -> HttpResponse:
    """The versions of the plan, and a form for the next one."""
    at = timezone.now()
    now = acts.plan_for(timezone.localdate(at))
    form = PlanForm(request.POST or None, initial=PlanForm.said(now))
    if request.method == "POST" and form.attempt(
        lambda given: acts.new_plan(given["first_month"], rates=form.rates, by=person(request), at=at)
    ):
        messages.success(request, _("Plan saved."))
        return redirect("bonus_plan")
    used = BonusStatement.objects.filter(plan=OuterRef("pk"))
    context = {"form": form, "now": now, "plans": BonusPlan.objects.select_related("by").annotate(used=Exists(used))}
    return render(request, "sla/bonus_plan.html", context, status=422 if form.errors else 200)


@require_POST
@allow("bonus.manage")
def plan_remove(request: HttpRequest, plan_id: int) -> HttpResponse:
    acts.remove_plan(plan_id, by=person(request))
    messages.success(request, _("Plan removed."))
    return redirect("bonus_plan")
