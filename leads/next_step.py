"""What to do next with one lead: the one line every page shows beside it. Pure."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from leads.enums import SCORED_STAGES, Stage, Status


class Step(StrEnum):
    TAKE = "take"  # in the pool: whoever is free
    FIRST_CALL = "first_call"
    CALL_BACK = "call_back"
    MEET = "meet"
    END_CARE = "end_care"  # nothing moved for the agreed days: go on, or give it back
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
    """What the next step follows from. `ready`: nothing is missing to accept; `let_be`: the person wants no nurture."""

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
    meets_at: datetime | None = None
    care_over: bool = False
    wake_on: date | None = None
    let_be: bool = False


def next_step(facts: Facts) -> NextStep:
    """The one thing to do: a hand-off before anything else, then appointments, then the chain."""
    if facts.handoff_open:
        return _with_handoff(facts)
    if dated := _dated(facts):
        return dated
    if facts.stage == Stage.SQL:
        ahead = Step.CLOSE if facts.status == Status.HOT else Step.ADVANCE
        return NextStep(Step.END_CARE if facts.care_over else ahead, facts.sla_due_at)
    return _with_marketing(facts) if facts.stage in SCORED_STAGES else NextStep(Step.NONE)


def _with_marketing(facts: Facts) -> NextStep:
    if facts.let_be:
        return NextStep(Step.NONE)
    if facts.wake_on:
        return NextStep(Step.WAKE, wake_on=facts.wake_on)
    return NextStep(Step.NURTURE, points=max(0, facts.mql - facts.score))


def _with_handoff(facts: Facts) -> NextStep:
    if not facts.owned:
        return NextStep(Step.TAKE, facts.sla_due_at)
    if not facts.touched:
        return NextStep(Step.FIRST_CALL, facts.sla_due_at)
    if dated := _dated(facts):
        return dated
    return NextStep(Step.DECIDE if facts.ready else Step.QUALIFY, facts.sla_due_at)


def _dated(facts: Facts) -> NextStep | None:
    """What has been agreed with the lead: a call or an appointment, whichever comes first."""
    agreed = [(at, step) for at, step in ((facts.next_step_at, Step.CALL_BACK), (facts.meets_at, Step.MEET)) if at]
    return NextStep(min(agreed)[1], min(agreed)[0]) if agreed else None
