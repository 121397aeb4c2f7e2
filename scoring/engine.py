"""The scoring engine: one lead's history in, ledger entries out. Pure: no database, no clock.

`step` is the only way a fact changes a score, `advance` the only way time does. Live scoring, replay, and the trial of
a model all run these two, so that they can't disagree. Facts must come in the order of their time.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from functools import partial
from types import MappingProxyType
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from scoring.spec import ModelSpec, RuleSpec

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")  # a cap "per day" means the day people live in
OFFSET = timedelta(hours=7)
LAST_CHANGE = 1975  # since then its clocks have never been set


class Fact(NamedTuple):
    """What the engine needs of an event: an action of the lead, a profile change, or one of Sales' marks."""

    at: datetime
    event_id: int
    kind: str = ""
    action: bool = False
    properties: Mapping[str, Any] = MappingProxyType({})
    profile: Mapping[str, Any] | None = None
    score_to: int | None = None  # recycled: brought down to
    pauses: bool | None = None  # True: points stay as long as Sales has it, False: they go away again
    adjust: int = 0  # points a person gave or took by hand
    only_acts: bool = False  # known to be an action and nothing else, which is quicker told


class Entry(NamedTuple):
    """One ledger row to be. `delta` is the whole change, `fit_delta` the part of it that hits the fit score.

    `step` is the days of silence, `spell` since when it was silent, `expires_at` when an award lapses.
    """

    kind: str
    effective_at: datetime
    rule_id: int | None = None
    event_id: int | None = None
    delta: int = 0
    fit_delta: int = 0
    step: int | None = None
    spell: datetime | None = None
    repeat_key: str = ""
    expires_at: datetime | None = None


# Which rule gave, how many points, how many of them fit, what it used up, and when that lapses.
Given = tuple[int, int, int, str, datetime | None]


@dataclass(slots=True)
class State:
    """Where one lead's score is at one moment. `quiet_since` is None while points do not go away."""

    fit: int = 0
    engagement: int = 0
    last_action: datetime | None = None
    quiet_since: datetime | None = None
    steps_done: int = 0
    paused: bool = False
    profile: dict[str, Any] = field(default_factory=dict)
    profile_points: dict[int, int] = field(default_factory=dict)
    once: set[tuple[int, str]] = field(default_factory=set)
    times: dict[int, int] = field(default_factory=dict)
    times_a_day: dict[tuple[int, date], int] = field(default_factory=dict)
    lapses: list[tuple[datetime, int, int, int]] = field(default_factory=list)  # when, event, rule, points; in order

    @property
    def score(self) -> int:
        return self.fit + self.engagement


def step(state: State, fact: Fact, model: ModelSpec) -> list[Entry]:
    """What one fact does to the score, after what was due before it. Changes `state`."""
    return advance(state, fact.at, model) + happen(state, fact, model)


def happen(state: State, fact: Fact, model: ModelSpec) -> list[Entry]:
    """What one fact does to a score that has been advanced to its moment. Changes `state`."""
    if fact.only_acts:
        return _awards(fact, act(state, fact, model))
    entries = _pause(state, fact, model) if fact.pauses is not None else []
    if fact.action:
        _touch(state, fact.at)
    if fact.profile is not None:
        state.profile.update(fact.profile)
        entries += _profile(state, fact, model)
    if fact.action:
        entries += _awards(fact, _give_all(state, fact, model))
    if fact.score_to is not None and state.score > fact.score_to:
        taken = _take(state, state.score - fact.score_to)
        entries.append(Entry("recycle", fact.at, None, fact.event_id, *taken))
    if fact.adjust:
        entries += _adjust(state, fact)
    return entries


def act(state: State, fact: Fact, model: ModelSpec) -> list[Given]:
    """`happen` for an action that is nothing else, without making ledger rows of what it gives. Changes `state`."""
    _touch(state, fact.at)
    return _give_all(state, fact, model)


