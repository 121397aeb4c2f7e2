"""Figures of a scope: from the roll-ups where they hold, from the rows where they do not."""

from collections.abc import Iterable
from datetime import date
from operator import add
from typing import Any

from reports import sql
from reports.counting import BEFORE, MEDIAN, NOW, P90, Reading, Values
from reports.cover import Days, Held
from reports.fresh import fresh
from reports.kept import shape
from reports.periods import Group, today
from reports.questions import Ask, Question, is_kept, pieces
from reports.scope import Scope
from reports.steps import SHARES, percentiles
from reports.stored import merge, stored


def totals(scope: Scope, readings: Iterable[Reading]) -> tuple[Values, Values]:
    """All measures of the readings for the period and for the one before."""
    asked = [Ask(reading) for reading in readings]
    ahead(scope, asked)
    found: dict[str, dict[str, Any]] = {NOW: {}, BEFORE: {}}
    for ask in asked:
        for side, values in found.items():
            values.update(_figures(scope, ask, side)[""])
    return found[NOW], found[BEFORE]


def of_period(scope: Scope, readings: Iterable[Reading]) -> Values:
    """The same for the period alone; what has been read for both is not read again."""
    return totals(scope, readings)[0]


def grouped(scope: Scope, reading: Reading, keys: Iterable[str], *, by: str | Group) -> dict[Any, Values]:
    """The named measures of the period for each value of a dimension or bucket of time (its first day)."""
    ask = Ask(reading, by, tuple(keys))
    ahead(scope, [ask])
    return _figures(scope, ask, NOW)


def ahead(scope: Scope, asked: Iterable[Ask]) -> None:
    """Reads what will be asked for, all of it together, whoever needs it: five statements, two while nothing moves.

    Asked for afterwards it costs nothing. Of today's rows and of marked days nothing is remembered beyond the scope.
    """
    wanted = {question: None for ask in asked for question in ask.questions() if question not in scope.memo}
    if not wanted:
        return
    covered = pieces(scope, wanted, lambda question: _held(scope, question))
    old, new = stored(scope, covered, scope.memo.get("versions", {})), fresh(scope, covered)
    for question in wanted:
        before, since = old.get(question, {}), new.get(question, {})
        one = _spread if question.time else _summed
        scope.memo[question] = {side: one(before.get(side, {}), since.get(side, {})) for side in question.sides}


def _summed(old: dict[Any, list[int]], new: dict[Any, list[int]]) -> dict[Any, list[int]]:
    both = {key: list(map(add, old[key], new[key])) for key in old.keys() & new.keys()}
    return {**old, **new, **both}


def _spread(old: dict[Any, Any], new: dict[Any, dict[int, int]]) -> dict[Any, list[float]]:
    """Median and slowest tenth of each group."""
    found = {key: spread[2] for key, spread in old.items() if key not in new}
    for key, since in new.items():
        whole = dict(since)
        if key in old:
            merge(whole, zip(old[key][0], old[key][1], strict=True))
        found[key] = percentiles(whole, *SHARES)
    return found


def _figures(scope: Scope, ask: Ask, side: str) -> dict[Any, Values]:
    """Group, measure, figure."""
    names = [measure.key for measure in ask.reading.measures]
    counts = _answer(scope, Question(ask.reading, ask.by), side) if ask.measures else {}
    spreads = {time.key: _answer(scope, Question(ask.reading, ask.by, time.key), side) for time in ask.times}
    groups = {*counts, *(group for spread in spreads.values() for group in spread)}
    if ask.by is None:
        groups.add("")
    found: dict[Any, dict[str, Any]] = {}
    for group in groups:
        every = dict(zip(names, counts.get(group, ()), strict=False))
        values = {key: every.get(key) or 0 for key in ask.measures}
        for key, spread in spreads.items():
            values[key + MEDIAN], values[key + P90] = spread.get(group, (None, None))
        found[group] = values
    return dict(found)


def _answer(scope: Scope, question: Question, side: str) -> dict[Any, Any]:
    answer: dict[Any, Any] = scope.memo[question].get(side, {})
    return answer


def _held(scope: Scope, question: Question) -> Held:
    """What of the roll-ups answers this question, around both spans. Weeks and days are not made of months."""
    if not is_kept(scope, question):
        return Held()
    if "held" not in scope.memo:
        _look(scope)
    held: dict[tuple[str, bool], list[Days]] = scope.memo["held"]
    part = question.reading.part
    months = [] if question.by in {Group.DAY, Group.WEEK} else held.get((part, True), [])
    return Held(held.get((part, False), []), months)


def _look(scope: Scope) -> None:
    """Which days hold right now, and under which versions."""
    first = today(scope.before.start, scope.period.zone)
    rows = sql.run(sql.ISLANDS, {"first": first, "last": scope.period.last, "shape": shape()})
    found: dict[tuple[str, bool], list[Days]] = {}
    versions: dict[str, list[tuple[date, date, int]]] = {}
    for whole, part, begin, end, version in rows:
        found.setdefault((part, whole), []).append(Days(begin, end))
        if not whole:
            versions.setdefault(part, []).append((begin, end, version))
    scope.memo.update(held=found, versions=versions)
