"""The reports for machines (JSON), and to take away (CSV, XLSX)."""

from collections.abc import Callable
from typing import Any

from django.http import HttpResponse
from django.utils import timezone
from rest_framework.request import Request

from api.callers import Need
from api.enums import Scope as KeyScope
from api.v1 import docs
from api.v1.base import ApiView, answer
from reports.address import group_by, read
from reports.blocks import BLOCKS
from reports.export import FORMATS
from reports.funnel import funnel
from reports.kpis import kpi_table, kpis
from reports.patience import within_patience
from reports.scope import Scope
from reports.tables import Table
from reports.volume import volume

# The tables without names of leads: those are read as leads, with the scope for it.
NAMED = (
    "volume", "cohorts", "sources", "costs_source", "costs_campaign", "invalid", "sla", "speed", "touch", "stages",
    "stuck", "stays", "moves", "reasons", "reps", "teams", "marketers", "calls", "heat", "goals",
)  # fmt: skip


class Report(ApiView):
    """One report; `ending` (csv, xlsx) makes it a file."""

    needs = {"GET": Need(KeyScope.REPORTS_READ, "reports.view")}
    ending = ""

    def perform_content_negotiation(self, request: Request, force: bool = False) -> Any:
        """A file's kind is in its address: whatever is accepted, it is that."""
        return super().perform_content_negotiation(request, force or bool(self.ending))

    def answer(self, request: Request, table: Callable[[Scope], Table]) -> HttpResponse:
        params = request.query_params.dict()
        scope, group = read(params, user=self.caller.by, at=timezone.now()), group_by(params)
        with within_patience(scope):
            if self.ending:
                return as_file(table(scope), scope, self.ending)
            series = {"series": volume(scope, group).records()} if group else {}
            return answer(_json(table(scope), scope) | series)


class Kpis(Report):
    @docs.kpis
    def get(self, request: Request) -> HttpResponse:
        return self.answer(request, lambda scope: kpi_table(kpis(scope)))


class Funnel(Report):
    @docs.funnel
    def get(self, request: Request) -> HttpResponse:
        return self.answer(request, funnel)


class Named(Report):
    """One of the other reports by its key; what each column is stands in its CSV's heading and on the page."""

    report = ""

    @docs.report
    def get(self, request: Request) -> HttpResponse:
        group = group_by(request.query_params.dict())
        return self.answer(request, lambda scope: BLOCKS[self.report].table(scope, group))


def _json(table: Table, scope: Scope) -> dict[str, Any]:
    return {
        "report": table.key,
        "title": str(table.title),
        "note": str(table.note),
        "from": scope.period.first,
        "to": scope.period.last,
        "results": table.records(),
    }


def as_file(table: Table, scope: Scope, ending: str) -> HttpResponse:
    shape = FORMATS[ending]
    name = f"{table.key}-{scope.period.first}-{scope.period.last}.{shape.ending}"
    return HttpResponse(
        shape.write(table),
        content_type=shape.content_type,
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )
