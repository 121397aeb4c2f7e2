"""Moving a lead along Sales' chain by hand: guards, and what follows from the move."""

from collections.abc import Sequence
from datetime import datetime

from django.utils.translation import gettext as _

from accounts.models import User
from core.errors import DomainError, Invalid
from core.text import clean
from leads.care import begin_care
from leads.chain import Guard, legal_moves
from leads.decisions import discard_all
from leads.enums import Outcome, Stage, Status
from leads.handoffs import as_reason, reopen
from leads.lifecycle import Move, illegal, open_moves, shift, situations
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
        if target == Status.WON:
            _win(lead_id, amount or 0, by=by, at=at, rows=rows)
        else:
            _go([lead_id], target, by=by, at=at, rows=rows, reason=reason)


def move_many(
    lead_ids: Sequence[int], to: Status, *, by: User | None, at: datetime, reason: str = ""
) -> dict[int, DomainError]:
    """Moves each of the leads that the chain and its guard let go. Returns why the others stay, by lead.

    A contract is won, and taken back, one by one: in bulk both are refused.
    """
    with lock(lead_ids) as rows:
        reason, refused, going = clean(reason, 500), dict[int, DomainError](), list[int]()
        for lead_id, found in situations(list(rows.values()), by=by).items():
            legal = legal_moves(found)
            try:
                if to not in legal:
                    raise illegal(rows[lead_id], to, legal)
                if rows[lead_id].status == Status.WON:
                    raise Invalid(
                        _("A contract is taken back on the page of its lead, not in bulk."), code="one_by_one"
                    )
                _check(legal[to], reason, None)
                going.append(lead_id)
            except DomainError as error:
                refused[lead_id] = error
        _go(going, to, by=by, at=at, rows=rows, reason=reason)
    return refused


def _go(lead_ids: list[int], to: Status, *, by: User | None, at: datetime, rows: Standings, reason: str) -> None:
    if to == Status.WRONG_TARGET:
        _drop(lead_ids, by=by, at=at, rows=rows, reason=reason)
    elif to == Status.NEW:
        reopen(lead_ids, by=by, at=at, rows=rows, reason=reason)
    else:
        _plain(lead_ids, to, by=by, at=at, rows=rows, reason=reason)


def _check(guard: Guard, reason: str, amount: int | None) -> None:
    if guard in {Guard.REASON, Guard.MANAGER} and not reason:
        raise Invalid(_("Give a reason for this move."), code="reason_required", field="reason")
    if guard == Guard.AMOUNT and (amount is None or isinstance(amount, bool) or not 0 < amount <= LARGEST_AMOUNT):
        raise Invalid(_("Enter the contract amount in VND, more than 0."), code="amount_required", field="amount")


def _plain(lead_ids: list[int], to: Status, *, by: User | None, at: datetime, rows: Standings, reason: str) -> None:
    fallen = [i for i in lead_ids if rows[i].status == Status.WON]
    if fallen:
        contracts = [rows[i].handoff_id or 0 for i in fallen]
        Handoff.objects.filter(pk__in=contracts).update(won_at=None, revenue=None)
        for lead_id in fallen:
            rows.set_stage(lead_id, Stage.SQL)
    shift([Move(lead_id, to, reason=reason) for lead_id in lead_ids], by=by, at=at, rows=rows)
    moved = {i: rows[i].handoff_id or 0 for i in lead_ids if rows[i].stage == Stage.SQL}
    if moved:
        begin_care(moved, at=at)


def _drop(lead_ids: list[int], *, by: User | None, at: datetime, rows: Standings, reason: str) -> None:
    handoffs = list(Handoff.objects.open().filter(lead__in=lead_ids))
    if handoffs:
        code, note = as_reason(reason)
        discard_all(handoffs, by=by, at=at, rows=rows, reason=code, note=note)
    others = sorted(set(lead_ids) - {handoff.lead_id for handoff in handoffs})
    for lead_id in others:
        rows.set_stage(lead_id, Stage.DISQUALIFIED)
    shift([Move(lead_id, Status.WRONG_TARGET, reason=reason) for lead_id in others], by=by, at=at, rows=rows)


def _win(lead_id: int, amount: int, *, by: User | None, at: datetime, rows: Standings) -> None:
    Handoff.objects.filter(pk=rows[lead_id].handoff_id or 0, outcome=Outcome.ACCEPTED).update(won_at=at, revenue=amount)
    rows.set_stage(lead_id, Stage.CUSTOMER)
    shift([Move(lead_id, Status.WON, amount=amount)], by=by, at=at, rows=rows)
