"""Who the lead is: the profile edited in place, and tags."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.permissions import allow, person
from leads.custom_fields import fields_in_use
from leads.forms import TagForm
from leads.models import Lead
from leads.profile import update_profile
from leads.profile_forms import ProfileForm, profile
from leads.tags import tag_lead
from leads.views.answers import by_htmx, done
from leads.views.lead import found, home_of, show


@allow("leads.edit")
@require_http_methods(["GET", "POST"])
def lead_profile(request: HttpRequest, lead_id: int) -> HttpResponse:
    """The profile's form in the place of the profile. A field a colleague changed meanwhile says so and keeps both."""
    standing = found(request, lead_id)
    form = ProfileForm(request.POST if request.method == "POST" else None, lead=standing.lead, fields=fields_in_use())
    if form.is_bound and _save(request, form):
        return done(request, _("Profile saved."), back=home_of(lead_id))
    return _form(request, form, standing.lead, status=422 if form.is_bound else 200)


@allow("leads.edit")
@require_http_methods(["GET", "POST"])
def lead_field(request: HttpRequest, lead_id: int, name: str) -> HttpResponse:
    """One field of the profile, edited where it stands."""
    standing, fields = found(request, lead_id), fields_in_use()
    if name not in profile(standing.lead, fields):
        raise Http404
    if request.method == "GET" and not by_htmx(request):
        return redirect("lead_profile", lead_id)
    data = request.POST if request.method == "POST" else None
    form = ProfileForm(data, lead=standing.lead, fields=fields, only=name)
    if data is not None and _save(request, form):
        return done(request, _("Profile saved."), back=home_of(lead_id))
    context = {"form": form, "bound": form[name], "name": name, "lead": standing.lead}
    return render(request, "leads/_fact_form.html", context, status=422 if data is not None else 200)


def _save(request: HttpRequest, form: ProfileForm) -> bool:
    by, at = person(request), timezone.now()
    return form.attempt(lambda _given: update_profile(form.lead.pk, by=by, at=at, changes=form.changes, seen=form.seen))


def _form(request: HttpRequest, form: ProfileForm, lead: Lead, *, status: int = 200) -> HttpResponse:
    template = "leads/_profile_form.html" if by_htmx(request) else "leads/profile_page.html"
    return render(request, template, {"form": form, "lead": lead}, status=status)


@allow("leads.view")
def lead_profile_card(request: HttpRequest, lead_id: int) -> HttpResponse:
    """The profile as it stands: what "Cancel" brings back."""
    return show(request, found(request, lead_id), template="leads/_profile.html")


@allow("leads.edit")
@require_POST
def lead_tags(request: HttpRequest, lead_id: int) -> HttpResponse:
    """Pins a tag (`tag`) or takes one off (`remove`)."""
    standing, now, user = found(request, lead_id), timezone.now(), person(request)
    if remove := request.POST.get("remove"):
        tag_lead(lead_id, by=user, at=now, remove=[remove])
        return done(request, _("Tag removed."), back=home_of(lead_id))
    form = TagForm(request.POST)
    if form.attempt(lambda given: tag_lead(lead_id, by=user, at=now, add=[given["tag"]])):
        return done(request, _("Tag added."), back=home_of(lead_id))
    template = "leads/_tags.html" if by_htmx(request) else "leads/lead.html"
    return show(request, standing, template=template, status=422, tag_form=form)
