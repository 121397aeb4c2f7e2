"""Which rules give points for which events of many leads: the part of the engine that asks for no score.

Only rules that always add points when they fire can be told so; leads with an event of another rule's kind are odd.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from scoring.columns import MICROSECOND, Columns, Flags, Numbers
from scoring.engine import OFFSET
from scoring.spec import ModelSpec, RuleSpec

MICROSECONDS_A_DAY = 86_400_000_000
LOCAL = OFFSET // MICROSECOND


@dataclass
class Fired:
    """Which rule gave points at which row. `points` by row, engagement and fit; `qualifies`: the row makes a PQL."""

    rows: Numbers
    rules: Numbers
    engagement: Numbers
    fit: Numbers
    qualifies: Flags
    odd: set[int]


def can_tell(model: ModelSpec) -> bool:
    """Whether the model is one of those told side by side; the others are told lead by lead."""
    return not model.expiry and all(map(_always_adds, model.profile))


def fire(found: Columns, model: ModelSpec) -> Fired:
    """What the rules of the model give."""
    odd = set(found.odd)
    given: list[tuple[RuleSpec, Numbers]] = []
    for kind, rules in model.behaviour_by_kind.items():
        rows = found.of_kind(kind)
        if all(map(_always_adds, rules)):
            given += [(rule, _limited(found, rule, _matching(found, rule, rows))) for rule in rules if rule.points]
        else:
            odd |= set(found.lead[rows].tolist())
    given += _profile(found, model.profile, odd)
    return Fired(
        rows=_joined([rows for _rule, rows in given]),
        rules=_joined([np.full(len(rows), rule.id) for rule, rows in given]),
        engagement=_points(found, [one for one in given if one[0].category != "fit"]),
        fit=_points(found, [one for one in given if one[0].category == "fit"]),
        qualifies=_qualifies(found, model),
        odd=odd,
    )


def _always_adds(rule: RuleSpec) -> bool:
    return rule.adds and rule.points >= 0


def _joined(parts: Sequence[Numbers]) -> Numbers:
    return np.concatenate([np.empty(0, np.int64), *parts])


def _points(found: Columns, given: Sequence[tuple[RuleSpec, Numbers]]) -> Numbers:
    points = np.zeros(len(found.lead), np.int64)
    for rule, rows in given:
        np.add.at(points, rows, rule.points)
    return points


def _matching(found: Columns, rule: RuleSpec, rows: Numbers) -> Numbers:
    if not rule.conditions:
        return rows
    return np.array([row for row in rows.tolist() if rule.matches(found.told.get(row, {}))], np.int64)


def _limited(found: Columns, rule: RuleSpec, rows: Numbers) -> Numbers:
    """The rows at which the rule has not given yet all it gives."""
    limits = [rule.repeat != "every", rule.cap_per_day is not None, rule.cap_per_lead is not None]
    if not any(limits):
        return rows
    if sum(limits) > 1 or rule.repeat == "property":
        return np.array(list(_one_by_one(found, rule, rows)), np.int64)
    if rule.repeat == "once":
        return rows[_nth(found.lead[rows]) < 1]
    if rule.cap_per_lead is not None:
        return rows[_nth(found.lead[rows]) < rule.cap_per_lead]
    return rows[_nth(found.lead[rows], _days(found, rows)) < (rule.cap_per_day or 0)]


def _days(found: Columns, rows: Numbers) -> Numbers:
    days: Numbers = (found.at[rows] + LOCAL) // MICROSECONDS_A_DAY
    return days


def _nth(*keys: Numbers) -> Numbers:
    """For each row how many rows before it have the same keys; the rows of one key stand together."""
    places = np.arange(len(keys[0]))
    begins = np.ones(len(places), bool)
    begins[1:] = np.logical_or.reduce([key[1:] != key[:-1] for key in keys])
    nth: Numbers = places - np.maximum.accumulate(np.where(begins, places, 0))
    return nth


def _one_by_one(found: Columns, rule: RuleSpec, rows: Numbers) -> Iterator[int]:
    used: set[tuple[int, str]] = set()
    times: dict[tuple[int, ...], int] = {}
    for row, lead, day in zip(rows.tolist(), found.lead[rows].tolist(), _days(found, rows).tolist(), strict=True):
        key = rule.key(found.told.get(row, {}))
        ever, today = times.get((lead,), 0), times.get((lead, day), 0)
        if (
            (key and (lead, key) in used)
            or (rule.cap_per_lead is not None and ever >= rule.cap_per_lead)
            or (rule.cap_per_day is not None and today >= rule.cap_per_day)
        ):
            continue
        used.add((lead, key))
        times[lead,], times[lead, day] = ever + 1, today + 1
        yield row


def _profile(found: Columns, rules: Sequence[RuleSpec], odd: set[int]) -> list[tuple[RuleSpec, Numbers]]:
    """Each rule where it has become true of a lead; a lead of which it is no longer true is odd."""
    said: dict[int, dict[str, object]] = {}
    held: set[tuple[int, int]] = set()
    given: dict[int, list[int]] = {rule.id: [] for rule in rules}
    for row in sorted(found.profiles):
        lead = int(found.lead[row])
        profile = said.setdefault(lead, {})
        profile.update(found.profiles[row])
        for rule in rules:
            holds, held_before = rule.matches(profile), (lead, rule.id) in held
            if holds and not held_before and rule.points:
                held.add((lead, rule.id))
                given[rule.id].append(row)
            elif held_before and not holds:
                odd.add(lead)
    return [(rule, np.array(given[rule.id], np.int64)) for rule in rules]


def _qualifies(found: Columns, model: ModelSpec) -> Flags:
    marks = np.zeros(len(found.lead), bool)
    for kind, rules in model.qualifying.items():
        for rule in rules:
            marks[_matching(found, rule, found.of_kind(kind))] = True
    return marks & found.action
