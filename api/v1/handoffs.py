"""The list of hand-offs."""

from collections.abc import Callable, Mapping

from django.db.models import F, Q, QuerySet
from django.http import HttpResponse
from django.utils import timezone
from rest_framework.request import Request

from api.v1 import docs
from api.v1.base import ApiView, listing
from api.v1.leads import READ
from api.v1.shapes import handoffs_json
from leads.enums import HandoffKind, Outcome
from leads.filters import ids_or_none, moment, one_of, sla_states
from leads.models import Handoff

ORDERINGS = {"-offered_at": "-offered_at", "offered_at": "offered_at"}


class Handoffs(ApiView):
    needs = {"GET": READ}

    @docs.list_handoffs
    def get(self, request: Request) -> HttpResponse:
        rows = self.caller.handoffs().select_related("lead", "owner")
        found = filter_handoffs(rows, request.query_params.dict())
        return listing(request, found, orderings=ORDERINGS, tie="id", show=handoffs_json)


def filter_handoffs(rows: QuerySet[Handoff], params: Mapping[str, str]) -> QuerySet[Handoff]:
    """`outcome owner kind sla` take several values, comma separated; `owner` also takes `none`. Raises Invalid."""
    for name, condition in CONDITIONS.items():
        if value := (params.get(name) or "").strip():
            rows = rows.filter(condition(name, value))
    return rows


def _sla(name: str, value: str) -> Q:
    """The state of the promise that is next due on the lead, for its current hand-off."""
    current = Q(lead__standing__handoff=F("pk"))
    return current & sla_states(name, value, at=timezone.now(), prefix="lead__standing__")


CONDITIONS: Mapping[str, Callable[[str, str], Q]] = {
    "outcome": lambda name, value: Q(outcome__in=one_of(name, value, Outcome.values)),
    "kind": lambda name, value: Q(kind__in=one_of(name, value, HandoffKind.values)),
    "owner": ids_or_none,
    "offered_after": lambda name, value: Q(offered_at__gte=moment(name, value)),
    "offered_before": lambda name, value: Q(offered_at__lt=moment(name, value)),
    "sla": _sla,
}
