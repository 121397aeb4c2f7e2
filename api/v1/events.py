"""Behaviour in: for one lead, or for many at once."""

from collections.abc import Container
from typing import Any

from django.http import HttpResponse
from django.utils import timezone
from rest_framework.request import Request

from accounts.enums import SELLERS
from api.callers import Caller, Need
from api.enums import Scope
from api.errors import Rejected
from api.idempotency import idempotent
from api.v1 import docs
from api.v1.base import ApiView, answer
from api.v1.leads import object_of, rows_of
from leads.behaviour import Sighting, behave
from leads.enums import Channel

MOST_EVENTS = 1000
NEEDS = {"POST": Need(Scope.EVENTS_WRITE, "leads.edit")}


class LeadEvents(ApiView):
    needs = NEEDS

    @docs.send_event
    @idempotent
    def post(self, request: Request, lead_id: int) -> HttpResponse:
        self.caller.check_work(lead_id)
        item = {**object_of(request), "id": lead_id}
        sighting = behave([item], at=timezone.now(), default_source=Channel.API)[0]
        if sighting.problems:
            raise Rejected(sighting.problems)
        return answer(_sighting(sighting), status=201 if sighting.outcome == "recorded" else 200)


class Events(ApiView):
    needs = NEEDS

    @docs.send_events
    @idempotent
    def post(self, request: Request) -> HttpResponse:
        items = rows_of(request, "events", most=MOST_EVENTS)
        visible = _visible(self.caller)
        sightings = behave(items, at=timezone.now(), visible=visible, default_source=Channel.API)
        totals = {name: sum(s.outcome == name for s in sightings) for name in ("recorded", "known", "rejected")}
        results = [
            {"index": s.index, **_sighting(s), "errors": [problem.as_dict() for problem in s.problems]}
            for s in sightings
        ]
        return answer(totals | {"results": results})


def _sighting(sighting: Sighting) -> dict[str, Any]:
    return {"outcome": sighting.outcome, "id": sighting.event_id, "lead": sighting.lead_id}


def _visible(caller: Caller) -> Container[int] | None:
    """The leads a rep or team lead may speak of; None for everybody who sees all."""
    if caller.by is None or caller.by.role not in SELLERS:
        return None
    return set(caller.standings().values_list("pk", flat=True))
