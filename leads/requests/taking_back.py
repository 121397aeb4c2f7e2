"""A person agrees again to what they objected to."""

from datetime import datetime

from django.utils.translation import gettext as _

from accounts.models import User
from core.errors import Conflict
from leads.enums import SCORED_STAGES, HandoffKind
from leads.events import Fact, record
from leads.handoffs import Crossing, open_handoffs
from leads.kinds import OBJECTION_TAKEN_BACK
from leads.models import Objection, PersonRequest
from leads.objections import not_to_be_called
from leads.requests.registering import person_of
from leads.standing import Standings, lock
from leads.thresholds import in_force


def take_back(request: PersonRequest, *, by: User, at: datetime) -> None:
    """What this request was against is allowed again; over the line, Sales gets the lead now.

    The consent stays withdrawn: only the person can give a new one. Raises Conflict when nothing of it stands.
    """
    lead_id = person_of(request)
    with lock([lead_id]) as rows:
        if not Objection.objects.filter(lead=lead_id, to__in=request.objects_to).delete()[0]:
            raise Conflict(_("This objection has been taken back already."), code="already_taken_back")
        properties = {"request": request.pk, "to": request.objects_to}
        record([Fact(lead_id, OBJECTION_TAKEN_BACK, at, by.pk, properties=properties)], at=at, rows=rows)
        if not not_to_be_called([lead_id]):
            _hand_over(lead_id, at=at, rows=rows)


def stands(request: PersonRequest) -> bool:
    """Whether anything of it is still heeded."""
    return Objection.objects.filter(lead=person_of(request), to__in=request.objects_to).exists()


def _hand_over(lead_id: int, *, at: datetime, rows: Standings) -> None:
    """The crossing that nobody could work while the person objected."""
    now, row = in_force(), rows[lead_id]
    if row.stage in SCORED_STAGES and row.score >= now.thresholds.mql:
        open_handoffs([Crossing(lead_id, HandoffKind.MQL, now.version)], at=at, rows=rows)
