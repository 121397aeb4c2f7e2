"""Moving a lead along the chain by hand, from the stepper."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.permissions import allow, person
from core.ui_words import STATUSES
from leads.enums import Status
from leads.forms import MoveForm
from leads.lifecycle import illegal, open_moves
from leads.moves import move_status
from leads.views.answers import ask, done
from leads.views.lead import found, home_of


@allow("leads.work")
@require_http_methods(["GET", "POST"])
def lead_move(request: HttpRequest, lead_id: int, to: str) -> HttpResponse:
    """The dialog of one move, asking only for what this move needs; an illegal one says what is possible."""
    if to not in Status.values:
        raise Http404
    standing, now = found(request, lead_id), timezone.now()
    legal = open_moves(standing, by=person(request))
    if request.method == "GET":
        if to not in legal:
            raise illegal(standing, to, legal)
        if to == Status.WRONG_TARGET and standing.handoff_open:
            return redirect("lead_decision", lead_id, "discard")
    status = Status(to)
    form = MoveForm(request.POST if request.method == "POST" else None, guard=legal.get(status))
    if request.method == "POST" and form.attempt(
        lambda given: move_status(lead_id, to, by=person(request), at=now, **given)
    ):
        return done(request, _("Status is now “%(status)s”.") % {"status": status.label}, back=home_of(lead_id))
    context = {
        "title": _("Move to “%(status)s”") % {"status": status.label},
        "icon": STATUSES[to].icon,
        "form": form,
        "to": to,
        "lead": standing.lead,
        "standing": standing,
        "url": reverse("lead_move", args=[lead_id, to]),
        "back": home_of(lead_id),
    }
    return ask(request, "leads/_move_form.html", context, status=422 if request.method == "POST" else 200)
