"""Leads in and out: one, many, the list, the profile."""

from collections.abc import Mapping
from typing import Any

from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from rest_framework.request import Request

from api.callers import Caller, Need
from api.enums import Scope
from api.errors import Rejected
from api.idempotency import idempotent
from api.v1 import docs
from api.v1.arrivals import take_in
from api.v1.base import ApiView, answer, listing
from api.v1.shapes import lead_json, lead_pages, leads_json, path_of
from core.errors import Invalid, NotFound
from leads.enquiry import read_enquiry
from leads.enums import Channel
from leads.filters import filter_standings
from leads.intake import receive
from leads.models import Standing
from leads.profile import unknown_custom, update_profile

MOST_LEADS = 1000
ORDERINGS = {"-created_at": "-created_at", "created_at": "created_at", "-score": "-score", "score": "score"}
READ = Need(Scope.LEADS_READ, "leads.view")
SEND = Need(Scope.LEADS_WRITE, "leads.create")
EDIT = Need(Scope.LEADS_WRITE, "leads.edit")


class Leads(ApiView):
    needs = {"GET": READ, "POST": SEND}

    @docs.list_leads
    def get(self, request: Request) -> HttpResponse:
        at = timezone.now()
        rows = self.caller.standings().filter(lead__merged_into=None).only("lead_id", "created_at", "score")
        found = filter_standings(rows, request.query_params.dict(), at=at)

        def show(page: list[Standing]) -> list[dict[str, Any]]:
            return leads_json([row.lead_id for row in page], at=at, request=request)

        return listing(request, found, orderings=ORDERINGS, tie="lead_id", show=show)

    @docs.send_lead
    @idempotent
    def post(self, request: Request) -> HttpResponse:
        enquiry, problems = read_enquiry(request.data, default_source=Channel.API)
        if enquiry is None:
            raise Rejected(problems)
        receipt, row = take_in(self.caller, enquiry)
        known = {"outcome": receipt.outcome, "matched_by": receipt.matched_by, "warnings": receipt.warnings}
        if receipt.lead_id is None:
            return answer(known | {"submission": receipt.submission_id}, status=202)
        shown = lead_json(row, at=timezone.now(), pages=lead_pages(request)) if row else {}
        where = {"Location": request.build_absolute_uri(f"{path_of('api_lead')}{receipt.lead_id}/")}
        return answer(shown | known, status=201 if receipt.outcome == "created" else 200, headers=where)


class BulkLeads(ApiView):
    needs = {"POST": SEND}

    @docs.send_leads
    @idempotent
    def post(self, request: Request) -> HttpResponse:
        rows = rows_of(request, "leads", most=MOST_LEADS)
        caller = self.caller
        receipts = receive(rows, channel=Channel.API, at=timezone.now(), by=caller.by, client=caller.client)
        totals = {
            name: sum(r.outcome == name for r in receipts) for name in ("created", "matched", "rejected", "queued")
        }
        results = [
            {
                "index": r.index,
                "outcome": r.outcome,
                "id": r.lead_id,
                "matched_by": r.matched_by,
                "warnings": r.warnings,
                "errors": [problem.as_dict() for problem in r.problems],
            }
            for r in receipts
        ]
        return answer(totals | {"results": results}, status=202 if totals["queued"] else 200)


class OneLead(ApiView):
    needs = {"GET": READ, "PATCH": EDIT}

    @docs.read_lead
    def get(self, request: Request, lead_id: int) -> HttpResponse:
        return answer(lead_or_404(self.caller, request, lead_id))

    @docs.edit_lead
    def patch(self, request: Request, lead_id: int) -> HttpResponse:
        self.caller.check_work(lead_id)
        changes = object_of(request)
        update_profile(lead_id, by=self.caller.by, at=timezone.now(), changes=changes)
        warnings = {"warnings": unknown_custom(changes)}
        return answer(lead_or_404(self.caller, request, lead_id) | warnings)


def lead_or_404(caller: Caller, request: Request, lead_id: int) -> dict[str, Any]:
    """The lead as the caller may see it now. Raises NotFound."""
    shown = _shown(caller, request, lead_id)
    if shown is None:
        raise NotFound
    return shown


def object_of(request: Request) -> Mapping[str, Any]:
    """The body, which must be an object. Raises Invalid."""
    if not isinstance(request.data, Mapping):
        raise Invalid(_("The body is an object with named fields."), code="not_an_object")
    return request.data


def rows_of(request: Request, name: str, *, most: int) -> list[Any]:
    """The list in `{name: [...]}`. Raises Invalid when there is none, or when it is too long."""
    rows = object_of(request).get(name)
    if not isinstance(rows, list):
        raise Invalid(_("Send a list here."), code="not_a_list", field=name)
    if len(rows) > most:
        raise Invalid(_("Send at most %(most)s at once.") % {"most": most}, code="too_many", field=name)
    return rows


def _shown(caller: Caller, request: Request, lead_id: int) -> dict[str, Any] | None:
    """The lead's JSON, or None when there is none this caller may see (it may still have matched)."""
    if not caller.sees(lead_id):
        return None
    shown = leads_json([lead_id], at=timezone.now(), request=request)
    return shown[0] if shown else None
