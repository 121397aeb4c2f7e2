"""A lead typed in by hand."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.models import User
from accounts.permissions import allow, person
from leads.enums import Channel
from leads.forms import LeadForm
from leads.intake import Receipt, receive
from leads.merging.finding import find_for
from leads.models import Standing
from leads.queries import sources


@allow("leads.create")
@require_http_methods(["GET", "POST"])
def lead_create(request: HttpRequest) -> HttpResponse:
    """Says whether the lead is new or was known already; of a lead one may not see, nothing more than that."""
    form = LeadForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        user = person(request)
        receipt = receive([form.payload], channel=Channel.MANUAL, by=user, at=timezone.now())[0]
        form.show({problem.field: problem.message for problem in receipt.problems})
        if not receipt.problems:
            return _arrived(request, receipt, user)
    status = 422 if form.errors else 200
    return render(request, "leads/create.html", {"form": form, "sources": sources()}, status=status)


def _arrived(request: HttpRequest, receipt: Receipt, user: User) -> HttpResponse:
    if receipt.lead_id is None:
        messages.info(request, _("The lead is kept and will appear in a moment."))
        return redirect("lead_list")
    if not Standing.objects.visible_to(user).filter(pk=receipt.lead_id).exists():
        messages.info(
            request, _("We know this person already; what you typed was passed on to whoever looks after them.")
        )
        return redirect("lead_list")
    if receipt.outcome == "created":
        messages.success(request, _("Lead added."))
        if find_for([receipt.lead_id], at=timezone.now()):
            messages.warning(request, _("We may know this person already: see the possible duplicates."))
    else:
        messages.info(request, _("We know this person already: what you typed is now an enquiry on this lead."))
    return redirect("lead", receipt.lead_id)
