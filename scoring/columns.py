"""Histories of a span of leads as columns of numbers, one row an event: what a trial of a million leads can afford."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np
import numpy.typing as npt

from leads.kinds import (
    HANDOFF_RECYCLED,
    LEAD_ACTIONS,
    LEAD_CREATED,
    LEAD_MERGED,
    LEAD_UPDATED,
    STATUS_MOVED,
    is_action,
)
from scoring import sql
from scoring.history import SILENT, copied, lines_of, looks_inside, told_in
from scoring.kinds import SCORE_ADJUSTED
from scoring.replay import PAUSES, pauses_of
from scoring.spec import ModelSpec

Numbers = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]

EPOCH = datetime(2000, 1, 1, tzinfo=UTC)  # of PostgreSQL's timestamps
MICROSECOND = timedelta(microseconds=1)
NOTHING = -1  # where there is no number
TELLING = frozenset({LEAD_CREATED, LEAD_UPDATED, STATUS_MOVED, HANDOFF_RECYCLED})
BY_HAND = frozenset({LEAD_MERGED, SCORE_ADJUSTED})  # seldom: such leads are told one by one
# A row of COPY's binary format: a count of columns, then each with its length before it.
ROW = np.dtype([
    ("columns", ">i2"), ("_lead", ">i4"), ("lead", ">i8"), ("_event", ">i4"), ("event", ">i8"),
    ("_at", ">i4"), ("at", ">i8"), ("_kind", ">i4"), ("kind", ">i4"),
])  # fmt: skip
HEAD, TAIL = 19, 2


@dataclass
class Columns:
    """Events in the order of lead and time. `at` in microseconds since EPOCH; `kind` is a place in `kinds`, or none.

    `pauses` 1: Sales has the lead, 0: gave it back; `score_to`: brought down to; both NOTHING where it says nothing.
    `real`: concerns the score at all. `odd`: leads that the numbers do not tell all about.
    """

    kinds: list[str]
    lead: Numbers
    at: Numbers
    kind: Numbers
    action: Flags
    pauses: Numbers
    score_to: Numbers
    real: Flags
    told: dict[int, Mapping[str, Any]] = field(default_factory=dict)
    profiles: dict[int, Mapping[str, Any]] = field(default_factory=dict)
    odd: set[int] = field(default_factory=set)

    def of_kind(self, kind: str) -> Numbers:
        """The rows of these events, in their order."""
        return np.flatnonzero(self.kind == self.kinds.index(kind))


def read_columns(first: int, last: int, *, models: Collection[ModelSpec], until: datetime) -> Columns:
    """The events up to `until` of the leads from `first` to `last`."""
    rules = [rule for model in models for rule in model.rules if rule.event_kind]
    told = sorted(TELLING | {rule.event_kind for rule in rules if looks_inside(rule)})
    kinds = sorted({*told, *BY_HAND, *PAUSES, *LEAD_ACTIONS, *(rule.event_kind for rule in rules)})
    given = {"first": first, "last": last, "until": until, "silent": SILENT, "kinds": kinds, "told": told}
    rows = np.frombuffer(copied(sql.COLUMNS_OF_SPAN, given, form="(FORMAT binary)")[HEAD:-TAIL], ROW)
    found = _columns(kinds, rows)
    found.odd |= _leads(found, np.isin(found.kind, [kinds.index(kind) for kind in BY_HAND]))
    _read_told(found, rows["event"].astype(np.int64), copied(sql.TOLD_OF_SPAN, given), told)
    return found


def _columns(kinds: list[str], rows: Any) -> Columns:
    kind = rows["kind"].astype(np.int64)
    acts = np.array([*map(is_action, kinds), True])  # NOTHING is the last
    pauses = np.array([int(PAUSES.get(name, NOTHING)) for name in kinds] + [NOTHING])[kind]
    return Columns(
        kinds=kinds,
        lead=rows["lead"].astype(np.int64),
        at=rows["at"].astype(np.int64),
        kind=kind,
        action=acts[kind],
        pauses=pauses,
        score_to=np.full(len(rows), NOTHING),
        real=acts[kind] | (pauses != NOTHING),
    )


def _leads(found: Columns, rows: Any) -> set[int]:
    return set(found.lead[rows].tolist())


def _read_told(found: Columns, events: Numbers, lines: bytes, told: list[str]) -> None:
    """What is said inside the events. An event that came between the two readings makes its lead odd."""
    places = {int(events[row]): int(row) for row in np.flatnonzero(np.isin(found.kind, _codes(found, told)))}
    for line in lines_of(lines):
        lead, event, said = line.split("\t", 2)
        row = places.pop(int(event), None)
        if row is None:
            found.odd.add(int(lead))
        else:
            _tell(found, row, told_in(said))
    found.odd |= _leads(found, list(places.values()))


def _codes(found: Columns, kinds: list[str]) -> list[int]:
    return [found.kinds.index(kind) for kind in kinds]


def _tell(found: Columns, row: int, properties: Mapping[str, Any]) -> None:
    kind = found.kinds[found.kind[row]]
    found.told[row] = properties
    if kind in {LEAD_CREATED, LEAD_UPDATED}:
        profile = properties.get("profile", {})
        if profile is not None:
            found.profiles[row], found.real[row] = profile, True
    elif kind == STATUS_MOVED:
        pauses = pauses_of(kind, properties)
        if pauses is not None:
            found.pauses[row], found.real[row] = pauses, True
    elif kind == HANDOFF_RECYCLED and (score_to := properties.get("score_to")) is not None:
        found.score_to[row] = score_to
