"""Conditions as people type them and as they are stored: `[{"field", "op", "value"}]`."""

import math
from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from core.errors import Invalid
from core.text import clean
from core.typed import ungrouped
from scoring.conditions import OPERATORS
from scoring.titles import RANKS

MOST = 8  # conditions of one rule
MOST_VALUES = 60
LONGEST = 200


def checked_conditions(given: Any) -> list[dict[str, Any]]:
    """The conditions, cleaned. Raises Invalid (field `conditions`) for one that can't be."""
    if not isinstance(given, list) or len(given) > MOST:
        raise _wrong(_("Give at most %(most)s conditions.") % {"most": MOST})
    return [_checked(one) for one in given]


def as_value(op: str, text: str) -> Any:
    """What a typed value means for that comparison: a number, one text, or several between commas."""
    if op == "given":
        return True
    if op in {"greater", "less"}:
        number = _number(text)
        return text if number is None else number
    parts = [part for part in (clean(part, LONGEST) for part in text.split(",")) if part]
    if op in {"one_of", "contains", "not_contains", "starts_with"}:
        return parts
    return clean(text, LONGEST)


def as_text(value: Any) -> str:
    """The value as the form shows it: `as_value` makes the same of it again."""
    if value is True:
        return ""
    if isinstance(value, list):
        return ", ".join(map(str, value))
    text = str(value)
    return f"{text}0" if isinstance(value, float) and ungrouped(text) != text else text  # 1.250 would be read as 1250


def _checked(one: Any) -> dict[str, Any]:
    if not isinstance(one, Mapping) or {"field", "op"} - set(one):
        raise _wrong(_("A condition has field, op and value."))
    field, op, value = clean(one["field"], 120), one["op"], one.get("value", True)
    if not field:
        raise _wrong(_("Say what the condition looks at."))
    if op not in OPERATORS:
        raise _wrong(_("Choose from: %(choices)s.") % {"choices": ", ".join(OPERATORS)})
    return {"field": field, "op": op, "value": _checked_value(op, value)}


def _checked_value(op: str, value: Any) -> Any:
    if op == "given":
        return True
    if op in {"greater", "less"}:
        if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
            raise _wrong(_("“More than” and “less than” need a number."))
        return value
    if op == "level" and value not in RANKS:
        raise _wrong(_("Choose from: %(choices)s.") % {"choices": ", ".join(RANKS)})
    values = value if isinstance(value, list) else [value]
    if not values or len(values) > MOST_VALUES or not all(_usable(one) for one in values):
        raise _wrong(_("Type at least one value to compare with."))
    plain = [clean(one, LONGEST) if isinstance(one, str) else one for one in values]
    return plain if isinstance(value, list) else plain[0]


def _usable(value: Any) -> bool:
    if isinstance(value, str):
        return clean(value, LONGEST) != ""
    return isinstance(value, bool | int) or (isinstance(value, float) and math.isfinite(value))


def _number(text: str) -> int | float | None:
    try:
        number = float(ungrouped(text).replace(",", "."))
    except ValueError:
        return None
    return int(number) if number.is_integer() else number


def _wrong(message: str) -> Invalid:
    return Invalid(message, code="invalid", field="conditions")
