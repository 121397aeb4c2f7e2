"""Why this score, now or at any date."""

from typing import Any

from django.http import HttpResponse
from django.utils import timezone
from rest_framework.request import Request

from api.callers import Need
from api.enums import Scope
from api.idempotency import idempotent
from api.v1 import docs
from api.v1.base import ApiView, answer, read
from api.v1.leads import READ
from api.v1.scoring_shapes import AdjustBody
from leads.filters import moment
from scoring.adjust import adjust_score
from scoring.explain import Why, why

ADJUST = Need(Scope.LEADS_WRITE, "scoring.adjust")


class Score(ApiView):
    needs = {"GET": READ, "POST": ADJUST}

    @docs.score
    def get(self, request: Request, lead_id: int) -> HttpResponse:
        self.caller.check_lead(lead_id)
        given = request.query_params.get("at", "").strip()
        at = moment("at", given) if given else timezone.now()
        return answer(_json(why(lead_id, at=at)))

    @docs.adjust_score
    @idempotent
    def post(self, request: Request, lead_id: int) -> HttpResponse:
        self.caller.check_work(lead_id)
        at = timezone.now()
        adjust_score(lead_id, **read(AdjustBody, request), by=self.caller.by, at=at)
        return answer(_json(why(lead_id, at=at)))


def _json(found: Why) -> dict[str, Any]:
    return {
        "score": found.score,
        "fit": found.fit,
        "engagement": found.engagement,
        "grade": found.grade,
        "model_version": found.model_version,
        "entries": [
            {
                "kind": line.kind,
                "rule": line.rule,
                "points": line.points,
                "effective_at": line.effective_at,
                "event": line.event_id,
                "event_label": line.event,
                "reason": line.reason,
                "category": line.category,
            }
            for line in found.entries
        ],
        "upcoming": [{"at": c.at, "points": c.points, "why": c.why} for c in found.upcoming],
    }
