"""What Sales does with a lead: calls, BANT, the verdict."""

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from accounts.permissions import allow, person
from leads.calls import log_call
from leads.decisions import decide
from leads.enums import CallOutcome
from leads.forms import BantForm, CallForm, DecisionForm
from leads.lead_view import lead_view
from leads.models import Standing
from leads.qualification import save_qualification
from leads.views.answers import ask, by_htmx, done
from leads.views.lead import found, home_of, show, tomorrow_morning

VERDICTS = {
    "accept": (gettext_lazy("Accept as SQL"), "badge-check"),
    "recycle": (gettext_lazy("Give back to Marketing"), "recycle"),
    "discard": (gettext_lazy("Discard this lead"), "circle-x"),
}


@allow("leads.work")
@require_http_methods(["GET", "POST"])
def lead_call(request: HttpRequest, lead_id: int) -> HttpResponse:
    """Logs a call: from the page's own card, or from the dialog that a queue row opens."""
    standing, now = found(request, lead_id), timezone.now()
    if request.method == "GET":
        return _call_dialog(request, standing, CallForm(initial={"callback_at": tomorrow_morning(now)}))
    form = CallForm(request.POST)
    if form.attempt(lambda given: log_call(lead_id, by=person(request), at=now, **given)):
        text = _("Call logged: %(outcome)s") % {"outcome": CallOutcome(form.cleaned_data["outcome"]).label}
        return done(request, text, back=home_of(lead_id))
    if request.headers.get("HX-Target") == "lead-call":
        return show(request, standing, template="leads/_call.html", status=422, call_form=form)
    return _call_dialog(request, standing, form, status=422)


def _call_dialog(request: HttpRequest, standing: Standing, form: CallForm, *, status: int = 200) -> HttpResponse:
    form.auto_id = "asked_%s"  # the page under the dialog has the same form
    context = {
        "title": _("Log a call"),
        "icon": "phone",
        "lead": standing.lead,
        "standing": standing,
        "call_form": form,
        "back": home_of(standing.pk),
    }
    return ask(request, "leads/_call_form.html", context, status=status)


@allow("leads.work")
@require_http_methods(["POST"])
def lead_bant(request: HttpRequest, lead_id: int) -> HttpResponse:
    """Saves the answers; with `then=accept` the hand-off is accepted in the same breath."""
    standing, now, user = found(request, lead_id), timezone.now(), person(request)
    form = BantForm(request.POST)
    saved = form.attempt(
        lambda given: save_qualification(
            lead_id, by=user, at=now, answers=form.answers, check_seen=True, seen=given["seen"]
        )
    )
    text = _("BANT saved.")
    if saved and request.POST.get("then") == "accept":
        saved = form.attempt(lambda _given: decide(lead_id, by=user, at=now, outcome="accept"))
        text = _("Accepted: this lead is an SQL now.")
    if saved:
        return done(request, text, back=home_of(lead_id))
    standing = found(request, lead_id)
    form.look_again(getattr(standing.handoff, "qualification", None))
    template = "leads/_bant.html" if by_htmx(request) else "leads/lead.html"
    return show(request, standing, template=template, status=422, bant_form=form)


@allow("leads.work")
@require_http_methods(["GET", "POST"])
def lead_decision(request: HttpRequest, lead_id: int, outcome: str) -> HttpResponse:
    """Accept, recycle or discard the open hand-off, with the reason that Marketing will read."""
    if outcome not in VERDICTS:
        raise Http404
    standing, now = found(request, lead_id), timezone.now()
    data = request.POST if request.method == "POST" else None
    form = DecisionForm(data, outcome=outcome, today=timezone.localdate(now))
    if data is not None and form.attempt(
        lambda given: decide(lead_id, by=person(request), at=now, outcome=outcome, **given)
    ):
        return done(request, _("Decided: %(what)s") % {"what": VERDICTS[outcome][0]}, back=home_of(lead_id))
    title, icon = VERDICTS[outcome]
    context = {
        "title": title,
        "icon": icon,
        "form": form,
        "outcome": outcome,
        "lead": standing.lead,
        "view": lead_view(standing, at=now),
        "url": reverse("lead_decision", args=[lead_id, outcome]),
        "back": home_of(lead_id),
    }
    return ask(request, "leads/_decision_form.html", context, status=422 if data is not None else 200)
