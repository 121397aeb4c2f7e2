"""Conditions on what an event or a profile says. Pure; text is compared without accents and case."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from core.text import fold

OPERATORS = ("equals", "one_of", "contains", "not_contains", "greater", "less")


@dataclass(frozen=True, slots=True)
class Condition:
    """`field op value`. contains: any of the values as whole words; greater and less: numbers only."""

    field: str
    op: str
    value: Any

    def holds(self, properties: Mapping[str, Any]) -> bool:
        given = properties.get(self.field)
        if self.op in {"greater", "less"}:
            return _compares(given, self.value, self.op)
        if self.op == "equals":
            return _same(given, self.value)
        values = self.value if isinstance(self.value, list | tuple) else (self.value,)
        if self.op == "one_of":
            return any(_same(given, value) for value in values)
        found = any(_has_words(given, value) for value in values)
        return found if self.op == "contains" else not found


def _same(given: Any, wanted: Any) -> bool:
    if isinstance(given, str) and isinstance(wanted, str):
        return fold(given) == fold(wanted)
    return bool(given == wanted) and isinstance(given, bool) == isinstance(wanted, bool)


def _compares(given: Any, limit: Any, op: str) -> bool:
    if isinstance(given, bool) or not isinstance(given, int | float) or not isinstance(limit, int | float):
        return False
    return given > limit if op == "greater" else given < limit


def _has_words(given: Any, wanted: Any) -> bool:
    words = _words(str(wanted))
    return isinstance(given, str) and words is not None and words.search(_folded(given)) is not None


@lru_cache(maxsize=4096)
def _words(wanted: str) -> re.Pattern[str] | None:
    """What finds these whole words in folded text; None when there are none."""
    folded = fold(wanted)
    return re.compile(rf"(?<!\w){re.escape(folded)}(?!\w)") if folded else None


_folded = lru_cache(maxsize=4096)(fold)  # one text is held against many words, and titles repeat
