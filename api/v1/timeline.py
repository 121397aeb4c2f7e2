"""The log of one lead."""

from django.http import HttpResponse
from rest_framework.request import Request

from api.v1 import docs
from api.v1.base import ApiView, listing
from api.v1.leads import READ
from api.v1.shapes import events_json
from leads.models import Event
from leads.values import several

ORDERINGS = {"-occurred_at": "-occurred_at", "occurred_at": "occurred_at"}


class Timeline(ApiView):
    needs = {"GET": READ}

    @docs.timeline
    def get(self, request: Request, lead_id: int) -> HttpResponse:
        self.caller.check_lead(lead_id)
        events = Event.objects.filter(lead=lead_id).select_related("actor")
        if kinds := several(request.query_params.get("kind", "").replace("\x00", "")):
            events = events.filter(kind__in=kinds)
        return listing(request, events, orderings=ORDERINGS, tie="id", show=events_json)
