"""What to do next with one lead: the one line every page shows beside it. Pure."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from leads.enums import SCORED_STAGES, Stage, Status


class Step(StrEnum):
    TAKE = "take"  # in the pool: whoever is free
    FIRST_CALL = "first_call"
    CALL_BACK = "call_back"
    QUALIFY = "qualify"  # answers are missing before it can be accepted
    DECIDE = "decide"
    ADVANCE = "advance"  # an accepted lead, on its way to hot
    CLOSE = "close"
    WAKE = "wake"  # given back to Marketing until a date
    NURTURE = "nurture"  # points are missing
    NONE = "none"


@dataclass(frozen=True, slots=True)
class NextStep:
    """`due_at` is when a promise or an appointment falls due; `points` what is missing to the MQL line."""

    step: Step
    due_at: datetime | None = None
    wake_on: date | None = None
    points: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What the next step follows from. `ready` says that nothing is missing to accept."""

    status: str
    stage: str
    score: int
    mql: int
    handoff_open: bool = False
    owned: bool = False
    touched: bool = False
    ready: bool = False
    sla_due_at: datetime | None = None
    next_step_at: datetime | None = None
    wake_on: date | None = None


def next_step(facts: Facts) -> NextStep:
    """The one thing to do: a hand-off before anything else, then appointments, then the chain."""
    if facts.handoff_open:
        return _with_handoff(facts)
    if facts.next_step_at:
        return NextStep(Step.CALL_BACK, facts.next_step_at)
    if facts.stage == Stage.SQL:
        return NextStep(Step.CLOSE if facts.status == Status.HOT else Step.ADVANCE, facts.sla_due_at)
    if facts.stage in SCORED_STAGES:
        if facts.wake_on:
            return NextStep(Step.WAKE, wake_on=facts.wake_on)
        return NextStep(Step.NURTURE, points=max(0, facts.mql - facts.score))
    return NextStep(Step.NONE)


def _with_handoff(facts: Facts) -> NextStep:
    if not facts.owned:
        return NextStep(Step.TAKE, facts.sla_due_at)
    if not facts.touched:
        return NextStep(Step.FIRST_CALL, facts.sla_due_at)
    if facts.next_step_at:
        return NextStep(Step.CALL_BACK, facts.next_step_at)
    return NextStep(Step.DECIDE if facts.ready else Step.QUALIFY, facts.sla_due_at)
