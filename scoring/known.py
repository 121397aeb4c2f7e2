"""What is known of leads when new facts about them come in: the engine's state, without replaying their history."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from core.statements import array
from leads import sql as leads_sql
from leads.arrival import profile_of
from leads.models import Lead, Standing
from leads.standing import Standings
from scoring import sql
from scoring.engine import Fact, State, note_award
from scoring.spec import ModelSpec, RuleSpec

A_DAY_BEFORE = timedelta(days=2)  # earlier than the day of a moment begins, in any zone
ALWAYS = datetime(1900, 1, 1, tzinfo=UTC)


@dataclass(slots=True)
class Known:
    """`reach` is how far ledger and log of the lead reach: a fact before that can't simply be added."""

    state: State
    reach: datetime | None = None


def recall(facts: Mapping[int, Sequence[Fact]], *, rows: Standings, model: ModelSpec) -> dict[int, Known]:
    """The states of these leads just before their facts (in the order of time), in at most three queries.

    Of what rules gave, a state knows as much as can make a difference to these facts. Nothing is asked about leads
    that come to life with them.
    """
    old = [i for i in facts if not (rows.is_new(i) and rows[i].last_activity_at is None)]
    known = {i: Known(State()) for i in facts} | {i: Known(_state(rows[i], model)) for i in old}
    profiled = [i for i in old if any(fact.profile is not None for fact in facts[i])]
    if old:
        asked = _Asked()
        for lead_id in old:
            asked.add(lead_id, facts[lead_id], model)
        asked.profiled = profiled
        _add_history(known, asked)
        if model.expiry:
            _add_lapses(known, old)
    _add_profiles(known, profiled)
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


@dataclass(slots=True)
class _Asked:
    """What new facts give cause to ask: whether a value is used up, how often a rule has given."""

    firsts: dict[int, int] = field(default_factory=dict)  # of each lead, the first of the new events
    keys: set[tuple[int, int, str]] = field(default_factory=set)  # lead, rule, value
    capped: dict[tuple[int, int], datetime] = field(default_factory=dict)  # lead, rule: counted since
    profiled: Sequence[int] = ()

    def add(self, lead_id: int, facts: Sequence[Fact], model: ModelSpec) -> None:
        self.firsts[lead_id] = min(fact.event_id for fact in facts)
        for fact in facts:
            for rule in model.behaviour_by_kind.get(fact.kind, ()) if fact.action else ():
                if rule.is_limited:
                    self._limit(lead_id, fact, rule)

    def _limit(self, lead_id: int, fact: Fact, rule: RuleSpec) -> None:
        if rule.repeat != "every":
            self.keys.add((lead_id, rule.id, rule.key(fact.properties)))
        if rule.cap_per_lead is not None:
            self.capped[lead_id, rule.id] = ALWAYS
        elif rule.cap_per_day is not None:  # facts come in the order of time: the first one's day is the earliest
            self.capped.setdefault((lead_id, rule.id), fact.at - A_DAY_BEFORE)

    def statement(self) -> tuple[str, dict[str, str]]:
        """One for all of it, without the parts that nothing is asked of."""
        parts = [sql.REACH]
        given: dict[str, Sequence[Any]] = {"leads": list(self.firsts), "firsts": list(self.firsts.values())}
        if self.keys:
            parts.append(sql.USED_UP)
            given |= dict(zip(("key_leads", "key_rules", "keys"), zip(*self.keys, strict=True), strict=True))
        if self.capped:
            parts.append(sql.GIVEN)
            leads, rules = zip(*self.capped, strict=True)
            given |= {"capped_leads": leads, "capped_rules": rules, "since": list(self.capped.values())}
        if self.profiled:
            parts.append(sql.PROFILE_POINTS)
            given["profiled"] = self.profiled
        return " UNION ALL ".join(parts) + " ORDER BY 7, 8", {name: array(values) for name, values in given.items()}


def _add_history(known: Mapping[int, Known], asked: _Asked) -> None:
    for lead_id, what, rule_id, key, day, number, moment, _event in leads_sql.run_named(*asked.statement()):
        one = known[lead_id]
        if what == "reach":
            one.reach = moment
        elif what == "profile":
            _toggle(one.state.profile_points, rule_id, number)
        elif what == "used":
            one.state.once.add((rule_id, key))
        else:
            note_award(one.state, rule_id, "", day, number)


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
