"""The only place that changes a status. Who calls has checked the guard; the chain itself is checked here."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from accounts.models import User
from core.errors import IllegalMove
from leads.chain import MOVES, Guard, Situation, legal_moves
from leads.enums import MISSED, CallOutcome, Stage, Status
from leads.events import Fact, record
from leads.kinds import STATUS_MOVED
from leads.models import Call, Standing
from leads.standing import Standings


@dataclass(frozen=True, slots=True)
class Move:
    """One step in the chain. `amount` is the contract in VND, only for `won`."""

    lead_id: int
    to: Status
    reason: str = ""
    amount: int | None = None
    extra: Mapping[str, Any] = field(default_factory=dict)


def shift(moves: Sequence[Move], *, by: User | None, at: datetime, rows: Standings) -> None:
    """Makes the moves and records each: from, to, reason, seconds spent in the old status.

    Raises IllegalMove when the chain knows no such step. Guards are the caller's business.
    """
    facts = [_step(move, by=by, at=at, rows=rows) for move in moves]
    record(facts, at=at, rows=rows)


def situation(standing: Standing, *, by: User | None) -> Situation:
    """What the guards need to know about this lead and this person."""
    calls = Call.objects.filter(lead=standing.lead_id)
    in_cycle = calls.filter(handoff=standing.handoff_id) if standing.handoff_id else calls
    return Situation(
        status=Status(standing.status),
        stage=Stage(standing.stage),
        failed_attempt=in_cycle.filter(outcome__in=MISSED).exists(),
        contact=calls.filter(outcome=CallOutcome.REACHED, occurred_at__gte=standing.status_since).exists(),
        by_manager=by is not None and by.is_manager,
    )


def open_moves(standing: Standing, *, by: User | None) -> dict[Status, Guard]:
    """The legal moves of this lead for this person, each with what it asks for."""
    return legal_moves(situation(standing, by=by))


def illegal(standing: Standing, to: str, legal: Mapping[Status, Guard]) -> IllegalMove:
    """The refusal, naming the legal moves for people and machines."""
    names = ", ".join(str(Status(s).label) for s in legal) or _("none")
    labels = {value: str(label) for value, label in Status.choices}
    message = _("A lead can't go from %(status)s to %(to)s now. Possible: %(legal)s.") % {
        "status": labels[standing.status],
        "to": labels.get(to, to),
        "legal": names,
    }
    return IllegalMove(message, code="illegal_transition", field="to", extra={"legal": [str(s) for s in legal]})


def _step(move: Move, *, by: User | None, at: datetime, rows: Standings) -> Fact:
    standing = rows[move.lead_id]
    before = Status(standing.status)
    if move.to not in MOVES[before]:
        raise illegal(standing, move.to, MOVES[before])
    seconds = max(0, int((at - standing.status_since).total_seconds()))
    rows.set_status(move.lead_id, move.to, at=at, won_amount=move.amount)
    properties = {"from": before, "to": move.to, "reason": move.reason, "seconds": seconds, **move.extra}
    if move.amount is not None:
        properties["amount"] = move.amount
    return Fact(move.lead_id, STATUS_MOVED, at, by.pk if by else None, properties=properties)