def advance(state: State, until: datetime, model: ModelSpec) -> list[Entry]:
    """What silence and lapsing take by `until` (inclusive), each at the moment it was due. Changes `state`.

    Silence comes before lapsing where both are due at once. A step that finds nothing to take leaves no entry.
    """
    if not state.lapses and (state.quiet_since is None or until - state.quiet_since < model.patience):
        return []  # nearly always, and much quicker to see
    entries = []
    while (due := next_due(state, model)) is not None and due <= until:
        if due == _next_step(state, model):
            entry = _decay(state, due, model)
            if entry.delta:
                entries.append(entry)
        else:
            entries.append(_lapse(state, due))
    return entries


def next_due(state: State, model: ModelSpec) -> datetime | None:
    """When points go away next if nothing happens, or None."""
    due = _next_step(state, model)
    if state.lapses and not state.paused and (due is None or state.lapses[0][0] < due):
        return state.lapses[0][0]
    return due


def local_day(moment: datetime) -> date:
    """The day in Vietnam; looking the zone up takes several times as long as adding its hours."""
    if moment.tzinfo is UTC and moment.year > LAST_CHANGE:
        return (moment + OFFSET).date()
    return moment.astimezone(ZONE).date()


def note_award(state: State, rule_id: int, key: str, day: date | None, times: int = 1) -> None:
    """Remembers awards for once-rules and caps; `day` is for rules with a cap per day."""
    if key:
        state.once.add((rule_id, key))
    state.times[rule_id] = state.times.get(rule_id, 0) + times
    if day is not None:
        state.times_a_day[rule_id, day] = state.times_a_day.get((rule_id, day), 0) + times


def _next_step(state: State, model: ModelSpec) -> datetime | None:
    if state.quiet_since is None or state.steps_done >= len(model.deductions):
        return None
    return state.quiet_since + model.deductions[state.steps_done][0]


def _pause(state: State, fact: Fact, model: ModelSpec) -> list[Entry]:
    """While Sales has a lead its points stay; afterwards a new spell begins, and what is too old lapses then."""
    if fact.pauses and model.pause_when_accepted:
        state.paused, state.quiet_since = True, None
    elif state.paused and not fact.pauses:
        state.paused, state.quiet_since, state.steps_done = False, fact.at, 0
        overdue = sum(1 for lapse in state.lapses if lapse[0] <= fact.at)
        return [_lapse(state, fact.at) for _n in range(overdue)]
    return []


def _profile(state: State, fact: Fact, model: ModelSpec) -> list[Entry]:
    """Awards what has become true of the person, withdraws what no longer is."""
    entries = []
    for rule in model.profile:
        held, holds = rule.id in state.profile_points, rule.matches(state.profile)
        if holds and not held:
            changed = _give(state, rule, rule.points if rule.adds else _lift(state, rule))
            if changed[0]:
                state.profile_points[rule.id] = changed[0]
                entries.append(Entry("profile", fact.at, rule.id, fact.event_id, *changed))
        elif held and not holds:
            # Also where silence has already taken the points and nothing is left to withdraw: the rule is free again.
            changed = _withdraw(state, rule, state.profile_points.pop(rule.id))
            entries.append(Entry("profile", fact.at, rule.id, fact.event_id, *changed))
    return entries


def _touch(state: State, at: datetime) -> None:
    """The lead did something: a quiet spell is over."""
    state.last_action, state.steps_done = at, 0
    state.quiet_since = None if state.paused else at


def _give_all(state: State, fact: Fact, model: ModelSpec) -> list[Given]:
    """What the rules that look at this action give."""
    at, properties, found = fact.at, fact.properties, []
    for rule in model.behaviour_by_kind.get(fact.kind, ()):
        key, day = "", None
        if rule.is_limited:
            key, day = rule.key(properties), None if rule.cap_per_day is None else local_day(at)
            if _spent(state, rule, key, day):
                continue
        if rule.conditions and not rule.matches(properties):
            continue
        delta, fit_delta = _give(state, rule, rule.points if rule.adds else _lift(state, rule))
        if not delta:
            continue
        if rule.is_limited:
            note_award(state, rule.id, key, day)
        lapses_at = _lapses_at(state, fact, rule, delta, model) if model.expiry and delta > 0 else None
        found.append((rule.id, delta, fit_delta, key, lapses_at))
    return found


