"""What is known of leads when new facts about them come in: the engine's state, without replaying their history."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from leads import sql as leads_sql
from leads.arrival import profile_of
from leads.models import Lead, Standing
from leads.standing import Standings
from scoring import sql
from scoring.engine import Fact, State, note_award
from scoring.spec import ModelSpec


@dataclass(slots=True)
class Known:
    """`reach` is how far ledger and log of the lead reach: a fact before that can't simply be added."""

    state: State
    reach: datetime | None = None


def recall(facts: Mapping[int, Sequence[Fact]], *, rows: Standings, model: ModelSpec) -> dict[int, Known]:
    """The states of these leads just before their facts (in the order of time), in at most three queries.

    Nothing is asked about leads that come to life with these facts.
    """
    old = [i for i in facts if not (rows.is_new(i) and rows[i].last_activity_at is None)]
    known = {i: Known(State()) for i in facts} | {i: Known(_state(rows[i], model)) for i in old}
    if old:
        _add_history(known, {i: min(fact.event_id for fact in facts[i]) for i in old})
        if model.expiry:
            _add_lapses(known, old)
    _add_profiles(known, [i for i in old if any(fact.profile is not None for fact in facts[i])])
    return known


def _state(row: Standing, model: ModelSpec) -> State:
    return State(
        fit=row.fit,
        engagement=row.engagement,
        last_action=row.last_activity_at,
        quiet_since=row.quiet_since,
        paused=row.quiet_since is None and row.last_activity_at is not None,
        steps_done=_steps_done(row, model),
    )


def _steps_done(row: Standing, model: ModelSpec) -> int:
    """How many steps of this quiet spell are over: those before what is due next."""
    since, due = row.quiet_since, row.next_decay_at
    if since is None:
        return 0
    return sum(1 for silence, _points in model.deductions if due is None or since + silence < due)


def _add_history(known: Mapping[int, Known], firsts: Mapping[int, int]) -> None:
    given = {"leads": list(firsts), "firsts": list(firsts.values())}
    for lead_id, kind, rule_id, key, day, times, points, latest, _event in leads_sql.run_named(sql.LIVE_STATE, given):
        one = known[lead_id]
        if kind == "award":
            note_award(one.state, rule_id, key, day, times)
        elif kind == "profile":
            _toggle(one.state.profile_points, rule_id, points)
        if latest and (one.reach is None or latest > one.reach):
            one.reach = latest


def _toggle(held: dict[int, int], rule_id: int, points: int) -> None:
    """Profile entries of one rule alternate: given, taken back, given again."""
    if rule_id in held:
        del held[rule_id]
    else:
        held[rule_id] = points


def _add_lapses(known: Mapping[int, Known], lead_ids: Sequence[int]) -> None:
    for lead_id, *lapse in leads_sql.run(sql.LAPSES, lead_ids):
        known[lead_id].state.lapses.append(_lapse(lapse))


def _lapse(row: Sequence[Any]) -> tuple[datetime, int, int, int]:
    at, event_id, rule_id, points = row
    return at, event_id, rule_id, points


def _add_profiles(known: Mapping[int, Known], lead_ids: Iterable[int]) -> None:
    """The profiles as they are now, that is after the change that is being recorded."""
    if wanted := list(lead_ids):
        for lead in Lead.objects.filter(pk__in=wanted):
            known[lead.pk].state.profile = profile_of(lead)
