"""System health: processes, queues, dead rows, and whether the books agree."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from accounts.permissions import allow
from core.text import natural
from reports import checking
from reports import health as state


@require_GET
@never_cache
@allow("system.view")
def health(request: HttpRequest) -> HttpResponse:
    """The whole page; htmx reloads its body every 15 seconds."""
    at = timezone.now()
    queues = state.queues(at=at)
    context = {
        "parts": state.parts(),
        "queues": queues,
        "any_dead": any(queue.dead for queue in queues),
        "runs": state.job_runs(),
        "check": state.last_check(checking.JOB),
        "at": at,
    }
    fragment = request.headers.get("HX-Request") == "true"
    return render(request, "reports/_health.html" if fragment else "reports/health.html", context)


@require_POST
@allow("system.view")
def replay(request: HttpRequest) -> HttpResponse:
    """Puts one dead row (`row`), or all of a `queue`, back in line."""
    row = natural(given) if (given := request.POST.get("row")) else None
    if given and row is None:
        raise Http404
    count = state.replay_dead(request.POST.get("queue", ""), at=timezone.now(), pk=row)
    text = ngettext("%(count)s row is back in line.", "%(count)s rows are back in line.", count)
    messages.success(request, text % {"count": count})
    return redirect("health")


@require_POST
@allow("system.view")
def check_now(request: HttpRequest) -> HttpResponse:
    """Proves the invariants now; two who ask within a minute get one check."""
    at = timezone.now()
    run = checking.take(checking.asked(at=at), at=at)
    if run is None:
        messages.info(request, _("A check has been run within this minute."))
        return redirect("health")
    found = checking.check(run, at=at, clock=timezone.now).result["violations"]
    if found:
        text = ngettext("%(count)s violation found.", "%(count)s violations found.", len(found))
        messages.error(request, text % {"count": len(found)})
    else:
        messages.success(request, _("The books agree: no violation."))
    return redirect("health")