def _awards(fact: Fact, gave: Iterable[Given]) -> list[Entry]:
    at, event_id = fact[:2]
    return [
        _entry(("award", at, rule_id, event_id, delta, fit, None, None, key, lapses_at))
        for rule_id, delta, fit, key, lapses_at in gave
    ]


def _lapses_at(state: State, fact: Fact, rule: RuleSpec, points: int, model: ModelSpec) -> datetime | None:
    """When this award lapses, which the state remembers."""
    lifetime = model.lifetime(rule)
    if lifetime is None:
        return None
    state.lapses.append((fact.at + lifetime, fact.event_id, rule.id, points))
    state.lapses.sort()
    return fact.at + lifetime


def _adjust(state: State, fact: Fact) -> list[Entry]:
    """By hand: engagement goes up; what is taken comes off engagement first, and never more than there is."""
    if fact.adjust < 0:
        taken = _take(state, -fact.adjust)
        return [Entry("manual", fact.at, None, fact.event_id, *taken)] if taken[0] else []
    state.engagement += fact.adjust
    return [Entry("manual", fact.at, None, fact.event_id, fact.adjust)]


def _spent(state: State, rule: RuleSpec, key: str, day: date | None) -> bool:
    """Whether the rule has given all it gives: once, per value, per day, per lead."""
    if key and (rule.id, key) in state.once:
        return True
    if rule.cap_per_lead is not None and state.times.get(rule.id, 0) >= rule.cap_per_lead:
        return True
    return day is not None and state.times_a_day.get((rule.id, day), 0) >= (rule.cap_per_day or 0)


def _lift(state: State, rule: RuleSpec) -> int:
    """What lifts the score to the rule's points."""
    return max(0, rule.points - state.score)


def _give(state: State, rule: RuleSpec, points: int) -> tuple[int, int]:
    """Adds points to the rule's half of the score; a malus takes no more than there is. Delta, and the part on fit."""
    if points < 0:
        return _take(state, -points, from_fit_first=rule.category == "fit")
    if rule.category == "fit":
        state.fit += points
        return points, points
    state.engagement += points
    return points, 0


def _withdraw(state: State, rule: RuleSpec, points: int) -> tuple[int, int]:
    """Takes back what is left of what a profile rule gave, or gives back what it took."""
    if points > 0:
        left = state.fit if rule.category == "fit" else state.engagement
        return _take(state, min(points, left), from_fit_first=rule.category == "fit")
    return _give(state, rule, -points)


def _take(state: State, points: int, *, from_fit_first: bool = False) -> tuple[int, int]:
    """Takes points from one half of the score and, when that is empty, from the other; never below 0."""
    if from_fit_first:
        fit = min(state.fit, points)
        engagement = min(state.engagement, points - fit)
    else:
        engagement = min(state.engagement, points)
        fit = min(state.fit, points - engagement)
    state.fit -= fit
    state.engagement -= engagement
    return -(fit + engagement), -fit


def _decay(state: State, due: datetime, model: ModelSpec) -> Entry:
    silence, points = model.deductions[state.steps_done]
    state.steps_done += 1
    return Entry("decay", due, None, None, *_take(state, points), silence.days, state.quiet_since)


def _lapse(state: State, at: datetime) -> Entry:
    """The oldest award goes. It leaves an entry even when silence has taken the points already: it is used up."""
    _due, event_id, rule_id, points = state.lapses.pop(0)
    return Entry("expiry", at, rule_id, event_id, *_take(state, points))


# As `Entry(...)`, in half the time: hundreds of thousands are made when everybody is re-scored.
_entry: Callable[[tuple[Any, ...]], Entry] = partial(tuple.__new__, Entry)


def fold(state: State, facts: Iterable[Fact], model: ModelSpec) -> list[Entry]:
    """Applies facts in their order to a state."""
    return [entry for fact in facts for entry in step(state, fact, model)]
