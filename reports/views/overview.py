"""The managers' overview and the report pages: blocks, each a fragment of its own, and the rows behind every figure."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from accounts.permissions import allow, person
from reports import links
from reports.blocks import BLOCKS
from reports.evidence import evidence, seen_by
from reports.forms import FilterBar
from reports.pages import PAGES
from reports.patience import patiently, progress, within_patience
from reports.views.shown import ON_OVERVIEW, asked, context, download, shown


@require_GET
@never_cache
@allow("reports.own")
def overview(request: HttpRequest) -> HttpResponse:
    """Period and filters live in the address."""
    return render(request, "reports/overview.html", context(request, ON_OVERVIEW))


@require_GET
@never_cache
@allow("reports.own")
def report(request: HttpRequest, page: str) -> HttpResponse:
    """One of the report pages."""
    if page not in PAGES:
        raise Http404
    found = PAGES[page]
    return render(request, "reports/page.html", {"page": found, **context(request, found.blocks, here=page)})


@require_GET
@never_cache
@allow("reports.own")
def block(request: HttpRequest, key: str) -> HttpResponse:
    """One block alone; `?format=csv` or `xlsx` takes its table away."""
    if key not in BLOCKS:
        raise Http404
    scope, group = asked(request)
    if "format" in request.GET:
        with within_patience(scope):
            return download(request, BLOCKS[key].table(scope, group), scope)
    return render(request, "reports/_block.html", {"shown": shown(BLOCKS[key], scope, group)})


@require_GET
@never_cache
@allow("reports.own")
def rows(request: HttpRequest) -> HttpResponse:
    """The rows behind the figure `?of=`, as many as it says."""
    scope, _group = asked(request)
    found = evidence(scope, request.GET.get("of", ""), request.GET.dict())
    if "format" in request.GET:
        with within_patience(scope):
            return download(request, found.table(), scope)
    opened = patiently(scope, lambda: found.read(request.GET.get("cursor", "")))
    context = {
        "found": found,
        "opened": opened,
        "progress": None if opened else progress(scope),
        "open": seen_by(opened.cases if opened else (), person(request)),
        "bar": FilterBar(scope, None, user=person(request)),
        "back": links.overview(scope),
    }
    return render(request, "reports/rows.html", context)
