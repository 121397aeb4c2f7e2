"""What a trial of a model comes to, added up lead by lead and slice by slice. Pure; everything in it is plain JSON.

`draft` and `published` are the two models that are held against each other.
"""

import heapq
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from scoring.engine import ZONE
from scoring.trial import Handed, Played

Lists = dict[str, dict[str, list[int]]]  # which leads are behind a number, by its name and part

SIDES = ("draft", "published")
MOST_SHOWN = 100  # leads that differ, each way
MOST_PATTERNS = 20_000


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a lead in truth: when Sales accepted it, and when it signed."""

    sql_at: datetime | None = None
    won_at: datetime | None = None
    free: bool = True  # neither with Sales nor judged, so a new model might hand it over today


@dataclass
class Tally:
    """The sums. `months`: hand-offs, of these SQL and won; and won leads, of these caught by either model.

    `peaks`: highest scores, with how many leads, SQL and won. `rules`: how often each fired, for how many leads, of
    these SQL. `patterns`: which rules fired together, for how many leads, of these SQL.
    """

    leads: int = 0
    sql: int = 0
    won: int = 0
    waiting: int = 0
    months: dict[str, dict[str, list[int]]] = field(default_factory=dict)
    peaks: dict[str, dict[str, list[int]]] = field(default_factory=lambda: {side: {} for side in SIDES})
    differ: dict[str, int] = field(default_factory=lambda: dict.fromkeys(SIDES, 0))
    shown: dict[str, list[list[Any]]] = field(default_factory=lambda: {side: [] for side in SIDES})
    rules: dict[str, list[int]] = field(default_factory=dict)
    patterns: dict[str, list[int]] = field(default_factory=dict)
    lists: Lists = field(default_factory=dict)

    def add(self, lead_id: int, draft: Played, published: Played, outcome: Outcome) -> None:
        """One lead, as both models see it."""
        sql, won = outcome.sql_at is not None, outcome.won_at is not None
        self.leads += 1
        self.sql += sql
        self.won += won
        if draft.waiting and outcome.free:
            self.waiting += 1
            self._list(lead_id, {"waiting": True})
        for side, played in zip(SIDES, (draft, published), strict=True):
            _add(self.peaks[side].setdefault(str(played.peak), [0, 0, 0]), (1, sql, won))
            for handed in played.handed:
                self._hand(lead_id, side, handed, outcome)
        if outcome.won_at:
            self._win(lead_id, outcome.won_at, draft, published)
        self._compare(lead_id, draft, published, outcome)
        self._explain(lead_id, draft, sql=sql)

    def _list(self, lead_id: int, names: Mapping[str, bool], *, part: str = "") -> None:
        """Behind which of these numbers the lead stands."""
        for name, is_counted in names.items():
            if is_counted:
                self.lists.setdefault(name, {}).setdefault(part, []).append(lead_id)

    def _hand(self, lead_id: int, side: str, handed: Handed, outcome: Outcome) -> None:
        sql = outcome.sql_at is not None and outcome.sql_at >= handed.at
        won = outcome.won_at is not None and outcome.won_at >= handed.at
        month = _month(handed.at)
        _add(self._figures(month)[side], (1, sql, won))
        self._list(lead_id, {side: True, f"{side}_sql": sql, f"{side}_won": won}, part=month)

    def _win(self, lead_id: int, won_at: datetime, draft: Played, published: Played) -> None:
        caught = [any(handed.at <= won_at for handed in played.handed) for played in (draft, published)]
        month = _month(won_at)
        _add(self._figures(month)["won"], (1, *caught))
        self._list(lead_id, {"won": True, "draft_caught": caught[0], "published_caught": caught[1]}, part=month)

    def _figures(self, month: str) -> dict[str, list[int]]:
        return self.months.setdefault(month, {name: [0, 0, 0] for name in (*SIDES, "won")})

    def _compare(self, lead_id: int, draft: Played, published: Played, outcome: Outcome) -> None:
        if bool(draft.handed) == bool(published.handed):
            return
        side, played = ("draft", draft) if draft.handed else ("published", published)
        self.differ[side] += 1
        self._list(lead_id, {f"only_{side}": True})
        handed = played.handed[0]
        row = [
            handed.score, lead_id, handed.at.isoformat(), draft.peak, published.peak,
            outcome.sql_at is not None, outcome.won_at is not None,
        ]  # fmt: skip
        _keep(self.shown[side], row)

    def _explain(self, lead_id: int, draft: Played, *, sql: bool) -> None:
        for rule_id, times in draft.fired.items():
            self._list(lead_id, {"rule": True}, part=str(rule_id))
            _add(self.rules.setdefault(str(rule_id), [0, 0, 0]), (times, 1, sql))
        pattern = ",".join(map(str, sorted(draft.fired)))
        if pattern in self.patterns or len(self.patterns) < MOST_PATTERNS:
            _add(self.patterns.setdefault(pattern, [0, 0]), (1, sql))

    def as_json(self) -> dict[str, Any]:
        """The sums, without the lists."""
        return {name: value for name, value in vars(self).items() if name != "lists"}


def merge(parts: Iterable[Mapping[str, Any]]) -> Tally:
    """The sum of several tallies, as `as_json` gave them."""
    total = Tally()
    for part in parts:
        for name in ("leads", "sql", "won", "waiting"):
            setattr(total, name, getattr(total, name) + part[name])
        for month, figures in part["months"].items():
            _merge(total.months.setdefault(month, {}), figures)
        for side in SIDES:
            _merge(total.peaks[side], part["peaks"][side])
            total.differ[side] += part["differ"][side]
            for row in part["shown"][side]:
                _keep(total.shown[side], row)
        _merge(total.rules, part["rules"])
        _merge(total.patterns, part["patterns"])
    return total


def _month(at: datetime) -> str:
    return at.astimezone(ZONE).strftime("%Y-%m")


def _merge(into: dict[str, list[int]], more: Mapping[str, list[int]]) -> None:
    for key, figures in more.items():
        _add(into.setdefault(key, [0] * len(figures)), figures)


def _add(into: list[int], figures: Iterable[int]) -> None:
    for index, figure in enumerate(figures):
        into[index] += figure


def _keep(rows: list[list[Any]], row: list[Any]) -> None:
    """The highest scores, so that what is shown does not depend on the order of work."""
    if len(rows) < MOST_SHOWN:
        heapq.heappush(rows, row)
    else:
        heapq.heappushpop(rows, row)
