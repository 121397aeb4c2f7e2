"""The hand-off from Marketing to Sales: opened by an upward crossing of the line, closed by a decision."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from accounts.models import User
from core import failpoints
from leads.assigning import sql
from leads.assignment import seat, seated
from leads.enums import SCORED_STAGES, HandoffKind, Outcome, Reason, Stage, Status
from leads.events import Fact, record
from leads.kinds import HANDOFF_ACCEPTED, HANDOFF_DISCARDED, HANDOFF_OPENED, HANDOFF_RECYCLED
from leads.lifecycle import Move, shift
from leads.models import Handoff
from leads.objections import not_to_be_called
from leads.sql import CHECK_NOW, as_json, run
from leads.standing import Standings
from leads.thresholds import InForce, ScoreChange, Thresholds, in_force

MANY = 100  # leads at once: then what needs no rotation is written before it is locked, so that others wait less
CLOSED_AS = {
    Outcome.ACCEPTED: HANDOFF_ACCEPTED,
    Outcome.RECYCLED: HANDOFF_RECYCLED,
    Outcome.DISCARDED: HANDOFF_DISCARDED,
}


@dataclass(frozen=True, slots=True)
class Crossing:
    """A lead that has just become an MQL or PQL."""

    lead_id: int
    kind: HandoffKind
    model_version: int


def follow_scores(changes: Sequence[ScoreChange], *, thresholds: Thresholds, at: datetime, rows: Standings) -> None:
    """Moves stages with the scores, up and down, and opens a hand-off for each upward crossing of the MQL line.

    From an open hand-off on, the score no longer moves the stage; the lead is only marked as cooling.
    """
    crossings = []
    for change in changes:
        row = rows[change.lead_id]
        if row.stage not in SCORED_STAGES:
            rows.set_stage(row.lead_id, Stage(row.stage), cooling=cools(Stage(row.stage), change.after, thresholds))
        elif change.product_qualified:
            crossings.append(Crossing(row.lead_id, HandoffKind.PQL, change.model_version))
        elif change.before < thresholds.mql <= change.after:
            crossings.append(Crossing(row.lead_id, HandoffKind.MQL, change.model_version))
        else:
            rows.set_stage(row.lead_id, thresholds.stage(change.after))
    if crossings and len(changes) > MANY:
        rows.flush(but={crossing.lead_id for crossing in crossings})
        run(CHECK_NOW)
    open_handoffs(crossings, at=at, rows=rows)


def open_handoffs(crossings: Sequence[Crossing], *, at: datetime, rows: Standings) -> list[Handoff]:
    """Opens them: a rep chosen, stage mql or pql, status back to `new` where the chain says so, everybody told.

    The rep comes first, so that hand-off and clocks are written once, with their owner.
    """
    handoffs = [handoff_of(crossing, at=at, rows=rows) for crossing in _callable(crossings, rows=rows)]
    if not handoffs:
        return []
    dealt = seat(handoffs, at=at, rows=rows)
    _store(handoffs)
    for handoff in handoffs:
        rows.set_handoff(handoff.lead_id, handoff)
        rows.set_stage(handoff.lead_id, Stage(handoff.kind))
        rows.set_wake(handoff.lead_id, on=None)
        rows.set_next_step(handoff.lead_id, at=None)
    back = [h.lead_id for h in handoffs if rows[h.lead_id].status in {Status.UNREACHABLE, Status.POTENTIAL}]
    shift([Move(i, Status.NEW, extra={"why": "handoff"}) for i in back], by=None, at=at, rows=rows)
    failpoints.reach("handoff_opened")
    given = seated(handoffs, dealt, at=at, rows=rows, why="rotation")
    record([*map(_opened, handoffs), *given], at=at, rows=rows)
    return handoffs


def _callable(crossings: Sequence[Crossing], *, rows: Standings) -> list[Crossing]:
    """Without those whom nobody may call: they stay with Marketing, however high their score."""
    silent = not_to_be_called(crossing.lead_id for crossing in crossings) if crossings else set()
    for lead_id in silent:
        rows.set_stage(lead_id, in_force().thresholds.stage(rows[lead_id].score))
    return [crossing for crossing in crossings if crossing.lead_id not in silent]


def _store(handoffs: Sequence[Handoff]) -> None:
    """Writes new hand-offs in one statement; each has its number from then on."""
    rows = [{name: value for name in sql.COLUMNS if (value := getattr(h, name)) is not None} for h in handoffs]
    numbers: dict[int, int] = dict(run(sql.OPEN_HANDOFFS, as_json(rows)))
    for handoff in handoffs:
        handoff.pk = numbers[handoff.lead_id]


def reopen(lead_ids: Sequence[int], *, by: User | None, at: datetime, rows: Standings, reason: str = "") -> None:
    """Brings leads back from `wrong_target` or `unreachable` to `new`, because they enquired or a manager says so.

    A discarded lead starts a new cycle: if its score is over the line, Sales gets it again.
    """
    now = in_force()
    leads = [rows[i] for i in lead_ids if rows[i].status in {Status.WRONG_TARGET, Status.UNREACHABLE}]
    discarded = [row.lead_id for row in leads if row.status == Status.WRONG_TARGET]
    for lead_id in discarded:
        rows.set_stage(lead_id, now.thresholds.stage(rows[lead_id].score))
    shift(
        [Move(r.lead_id, Status.NEW, reason=reason, extra={"why": "enquiry"}) for r in leads],
        by=by,
        at=at,
        rows=rows,
    )
    over = [Crossing(i, HandoffKind.MQL, now.version) for i in discarded if _over_the_line(rows, i, now)]
    open_handoffs(over, at=at, rows=rows)


def close(
    handoff: Handoff,
    outcome: Outcome,
    *,
    by: User | None,
    at: datetime,
    rows: Standings,
    reason: str = "",
    note: str = "",
) -> None:
    """Writes the decision on an open hand-off and tells everybody. Stage and owner follow from the outcome.

    Accepted: sql. Recycled: back below the line, without owner. Discarded: disqualified (the status moves with it).
    """
    close_all([handoff], outcome, by=by, at=at, rows=rows, reason=reason, note=note)


def close_all(
    handoffs: Sequence[Handoff],
    outcome: Outcome,
    *,
    by: User | None,
    at: datetime,
    rows: Standings,
    reason: str = "",
    note: str = "",
) -> None:
    """The same decision on many open hand-offs, in one statement each for the decision and the facts."""
    decision = {"outcome": outcome, "decided_at": at, "decided_by": by, "reason": reason, "note": note}
    Handoff.objects.filter(pk__in=[handoff.pk for handoff in handoffs]).update(**decision)
    for handoff in handoffs:
        for name, value in decision.items():
            setattr(handoff, name, value)
        rows.set_handoff(handoff.lead_id, handoff)
        rows.set_next_step(handoff.lead_id, at=None)
    facts = [_closed(handoff, outcome, by=by, at=at, rows=rows) for handoff in handoffs]
    record(facts, at=at, rows=rows)


def handoff_of(crossing: Crossing, *, at: datetime, rows: Standings) -> Handoff:
    """The lead as it stands, offered at `at`; not yet stored."""
    row = rows[crossing.lead_id]
    return Handoff(
        lead_id=row.lead_id,
        cycle=row.cycle + 1,
        kind=crossing.kind,
        score=row.score,
        model_version=crossing.model_version,
        source=row.source,
        campaign=row.campaign,
        offered_at=at,
    )


def _closed(handoff: Handoff, outcome: Outcome, *, by: User | None, at: datetime, rows: Standings) -> Fact:
    """The fact of a decision; stage and owner follow from it."""
    lead_id, limit = handoff.lead_id, in_force().thresholds
    properties: dict[str, object] = {"handoff": handoff.pk, "reason": handoff.reason, "note": handoff.note}
    if outcome == Outcome.ACCEPTED:
        rows.set_stage(lead_id, Stage.SQL)
    elif outcome == Outcome.RECYCLED:
        properties["score_to"] = limit.lead
        rows.set_owner(lead_id, owner_id=None, team_id=None)
        rows.set_stage(lead_id, limit.stage(min(rows[lead_id].score, limit.lead)))
    else:
        rows.set_stage(lead_id, Stage.DISQUALIFIED)
    return Fact(lead_id, CLOSED_AS[outcome], at, by.pk if by else None, properties=properties)


def as_reason(text: str) -> tuple[str, str]:
    """A typed reason as (coded reason, note): a code stays a code, anything else is `other` with the text."""
    return (text, "") if text in Reason.values else (Reason.OTHER, text)


def cools(stage: Stage, score: int, thresholds: Thresholds) -> bool:
    return stage in {Stage.MQL, Stage.PQL, Stage.SQL} and score < thresholds.mql


def _over_the_line(rows: Standings, lead_id: int, now: InForce) -> bool:
    return rows[lead_id].score >= now.thresholds.mql


def _opened(handoff: Handoff) -> Fact:
    properties = {"handoff": handoff.pk, "kind": handoff.kind, "cycle": handoff.cycle, "score": handoff.score}
    return Fact(handoff.lead_id, HANDOFF_OPENED, handoff.offered_at, properties=properties)
