"""People and teams, one's own profile, being on duty, the language."""

from allauth.mfa.models import Authenticator
from allauth.mfa.utils import is_mfa_enabled
from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.db.models import Count, Prefetch, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import override
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.filters import TeamFilter, UserFilter
from accounts.forms import ProfileForm, TeamForm, UserForm
from accounts.models import Team, User
from accounts.permissions import allow, person, public
from core import hints

LANGUAGES = ("vi", "en")
YEAR = 365 * 24 * 3600


@allow("people.manage")
@require_safe
def users(request: HttpRequest) -> HttpResponse:
    form = UserFilter(request.GET)
    people = form.among(User.objects.select_related("team").order_by("-is_active", "full_name", "pk"))
    return render(request, "accounts/users.html", {"people": people, "form": form})


@allow("people.manage")
@require_http_methods(["GET", "POST"])
def user_create(request: HttpRequest) -> HttpResponse:
    form = UserForm(request.POST or None, by=person(request), initial={"team": request.GET.get("team")})
    if request.method == "POST" and form.is_valid():
        user = form.save()
        hints.wake("leads.tasks.drain_pool")
        messages.success(request, _("%(name)s can log in now.") % {"name": user.full_name})
        return redirect("users")
    return _user_page(request, form, None)


@allow("people.manage")
@require_http_methods(["GET", "POST"])
def user_edit(request: HttpRequest, user_id: int) -> HttpResponse:
    """Who is deactivated keeps their leads until somebody hands them over: the page says how many."""
    user = get_object_or_404(User, pk=user_id)
    form = UserForm(request.POST or None, instance=user, by=person(request))
    if request.method == "POST" and form.is_valid():
        saved = form.save()
        if saved == request.user:
            update_session_auth_hash(request, saved)
        hints.wake("leads.tasks.drain_pool")
        messages.success(request, _("Saved: %(name)s.") % {"name": saved.full_name})
        return redirect("users") if saved.is_active else redirect("user_edit", saved.pk)
    return _user_page(request, form, get_object_or_404(User, pk=user_id))


@allow("people.manage")
@require_POST
def user_two_step_off(request: HttpRequest, user_id: int) -> HttpResponse:
    """For somebody whose phone is lost: app and recovery codes are forgotten, the password alone opens again."""
    user = get_object_or_404(User, pk=user_id)
    Authenticator.objects.filter(user=user).delete()
    messages.success(request, _("Two-step login is off for %(name)s.") % {"name": user.full_name})
    return redirect("user_edit", user.pk)


def _user_page(request: HttpRequest, form: UserForm, user: User | None) -> HttpResponse:
    status = 422 if form.errors else 200
    context = {"form": form, "person": user, "two_step": user is not None and is_mfa_enabled(user)}
    return render(request, "accounts/user.html", context, status=status)


@allow("people.manage")
@require_safe
def teams(request: HttpRequest) -> HttpResponse:
    here = Prefetch("members", User.objects.here().order_by("role", "full_name", "pk"))
    working = Count("members", filter=Q(members__is_active=True))
    rows = Team.objects.prefetch_related(here).annotate(working=working)
    form = TeamFilter(request.GET)
    return render(request, "accounts/teams.html", {"teams": form.among(rows), "form": form})


@allow("people.manage")
@require_http_methods(["GET", "POST"])
def team_create(request: HttpRequest) -> HttpResponse:
    return _team_page(request, None)


@allow("people.manage")
@require_http_methods(["GET", "POST"])
def team_edit(request: HttpRequest, team_id: int) -> HttpResponse:
    return _team_page(request, get_object_or_404(Team, pk=team_id))


def _team_page(request: HttpRequest, team: Team | None) -> HttpResponse:
    form = TeamForm(request.POST or None, instance=team)
    if request.method == "POST" and form.is_valid():
        saved = form.save()
        messages.success(request, _("Saved: %(name)s.") % {"name": saved.name})
        return redirect("teams")
    members = team.members.here().order_by("role", "full_name", "pk") if team else []
    context = {"form": form, "team": team, "members": members}
    return render(request, "accounts/team.html", context, status=422 if form.errors else 200)


@allow("profile.edit")
@require_http_methods(["GET", "POST"])
def profile(request: HttpRequest) -> HttpResponse:
    form = ProfileForm(request.POST or None, instance=person(request))
    if request.method == "POST" and form.is_valid():
        with override(form.save().language):
            messages.success(request, _("Profile saved."))
        return redirect("profile")
    return render(request, "accounts/profile.html", {"form": form}, status=422 if form.errors else 200)


@allow("profile.edit")
@require_POST
def duty(request: HttpRequest) -> HttpResponse:
    """On or off duty. Whoever comes on duty may have leads waiting in the pool."""
    user = person(request)
    user.on_duty = request.POST.get("on_duty") in {"on", "true", "1"}
    user.save(update_fields=["on_duty"])
    if user.on_duty:
        hints.wake("leads.tasks.drain_pool")
    if request.headers.get("HX-Request"):
        return HttpResponse(status=204, headers={"HX-Refresh": "true"})
    return redirect(_back(request))


@public
@require_POST
def set_language(request: HttpRequest) -> HttpResponse:
    """Remembers the language with the person, or in a cookie of somebody not logged in."""
    language = request.POST.get("language", "")
    language = language if language in LANGUAGES else "vi"
    response = redirect(_back(request))
    if request.user.is_authenticated:
        user = person(request)
        user.language = language
        user.save(update_fields=["language"])
    response.set_cookie("language", language, max_age=YEAR, samesite="Lax", secure=request.is_secure(), httponly=True)
    return response


def _back(request: HttpRequest) -> str:
    target = request.POST.get("next", "")
    safe = url_has_allowed_host_and_scheme(target, {request.get_host()}, require_https=request.is_secure())
    return target if safe else reverse("profile")
