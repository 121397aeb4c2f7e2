"""What the report pages share: the scope the address asks for, blocks with their content, tables to take away."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString

from accounts.permissions import may, person
from core.errors import NotFound
from reports import address, links
from reports.blocks import BLOCKS, Block, Content, filled
from reports.drawn import drawn
from reports.export import FORMATS
from reports.forms import FilterBar
from reports.pages import PAGES
from reports.patience import progress
from reports.periods import DEFAULT, Group
from reports.saving import shown_to
from reports.scope import Scope
from reports.tables import Table
from reports.together import read_together

ON_OVERVIEW = ("kpis", "volume", "funnel", "cohorts", "sources", "sla", "breaches", "stages", "reps")


@dataclass(frozen=True)
class Shown:
    """A block with its content, and the address under which it reloads and is taken away."""

    block: Block
    content: Content
    url: str
    waiting: bool = False

    @property
    def template(self) -> str:
        return "reports/blocks/counting.html" if self.waiting else self.block.template

    @property
    def html(self) -> SafeString:
        return drawn(self.template, address=self.url, context={"shown": self, "content": self.content})


def asked(request: HttpRequest, *, otherwise: str = DEFAULT) -> tuple[Scope, Group | None]:
    """The scope of the address, as this person may see it, read now; `otherwise` is the period of an empty address."""
    params = request.GET.dict() or {"period": otherwise}
    return address.read(params, user=person(request), at=timezone.now()), address.group_by(params)


def shown(block: Block, scope: Scope, group: Group | None) -> Shown:
    query = links.query(scope, group_by=group)
    address = f"{reverse('overview_block', args=[block.key])}?{links.encode(query)}"
    content = filled(block, scope, group)
    if content is None:
        return Shown(block, {"progress": progress(scope)}, address, waiting=True)
    return Shown(block, content, address)


def context(request: HttpRequest, keys: Sequence[str], *, here: str = "", otherwise: str = DEFAULT) -> dict[str, Any]:
    """Everything a report page needs: its blocks, the filter bar, the tabs, what is saved."""
    scope, group = asked(request, otherwise=otherwise)
    user = person(request)
    read_together(keys, scope, group)
    return {
        "bar": FilterBar(scope, group, user=user),
        "blocks": {key: shown(BLOCKS[key], scope, group) for key in keys},
        "scope": scope,
        "pages": PAGES.values(),
        "here": here,
        "same": links.encode(links.query(scope, group_by=group)),
        "saved": shown_to(user),
        "may_spend": may(user, "spend.edit"),
        "may_plan": may(user, "reports.plan"),
    }


def download(request: HttpRequest, table: Table, scope: Scope) -> HttpResponse:
    shape = FORMATS.get(request.GET["format"])
    if shape is None:
        raise NotFound
    name = f"leadflow-{table.key}-{scope.period.first}-{scope.period.last}.{shape.ending}"
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "X-Content-Type-Options": "nosniff"}
    return HttpResponse(shape.write(table), content_type=shape.content_type, headers=headers)
