"""The assignment: rules in order, skills and absences, how fair it was, and who would get a lead."""

from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.models import User
from accounts.permissions import allow, may, person
from leads.assigning import editing
from leads.assigning.fairness import fairness
from leads.assigning.forms import AbsenceForm, DeclineForm, LeavingForm, RuleForm, SpecialityForm
from leads.assigning.handback import decline
from leads.assigning.leaving import hand_over_all, leads_of
from leads.assigning.trial import try_lead
from leads.models import Absence, AssignmentRule, Speciality
from leads.queries import colleagues
from leads.views.answers import ask, done
from leads.views.lead import found, home_of

PERIODS = (7, 30, 90)


@require_safe
@allow("leads.assign")
def assignment(request: HttpRequest) -> HttpResponse:
    """The rules, who is there, and how the leads of the last days were dealt out."""
    at, user = timezone.now(), person(request)
    days = next((n for n in PERIODS if str(n) == request.GET.get("days")), 30)
    people = colleagues(user)
    context = {
        "rules": AssignmentRule.objects.select_related("team", "person"),
        "fairness": fairness(since=at - timedelta(days=days), until=at, team_id=_own_team(user)),
        "days": days,
        "periods": PERIODS,
        "absences": Absence.objects.filter(user__in=people, last__gte=timezone.localdate(at)).select_related("user"),
        "specialities": {s.user_id: s for s in Speciality.objects.all()},
        "absence_form": AbsenceForm(people=people),
        "may_edit": may(user, "assignment.edit"),
    }
    return render(request, "leads/assigning/page.html", context)


@require_http_methods(["GET", "POST"])
@allow("assignment.edit")
def rule_edit(request: HttpRequest, rule_id: int | None = None) -> HttpResponse:
    rule = get_object_or_404(AssignmentRule, pk=rule_id) if rule_id else None
    form = RuleForm(request.POST or None, instance=rule)
    if request.method == "POST" and form.is_valid():
        saved = editing.save_rule(form.save(commit=False))
        messages.success(request, _("Saved: %(name)s.") % {"name": saved.name})
        return redirect("assignment")
    context = {"form": form, "rule": rule}
    return render(request, "leads/assigning/rule.html", context, status=422 if form.errors else 200)


@require_POST
@allow("assignment.edit")
def rule_move(request: HttpRequest, rule_id: int) -> HttpResponse:
    editing.move_rule(rule_id, up=request.POST.get("way") == "up")
    return redirect("assignment")


@require_POST
@allow("assignment.edit")
def rule_remove(request: HttpRequest, rule_id: int) -> HttpResponse:
    editing.remove_rule(rule_id)
    messages.success(request, _("Rule removed."))
    return redirect("assignment")


@require_http_methods(["GET", "POST"])
@allow("leads.assign")
def speciality(request: HttpRequest, user_id: int) -> HttpResponse:
    """What one rep is given."""
    rep = get_object_or_404(colleagues(person(request)), pk=user_id)
    form = SpecialityForm(request.POST or None, instance=Speciality.objects.filter(user=rep).first())
    if request.method == "POST" and form.is_valid():
        editing.set_speciality(rep, words=form.cleaned_data)
        messages.success(request, _("Saved: %(name)s.") % {"name": rep.full_name})
        return redirect("assignment")
    context = {"form": form, "rep": rep}
    return render(request, "leads/assigning/speciality.html", context, status=422 if form.errors else 200)


@require_POST
@allow("leads.assign")
def absence_add(request: HttpRequest) -> HttpResponse:
    form = AbsenceForm(request.POST, people=colleagues(person(request)))
    if form.attempt(lambda given: editing.add_absence(given.pop("user"), **given)):
        messages.success(request, _("Absence noted."))
        return redirect("assignment")
    return render(request, "leads/assigning/absence.html", {"form": form}, status=422)


@require_POST
@allow("leads.assign")
def absence_remove(request: HttpRequest, absence_id: int) -> HttpResponse:
    mine = Absence.objects.filter(user__in=colleagues(person(request)))
    editing.remove_absence(get_object_or_404(mine, pk=absence_id))
    messages.success(request, _("Absence removed."))
    return redirect("assignment")


@require_http_methods(["GET", "POST"])
@allow("leads.assign")
def leaving(request: HttpRequest, user_id: int) -> HttpResponse:
    """Hands over everything one person has, also somebody's who has left."""
    user = person(request)
    people: Any = colleagues(user).exclude(pk=user_id)
    team = {"team": user.team_id} if _own_team(user) else {}
    rep = get_object_or_404(User.objects.filter(**team), pk=user_id)
    form = LeavingForm(request.POST or None, people=people)
    if request.method == "POST" and form.attempt(
        lambda given: messages.success(
            request, _told(hand_over_all(rep, to=given["to"], by=user, at=timezone.now()).given)
        )
    ):
        return redirect("assignment")
    context = {"form": form, "rep": rep, "count": len(leads_of(rep))}
    return render(request, "leads/assigning/leaving.html", context, status=422 if form.errors else 200)


@require_safe
@allow("leads.assign")
def lead_trial(request: HttpRequest, lead_id: int) -> HttpResponse:
    """Who would get this lead now, and why."""
    standing = found(request, lead_id)
    trial = try_lead(standing.lead, at=timezone.now())
    context = {"trial": trial, "lead": standing.lead, "title": _("Who would get this lead?"), "icon": "route"}
    return ask(request, "leads/assigning/_trial.html", context | {"back": home_of(lead_id)})


@require_http_methods(["GET", "POST"])
@allow("queue.view")
def lead_decline(request: HttpRequest, lead_id: int) -> HttpResponse:
    """The rep gives a lead back before touching it, with a reason."""
    standing, user = found(request, lead_id), person(request)
    form = DeclineForm(request.POST or None)
    if request.method == "POST" and form.attempt(
        lambda given: decline(lead_id, by=user, at=timezone.now(), reason=given["reason"])
    ):
        return done(request, _("Declined. Somebody else gets this lead."), back="/today/")
    context = {"form": form, "lead": standing.lead, "standing": standing, "back": home_of(lead_id)}
    context |= {"title": _("Why can't you take this lead?"), "icon": "hand"}
    status = 422 if request.method == "POST" else 200
    return ask(request, "leads/assigning/_decline_form.html", context, status=status)


def _own_team(user: User) -> int | None:
    """A team lead looks at the own team; everybody else who assigns, at all."""
    return user.team_id if user.is_seller else None


def _told(count: int) -> str:
    return ngettext("%(count)s lead was handed over.", "%(count)s leads were handed over.", count) % {"count": count}
