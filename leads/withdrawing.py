"""A hand-off that nobody can work any more is withdrawn, and its promises end with it."""

from datetime import datetime

from accounts.models import User
from leads.enums import Outcome, Reason
from leads.events import Fact, record
from leads.kinds import HANDOFF_WITHDRAWN
from leads.models import Handoff
from leads.standing import Standings


def withdraw_open(lead_id: int, *, by: User, at: datetime, rows: Standings) -> bool:
    """Ends the lead's open hand-off, if there is one. Stage and owner are the caller's business."""
    handoff = Handoff.objects.open().filter(lead=lead_id).first()
    if handoff is None:
        return False
    handoff.outcome, handoff.decided_at, handoff.decided_by = Outcome.WITHDRAWN, at, by
    handoff.reason = Reason.OTHER
    handoff.save(update_fields=["outcome", "decided_at", "decided_by", "reason"])
    rows.set_handoff(lead_id, handoff)
    properties = {"handoff": handoff.pk, "reason": Reason.OTHER}
    record([Fact(lead_id, HANDOFF_WITHDRAWN, at, by.pk, properties=properties)], at=at, rows=rows)
    return True
