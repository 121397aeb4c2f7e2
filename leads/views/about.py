"""Who the lead is: the profile edited in place, and tags."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.permissions import allow, person
from leads.forms import ProfileForm, TagForm
from leads.models import Lead
from leads.profile import update_profile
from leads.tags import tag_lead
from leads.views.answers import by_htmx, done
from leads.views.lead import found, home_of, show


@allow("leads.edit")
@require_http_methods(["GET", "POST"])
def lead_profile(request: HttpRequest, lead_id: int) -> HttpResponse:
    """The profile's form in the place of the profile. A field a colleague changed meanwhile says so and keeps both."""
    standing = found(request, lead_id)
    if request.method == "GET":
        return _form(request, ProfileForm(lead=standing.lead), standing.lead)
    form = ProfileForm(request.POST, lead=standing.lead)
    if form.attempt(
        lambda _given: update_profile(
            lead_id, by=person(request), at=timezone.now(), changes=form.changes, seen=form.seen
        )
    ):
        return done(request, _("Profile saved."), back=home_of(lead_id))
    return _form(request, form, standing.lead, status=422)


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
