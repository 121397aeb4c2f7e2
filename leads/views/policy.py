"""What the administrator sets for the daily work."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.permissions import allow
from leads.calling import call_address
from leads.day_forms import WorkForm
from leads.models import Policy

EXAMPLE = "+84912345678"


@allow("work.manage")
@require_http_methods(["GET", "POST"])
def work_settings(request: HttpRequest) -> HttpResponse:
    form = WorkForm(request.POST if request.method == "POST" else None, instance=Policy.current())
    if form.is_bound and form.is_valid():
        form.save()
        messages.success(request, _("Settings saved."))
        return redirect("work_settings")
    context = {
        "form": form,
        "example": call_address(Policy.current().call_address, EXAMPLE),
        "policy": Policy.current(),
    }
    return render(request, "leads/work_settings.html", context, status=422 if form.errors else 200)
