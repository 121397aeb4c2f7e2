"""What would become of a file's lines: counted for all, shown for the first."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from leads.enums import ImportKind, RowFate
from leads.importing.chunks import Line, Numbered, Source, understand
from leads.importing.history import doubts, latest_of
from leads.importing.lines import read_cost
from leads.importing.met import Met
from leads.matching import match

SHOWN = 12
TROUBLES_SHOWN = 30
OF_A_KIND = 3
QUOTED = re.compile("“.*?”")


@dataclass
class Tally:
    """Totals so far, the first lines, and some lines of each kind of trouble, ready to be stored as JSON.

    `kinds` says how many lines there are of each kind.
    """

    seen: int = 0
    created: int = 0
    matched: int = 0
    rejected: int = 0
    warned: int = 0
    first: list[dict[str, Any]] = field(default_factory=list)
    troubles: list[dict[str, Any]] = field(default_factory=list)
    kinds: dict[str, int] = field(default_factory=dict)
    _met: Met = field(default_factory=Met)

    @classmethod
    def of(cls, stored: Mapping[str, Any] | None) -> "Tally":
        return cls(**stored) if stored else cls()

    def as_json(self) -> dict[str, Any]:
        return {name: value for name, value in vars(self).items() if name != "_met"}

    def add(self, lines: Sequence[Numbered], source: Source, *, at: datetime) -> None:
        """Counts these lines. Somebody an earlier line of the file names counts as known."""
        if source.kind == ImportKind.SPEND:
            self._add_costs(lines, source)
            return
        read = understand(lines, source, at=at)
        good = [line for line in read if line.stored]
        known = dict(zip(map(id, good), match([line.stored.enquiry for line in good if line.stored]), strict=True))
        if source.kind == ImportKind.HISTORY:
            _foresee(good, known, source)
        for line, (_number, cells) in zip(read, lines, strict=True):
            line.fate = self._fate(line, bool(known.get(id(line))))
            self._count(line.number, cells, line.fate, [trouble.as_dict() for trouble in line.reading.troubles])

    def _fate(self, line: Line, known: bool) -> RowFate:
        if line.stored is None:
            return RowFate.REJECTED
        enquiry = line.stored.enquiry
        met = self._met.meet(key for key in (enquiry.phone, enquiry.email, _own_id(enquiry)) if key)
        return RowFate.MATCHED if known or met else RowFate.CREATED

    def _add_costs(self, lines: Sequence[Numbered], source: Source) -> None:
        for number, cells in lines:
            cost, troubles = read_cost(cells, source.plan)
            fate = RowFate.CREATED if cost else RowFate.REJECTED
            self._count(number, cells, fate, [trouble.as_dict() for trouble in troubles])

    def _count(self, number: int, cells: list[str], fate: RowFate, troubles: list[dict[str, Any]]) -> None:
        self.seen += 1
        setattr(self, fate.value, getattr(self, fate.value) + 1)
        self.warned += bool(troubles) and fate != RowFate.REJECTED
        line = {"number": number, "cells": cells, "fate": fate.value, "troubles": troubles}
        if len(self.first) < SHOWN:
            self.first.append(line)
        kinds = {_kind(trouble) for trouble in troubles}
        for kind in kinds:
            self.kinds[kind] = self.kinds.get(kind, 0) + 1
        if any(self.kinds[kind] <= OF_A_KIND for kind in kinds) and len(self.troubles) < TROUBLES_SHOWN:
            self.troubles.append(line)


def to_look_at(result: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The lines with troubles, those first of which there are fewest, and how many `times` there is such a line."""
    kinds = result.get("kinds", {})
    lines = [
        {**line, "times": min(kinds.get(_kind(trouble), 0) for trouble in line["troubles"])}
        for line in result["troubles"]
    ]
    return sorted(lines, key=lambda line: (line["times"], line["number"]))


def _kind(trouble: Mapping[str, Any]) -> str:
    """The same for all lines that have it, whatever words of theirs it quotes."""
    return f"{trouble['field']}: {QUOTED.sub('“”', trouble['message'])}"


def _foresee(good: Sequence[Line], known: Mapping[int, int], source: Source) -> None:
    """Says beforehand what will not fit the hand-offs these people have had."""
    latest = latest_of({lead_id for lead_id in known.values() if lead_id})
    for line in good:
        if past := line.reading.past:
            for name, message in doubts(past, latest.get(known[id(line)]), source.people):
                line.reading.warn(name, message)


def _own_id(enquiry: Any) -> tuple[str, str] | None:
    return (enquiry.sender, enquiry.external_id) if enquiry.external_id else None
