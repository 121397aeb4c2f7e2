"""Probable duplicates of a lead, merging two leads, and undoing that."""

from typing import Any

from django.http import HttpResponse
from django.utils import timezone
from rest_framework.request import Request

from api.callers import LARGEST_ID, Need
from api.enums import Scope
from api.idempotency import idempotent
from api.v1 import bodies, docs
from api.v1.base import ApiView, answer, read
from api.v1.leads import READ, lead_or_404
from core.errors import NotFound
from leads.merging.finding import pairs_of
from leads.merging.joining import merge
from leads.merging.parting import undo_merge
from leads.models import Duplicate, Merge

MERGE = Need(Scope.LEADS_WRITE, "leads.merge")


class Duplicates(ApiView):
    needs = {"GET": READ}

    @docs.duplicates
    def get(self, request: Request, lead_id: int) -> HttpResponse:  # noqa: ARG002 - the framework's signature
        self.caller.check_lead(lead_id)
        pairs = [pair for pair in pairs_of(lead_id) if self.caller.sees(_other(pair, lead_id).pk)]
        return answer({"results": [_json(pair, lead_id) for pair in pairs]})


class MergeLeads(ApiView):
    needs = {"POST": MERGE}

    @docs.merge
    @idempotent
    def post(self, request: Request, lead_id: int) -> HttpResponse:
        self.caller.check_work(lead_id)
        given = read(bodies.MergeBody, request)
        self.caller.check_work(given["other"])
        choices = dict.fromkeys(given["take"], "other")
        made = merge(lead_id, given["other"], by=self.caller.by, at=timezone.now(), choices=choices)
        return answer({"merge": made.pk, "lead": lead_or_404(self.caller, request, lead_id)})


class UndoMerge(ApiView):
    needs = {"POST": MERGE}

    @docs.undo_merge
    @idempotent
    def post(self, request: Request, merge_id: int) -> HttpResponse:  # noqa: ARG002 - the framework's signature
        made = Merge.objects.filter(pk=min(merge_id, LARGEST_ID)).first()
        if made is None:
            raise NotFound
        self.caller.check_work(made.survivor_id)
        undo_merge(made, by=self.caller.by, at=timezone.now())
        return answer({"merge": made.pk, "leads": [made.survivor_id, made.other_id]})


def _other(pair: Duplicate, lead_id: int) -> Any:
    return pair.other if pair.one_id == lead_id else pair.one


def _json(pair: Duplicate, lead_id: int) -> dict[str, Any]:
    other = _other(pair, lead_id)
    return {
        "lead": {
            "id": other.pk,
            "name": other.name,
            "phone": other.phone,
            "email": other.email,
            "company": other.company,
        },
        "reason": pair.reason,
        "reason_label": pair.get_reason_display(),
        "confidence": pair.confidence,
        "found_at": pair.found_at,
    }
