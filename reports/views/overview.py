"""The managers' overview: one page of blocks, each a fragment of its own, and the rows behind every figure."""

from dataclasses import dataclass
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from accounts.permissions import allow, person
from core.errors import NotFound
from reports import filters, links
from reports.blocks import BLOCKS, Block, Content
from reports.evidence import evidence, seen_by
from reports.export import FORMATS
from reports.forms import FilterBar
from reports.periods import Group
from reports.scope import Scope
from reports.tables import Table


@dataclass(frozen=True)
class Shown:
    """A block with its content, and the address under which it reloads and is taken away."""

    block: Block
    content: Content
    url: str

    @property
    def template(self) -> str:
        return f"reports/blocks/{self.block.key}.html"


@require_GET
@never_cache
@allow("reports.view")
def overview(request: HttpRequest) -> HttpResponse:
    """Period, team and source live in the address."""
    scope, group = _read(request)
    context = {
        "bar": FilterBar(scope, group, user=person(request)),
        "blocks": {key: _shown(block, scope, group) for key, block in BLOCKS.items()},
        "scope": scope,
    }
    return render(request, "reports/overview.html", context)


@require_GET
@never_cache
@allow("reports.view")
def block(request: HttpRequest, key: str) -> HttpResponse:
    """One block alone; `?format=csv` or `xlsx` takes its table away."""
    if key not in BLOCKS:
        raise Http404
    scope, group = _read(request)
    if "format" in request.GET:
        return _download(request, BLOCKS[key].table(scope, group), scope)
    return render(request, "reports/_block.html", {"shown": _shown(BLOCKS[key], scope, group)})


@require_GET
@never_cache
@allow("reports.view")
def rows(request: HttpRequest) -> HttpResponse:
    """The rows behind the figure `?of=`, as many as it says."""
    scope, _group = _read(request)
    found = evidence(scope, request.GET.get("of", ""))
    if "format" in request.GET:
        return _download(request, found.table(), scope)
    page, cases = found.page(request.GET.get("cursor", ""))
    context = {
        "found": found,
        "page": page,
        "cases": cases,
        "open": seen_by(cases, person(request)),
        "bar": FilterBar(scope, None, user=person(request)),
        "back": links.overview(scope),
    }
    return render(request, "reports/rows.html", context)


def _read(request: HttpRequest) -> tuple[Scope, Group | None]:
    params: Any = request.GET
    return filters.read(params, user=person(request), at=timezone.now()), filters.group_by(params)


def _shown(block: Block, scope: Scope, group: Group | None) -> Shown:
    query = links.query(scope, group_by=group)
    address = f"{reverse('overview_block', args=[block.key])}?{links.encode(query)}"
    return Shown(block, block.content(scope, group), address)


def _download(request: HttpRequest, table: Table, scope: Scope) -> HttpResponse:
    shape = FORMATS.get(request.GET["format"])
    if shape is None:
        raise NotFound
    name = f"leadflow-{table.key}-{scope.period.first}-{scope.period.last}.{shape.ending}"
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "X-Content-Type-Options": "nosniff"}
    return HttpResponse(shape.write(table), content_type=shape.content_type, headers=headers)
