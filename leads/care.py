"""Care of an accepted lead: it ends when nothing moved for the agreed days, and then the rep must decide (DOMAIN 3)."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta

from django.utils.translation import gettext as _

from accounts.models import User
from core.errors import Conflict, Invalid
from core.text import clean
from leads.enums import Outcome, Reason, ReminderKind, Stage
from leads.events import Fact, record
from leads.kinds import CARE_EXTENDED, HANDOFF_RECYCLED
from leads.models import Handoff, Policy, Reminder
from leads.reminders import remind_all
from leads.standing import Standings, lock
from leads.thresholds import in_force


def begin_care(handoffs: Mapping[int, int], *, at: datetime) -> datetime:
    """Counts the days of care from `at`: on acceptance, and again whenever the lead has moved on.

    `handoffs` are accepted hand-offs by lead. Returns until when.
    """
    until = at + timedelta(days=Policy.current().care_days)
    Handoff.objects.filter(pk__in=handoffs.values()).update(care_until=until)
    remind_all(
        [Reminder(lead_id=lead, kind=ReminderKind.CARE, subject=pk, due_at=until) for lead, pk in handoffs.items()]
    )
    return until


def extend_care(lead_id: int, *, by: User, at: datetime, reason: str) -> datetime:
    """The rep goes on: another spell of care, with the reason on record. Raises Invalid, or Conflict when none runs."""
    reason = clean(reason, 500)
    if not reason:
        raise Invalid(_("Say why it is worth going on."), code="reason_required", field="reason")
    with lock([lead_id]) as rows:
        until = begin_care({lead_id: _cared_for(lead_id, rows).pk}, at=at)
        properties = {"reason": reason, "until": until.isoformat()}
        record([Fact(lead_id, CARE_EXTENDED, at, by.pk, properties=properties)], at=at, rows=rows)
    return until


def end_care(lead_id: int, *, by: User, at: datetime, reason: str, note: str = "", wake_on: date | None = None) -> None:
    """The rep gives an accepted lead back to Marketing: no owner, score down to the lead threshold, nurtured again.

    The hand-off stays accepted, as it was; the status stays until a new hand-off begins. Raises Invalid for a reason
    that is none, Conflict when the lead is not in care.
    """
    note = clean(note, 5000, lines=True)
    if reason not in Reason.values:
        raise Invalid(_("Choose a reason."), code="reason_required", field="reason")
    if reason == Reason.OTHER and not note:
        raise Invalid(_("Write the reason in the note."), code="note_required", field="note")
    with lock([lead_id]) as rows:
        handoff, limit = _cared_for(lead_id, rows), in_force().thresholds
        Handoff.objects.filter(pk=handoff.pk).update(care_until=None)
        rows.set_next_step(lead_id, at=None)
        rows.set_owner(lead_id, owner_id=None, team_id=None)
        rows.set_stage(lead_id, limit.stage(min(rows[lead_id].score, limit.lead)))
        rows.set_wake(lead_id, on=wake_on)
        properties = {
            "handoff": handoff.pk, "reason": reason, "note": note, "score_to": limit.lead, "after_acceptance": True,
        }  # fmt: skip
        record([Fact(lead_id, HANDOFF_RECYCLED, at, by.pk, properties=properties)], at=at, rows=rows)


def _cared_for(lead_id: int, rows: Standings) -> Handoff:
    handoff = rows[lead_id].handoff
    if rows[lead_id].stage != Stage.SQL or handoff is None or handoff.outcome != Outcome.ACCEPTED:
        raise Conflict(_("Nobody cares for this lead as an SQL now."), code="not_in_care")
    return handoff
