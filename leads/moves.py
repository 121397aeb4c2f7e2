"""Moving a lead along Sales' chain by hand: guards, and what follows from the move."""

from datetime import datetime

from django.utils.translation import gettext as _

from accounts.models import User
from core.errors import Invalid
from core.text import clean
from leads.chain import Guard
from leads.decisions import discard
from leads.enums import Outcome, Stage, Status
from leads.handoffs import as_reason, reopen
from leads.lifecycle import Move, illegal, open_moves, shift
from leads.models import Handoff
from leads.standing import Standings, lock

LARGEST_AMOUNT = 10**15  # VND


def move_status(
    lead_id: int, to: str, *, by: User | None, at: datetime, reason: str = "", amount: int | None = None
) -> None:
    """Moves the lead, if the chain and its guard allow it.

    wrong_target closes an open hand-off as discarded; won writes the contract (VND) on the accepted hand-off and
    makes a customer; a reopened contract takes it off again. Raises IllegalMove (with the legal moves), or Invalid
    when the reason or the amount is missing.
    """
    with lock([lead_id]) as rows:
        legal = open_moves(rows[lead_id], by=by)
        if to not in legal:
            raise illegal(rows[lead_id], to, legal)
        target, reason = Status(to), clean(reason, 500)
        _check(legal[target], reason, amount)
        if target == Status.WRONG_TARGET:
            _drop(lead_id, by=by, at=at, rows=rows, reason=reason)
        elif target == Status.WON:
            _win(lead_id, amount or 0, by=by, at=at, rows=rows)
        elif target == Status.NEW:
            reopen([lead_id], by=by, at=at, rows=rows, reason=reason)
        else:
            _plain(lead_id, target, by=by, at=at, rows=rows, reason=reason)


def _check(guard: Guard, reason: str, amount: int | None) -> None:
    if guard in {Guard.REASON, Guard.MANAGER} and not reason:
        raise Invalid(_("Give a reason for this move."), code="reason_required", field="reason")
    if guard == Guard.AMOUNT and (amount is None or isinstance(amount, bool) or not 0 < amount <= LARGEST_AMOUNT):
        raise Invalid(_("Enter the contract amount in VND, more than 0."), code="amount_required", field="amount")


def _plain(lead_id: int, to: Status, *, by: User | None, at: datetime, rows: Standings, reason: str) -> None:
    if rows[lead_id].status == Status.WON:
        Handoff.objects.filter(pk=rows[lead_id].handoff_id or 0).update(won_at=None, revenue=None)
        rows.set_stage(lead_id, Stage.SQL)
    shift([Move(lead_id, to, reason=reason)], by=by, at=at, rows=rows)


def _drop(lead_id: int, *, by: User | None, at: datetime, rows: Standings, reason: str) -> None:
    handoff = Handoff.objects.open().filter(lead=lead_id).first()
    if handoff:
        code, note = as_reason(reason)
        discard(handoff, by=by, at=at, rows=rows, reason=code, note=note)
    else:
        rows.set_stage(lead_id, Stage.DISQUALIFIED)
        shift([Move(lead_id, Status.WRONG_TARGET, reason=reason)], by=by, at=at, rows=rows)


def _win(lead_id: int, amount: int, *, by: User | None, at: datetime, rows: Standings) -> None:
    Handoff.objects.filter(pk=rows[lead_id].handoff_id or 0, outcome=Outcome.ACCEPTED).update(won_at=at, revenue=amount)
    rows.set_stage(lead_id, Stage.CUSTOMER)
    shift([Move(lead_id, Status.WON, amount=amount)], by=by, at=at, rows=rows)
