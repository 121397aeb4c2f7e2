"""Sales' chain as one table (DOMAIN 1): every legal move and what it asks for. Pure.

Everything that is not in MOVES is refused, whoever asks: page, board, API, import, task.
"""

from dataclasses import dataclass
from enum import StrEnum

from leads.enums import Stage, Status


class Guard(StrEnum):
    """What a move asks for."""

    FREE = "free"
    FAILED_ATTEMPT = "failed_attempt"  # at least one failed contact attempt logged in this cycle
    CONTACT = "contact"  # a contact succeeded since the status began
    ACCEPTED = "accepted"  # Sales accepted the hand-off
    REASON = "reason"
    AMOUNT = "amount"  # contract amount in VND, more than 0
    MANAGER = "manager"  # a manager, with a reason
    SYSTEM = "system"  # only as the consequence of something else


N, R, U, W = Status.NEW, Status.RESEARCHED, Status.UNREACHABLE, Status.WRONG_TARGET
P, H, C = Status.POTENTIAL, Status.HOT, Status.WON

MOVES: dict[Status, dict[Status, Guard]] = {
    N: {R: Guard.FREE, U: Guard.FAILED_ATTEMPT, W: Guard.REASON},
    R: {P: Guard.ACCEPTED, U: Guard.FAILED_ATTEMPT, W: Guard.REASON},
    U: {R: Guard.CONTACT, W: Guard.REASON, N: Guard.SYSTEM},
    W: {N: Guard.MANAGER},
    P: {H: Guard.FREE, R: Guard.REASON, U: Guard.FAILED_ATTEMPT, W: Guard.REASON, N: Guard.SYSTEM},
    H: {C: Guard.AMOUNT, P: Guard.REASON, U: Guard.FAILED_ATTEMPT, W: Guard.REASON},
    C: {H: Guard.MANAGER},
}


@dataclass(frozen=True, slots=True)
class Situation:
    """What the guards look at."""

    status: Status
    stage: Stage
    failed_attempt: bool
    contact: bool
    by_manager: bool


def fulfilled(guard: Guard, situation: Situation) -> bool:
    """Whether the lead and the person meet the guard; what is typed with the move (reason, amount) comes later."""
    return {
        Guard.FAILED_ATTEMPT: situation.failed_attempt,
        Guard.CONTACT: situation.contact,
        Guard.ACCEPTED: situation.stage == Stage.SQL,
        Guard.MANAGER: situation.by_manager,
        Guard.SYSTEM: False,
    }.get(guard, True)


def legal_moves(situation: Situation) -> dict[Status, Guard]:
    """The moves open now, with what each will ask for."""
    return {to: guard for to, guard in MOVES[situation.status].items() if fulfilled(guard, situation)}
