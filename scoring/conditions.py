"""Conditions on what an event or a profile says. Pure; text is compared without accents and case."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any
from urllib.parse import urlsplit

from core.text import fold
from scoring.titles import is_at_least

OPERATORS = (
    "equals",
    "one_of",
    "contains",
    "not_contains",
    "starts_with",
    "greater",
    "less",
    "level",
    "given",
)
PAGE = "page"  # the path of the page viewed, under whatever name the sender gave it
PAGE_NAMES = ("path", "page", "url")


@dataclass(frozen=True, slots=True)
class Condition:
    """`field op value`. contains: any of the values as whole words; greater and less: numbers only.

    starts_with: any of the values begins it; level: a job title of that level or above; given: there is a value at
    all. The field `page` is the path of the page; of a list of values one is enough.
    """

    field: str
    op: str
    value: Any

    def holds(self, properties: Mapping[str, Any]) -> bool:
        given = _page(properties) if self.field == PAGE else properties.get(self.field)
        values = self.value if isinstance(self.value, list | tuple) else (self.value,)
        if self.op == "not_contains":
            return not _one_of_many(given, "contains", values)
        return _one_of_many(given, self.op, values)


def _one_of_many(given: Any, op: str, values: Any) -> bool:
    if isinstance(given, list | tuple):
        return any(_holds(one, op, values) for one in given)
    return _holds(given, op, values)


def _holds(given: Any, op: str, values: Any) -> bool:
    if op == "given":
        return given not in (None, "")
    if op == "contains":
        return isinstance(given, str) and _has_any(given, tuple(map(str, values)))
    compare = _COMPARISONS[op]
    return any(compare(given, value) for value in values)


def _page(properties: Mapping[str, Any]) -> str:
    found = next((v for name in PAGE_NAMES if isinstance(v := properties.get(name), str) and v), "")
    return _path(found)


@lru_cache(maxsize=4096)
def _path(address: str) -> str:
    """/bang-gia of https://a.vn/bang-gia?x=1; what is no address stays as it is."""
    try:
        return urlsplit(address).path or ("/" if "//" in address else "")
    except ValueError:
        return address


def _same(given: Any, wanted: Any) -> bool:
    if isinstance(given, str) and isinstance(wanted, str):
        return fold(given) == fold(wanted)
    return bool(given == wanted) and isinstance(given, bool) == isinstance(wanted, bool)


def _greater(given: Any, limit: Any) -> bool:
    return _is_number(given) and _is_number(limit) and bool(given > limit)


def _less(given: Any, limit: Any) -> bool:
    return _is_number(given) and _is_number(limit) and bool(given < limit)


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _begins(given: Any, wanted: Any) -> bool:
    start = fold(str(wanted))
    return isinstance(given, str) and start != "" and _folded(given).startswith(start)


def _level(given: Any, wanted: Any) -> bool:
    return isinstance(given, str) and is_at_least(given, str(wanted))


@lru_cache(maxsize=8192)
def _has_any(given: str, wanted: tuple[str, ...]) -> bool:
    """Whether any of these stands in the text as whole words. Titles repeat, so most answers are known."""
    words = _any_of(wanted)
    return words is not None and words.search(fold(given)) is not None


@lru_cache(maxsize=1024)
def _any_of(wanted: tuple[str, ...]) -> re.Pattern[str] | None:
    """What finds any of these whole words in folded text; None when there are none."""
    folded = [re.escape(text) for text in map(fold, wanted) if text]
    return re.compile(rf"(?<!\w)(?:{'|'.join(folded)})(?!\w)") if folded else None


_folded = lru_cache(maxsize=4096)(fold)
_COMPARISONS = {
    "equals": _same,
    "one_of": _same,
    "starts_with": _begins,
    "greater": _greater,
    "less": _less,
    "level": _level,
}
