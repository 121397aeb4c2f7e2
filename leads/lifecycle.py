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
    record(walk(moves, by=by, at=at, rows=rows), at=at, rows=rows)


def walk(moves: Sequence[Move], *, by: User | None, at: datetime, rows: Standings) -> list[Fact]:
    """The same, and leaves it to the caller to record what it returns: a history is told in one go."""
    return [_step(move, by=by, at=at, rows=rows) for move in moves]


def situation(standing: Standing, *, by: User | None) -> Situation:
    """What the guards need to know about this lead and this person."""
    return situations([standing], by=by)[standing.lead_id]


def situations(standings: Sequence[Standing], *, by: User | None) -> dict[int, Situation]:
    """The same for many leads, by lead. One query. Index: call_by_lead."""
    telling = Call.objects.filter(lead__in=[s.lead_id for s in standings], outcome__in=[*MISSED, CallOutcome.REACHED])
    calls: dict[int, list[Call]] = {}
    for call in telling.only("lead", "handoff", "outcome", "occurred_at"):
        calls.setdefault(call.lead_id, []).append(call)
    return {standing.lead_id: _situation(standing, calls.get(standing.lead_id, []), by=by) for standing in standings}


def _situation(standing: Standing, calls: Sequence[Call], *, by: User | None) -> Situation:
    in_cycle = [call for call in calls if standing.handoff_id in (None, call.handoff_id)]
    since = standing.status_since
    return Situation(
        status=Status(standing.status),
        stage=Stage(standing.stage),
        failed_attempt=any(call.outcome in MISSED for call in in_cycle),
        contact=any(call.outcome == CallOutcome.REACHED and call.occurred_at >= since for call in calls),
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
