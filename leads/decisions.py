"""Sales' verdict on a hand-off: accept, recycle or discard."""

from collections.abc import Sequence
from datetime import date, datetime

from django.utils.translation import gettext as _

from accounts.models import User
from core.errors import Conflict, Invalid
from leads.bant import is_hot, missing_to_accept
from leads.care import begin_care
from leads.enums import Outcome, Reason, Status
from leads.handoffs import close, close_all
from leads.lifecycle import Move, shift
from leads.models import Handoff, Policy
from leads.qualification import answers_of
from leads.standing import Standings, lock
from leads.thresholds import in_force

OUTCOMES = {"accept": Outcome.ACCEPTED, "recycle": Outcome.RECYCLED, "discard": Outcome.DISCARDED}
TOWARDS_POTENTIAL = {
    Status.NEW: [Status.RESEARCHED, Status.POTENTIAL],
    Status.UNREACHABLE: [Status.RESEARCHED, Status.POTENTIAL],
    Status.RESEARCHED: [Status.POTENTIAL],
}


def decide(
    lead_id: int,
    *,
    by: User | None,
    at: datetime,
    outcome: str,
    reason: str = "",
    note: str = "",
    wake_on: date | None = None,
) -> Handoff:
    """Decides the lead's open hand-off: `accept`, `recycle` (coded reason, optional wake-up date) or `discard`.

    Accept: stage sql, status on to potential, and to hot when BANT >= 80 and timing within a month.
    Recycle: score down to the lead threshold, back to Marketing without owner. Discard: status wrong_target.
    Raises Conflict when nothing is open (any more), Invalid when something is missing.
    """
    if outcome not in OUTCOMES:
        raise Invalid(_("Choose accept, recycle or discard."), code="invalid_choice", field="outcome")
    if outcome != "accept" and reason not in Reason.values:
        raise Invalid(_("Choose a reason."), code="reason_required", field="reason")
    if reason == Reason.OTHER and outcome != "accept" and not note.strip():
        raise Invalid(_("Write the reason in the note."), code="note_required", field="note")
    with lock([lead_id]) as rows:
        handoff = open_handoff(lead_id)
        if outcome == "accept":
            _accept(handoff, by=by, at=at, rows=rows, note=note)
        elif outcome == "recycle":
            recycle(handoff, by=by, at=at, rows=rows, reason=reason, note=note, wake_on=wake_on)
        else:
            discard(handoff, by=by, at=at, rows=rows, reason=reason, note=note)
    return handoff


def open_handoff(lead_id: int) -> Handoff:
    """The lead's open hand-off. Raises Conflict when there is none: somebody was faster, or it never was one."""
    handoff = Handoff.objects.open().filter(lead=lead_id).first()
    if handoff is None:
        raise Conflict(_("This lead has no open hand-off; it may just have been decided."), code="no_open_handoff")
    return handoff


def recycle(
    handoff: Handoff,
    *,
    by: User | None,
    at: datetime,
    rows: Standings,
    reason: str,
    note: str = "",
    wake_on: date | None = None,
) -> None:
    recycle_all([handoff], by=by, at=at, rows=rows, reason=reason, note=note, wake_on=wake_on)


def recycle_all(
    handoffs: Sequence[Handoff],
    *,
    by: User | None,
    at: datetime,
    rows: Standings,
    reason: str,
    note: str = "",
    wake_on: date | None = None,
) -> None:
    """Gives many open hand-offs back for the same reason."""
    close_all(handoffs, Outcome.RECYCLED, by=by, at=at, rows=rows, reason=reason, note=note)
    for handoff in handoffs:
        rows.set_wake(handoff.lead_id, on=wake_on)


def discard(handoff: Handoff, *, by: User | None, at: datetime, rows: Standings, reason: str, note: str = "") -> None:
    discard_all([handoff], by=by, at=at, rows=rows, reason=reason, note=note)


def discard_all(
    handoffs: Sequence[Handoff], *, by: User | None, at: datetime, rows: Standings, reason: str, note: str = ""
) -> None:
    """Drops many open hand-offs for the same reason; their leads move to `wrong_target`."""
    close_all(handoffs, Outcome.DISCARDED, by=by, at=at, rows=rows, reason=reason, note=note)
    moves = [Move(handoff.lead_id, Status.WRONG_TARGET, reason=note or reason) for handoff in handoffs]
    shift(moves, by=by, at=at, rows=rows)


def _accept(handoff: Handoff, *, by: User | None, at: datetime, rows: Standings, note: str) -> None:
    answers = answers_of(handoff)
    policy = Policy.current()
    missing = missing_to_accept(answers, minimum=policy.bant_needed)
    if policy.score_needed and rows[handoff.lead_id].score < in_force().thresholds.sql_ready:
        missing.append("score")
    if missing:
        message = _("Not ready to accept yet. Still missing: %(what)s.") % {"what": ", ".join(_missing_words(missing))}
        raise Invalid(message, code="not_qualified", field="outcome", extra={"missing": missing})
    close(handoff, Outcome.ACCEPTED, by=by, at=at, rows=rows, note=note)
    begin_care({handoff.lead_id: handoff.pk}, at=at)
    steps = [
        *TOWARDS_POTENTIAL[Status(rows[handoff.lead_id].status)],
        *([Status.HOT] if is_hot(answers) else []),
    ]
    for to in steps:
        shift([Move(handoff.lead_id, to, extra={"why": "accepted"})], by=by, at=at, rows=rows)


def _missing_words(codes: list[str]) -> list[str]:
    words = {
        "right_phone": _("right phone"),
        "right_name": _("right name"),
        "right_need": _("right need"),
        "agreed_to_talk": _("agreed to talk with Sales"),
        "bant": _("enough BANT points"),
        "score": _("a score that reaches the SQL line"),
    }
    return [words[code] for code in codes]
