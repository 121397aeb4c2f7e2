"""Who looks after a lead: giving it to somebody, and taking one out of the pool."""

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.permissions import allow, person
from leads.assignment import reassign, take
from leads.forms import AssignForm
from leads.queries import colleagues, loads
from leads.standing import lock
from leads.views.answers import ask, done
from leads.views.lead import found, home_of


@allow("leads.assign")
@require_http_methods(["GET", "POST"])
def lead_assign(request: HttpRequest, lead_id: int) -> HttpResponse:
    """Gives the lead, and its open hand-off, to one of the people this leader may choose."""
    standing, user = found(request, lead_id), person(request)
    people = loads(user)
    choices = [(load.user.pk, load.user.full_name) for load in people]
    form = AssignForm(request.POST or None, choices=choices, initial={"owner": standing.owner_id})
    if request.method == "POST" and form.attempt(
        lambda given: reassign([lead_id], to=colleagues(user).get(pk=given["owner"]), by=user, at=timezone.now())
    ):
        name = dict(choices)[form.cleaned_data["owner"]]
        return done(request, _("%(name)s has this lead now.") % {"name": name}, back=home_of(lead_id))
    context = {
        "title": _("Who takes this lead?"),
        "icon": "user-check",
        "form": form,
        "people": people,
        "lead": standing.lead,
        "standing": standing,
        "back": home_of(lead_id),
    }
    return ask(request, "leads/_assign_form.html", context, status=422 if request.method == "POST" else 200)


@allow("queue.view")
@require_POST
def lead_take(request: HttpRequest, lead_id: int) -> HttpResponse:
    """Takes a lead out of the pool."""
    standing = found(request, lead_id)
    with lock([standing.pk]) as rows:
        take(lead_id, by=person(request), at=timezone.now(), rows=rows)
    return done(request, _("This lead is yours now. Time to call!"), back=home_of(lead_id))
