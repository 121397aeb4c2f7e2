"""Values of custom fields: read by the one function that page, import and API share. Pure.

A value is stored as JSON: text, number, "2026-11-23", one choice, a list of choices, or true/false.
"""

import math
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _

from core import figures
from core.errors import Invalid
from core.text import clean, fold
from leads.enums import FieldKind
from leads.models import CustomField

PREFIX = "custom."
LONGEST_TEXT = 500
LARGEST_NUMBER = 10**15
DECIMALS = 6
BETWEEN = "; "  # several choices as one text, on forms and in files
YES = frozenset({"true", "yes", "y", "1", "x", "co", "dung"})
NO = frozenset({"false", "no", "n", "0", "khong", "sai"})
_GROUPED = re.compile(r"\d{1,3}(\.\d{3})+(,\d+)?|\d{1,3}(,\d{3}){2,}|\d{1,3}(,\d{3})+\.\d+")
_PLAIN = re.compile(r"\d+([.,]\d+)?|[.,]\d+")
_DAY = re.compile(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})")


@dataclass(frozen=True, slots=True)
class Reading:
    """What came in under `custom`: values fit to store (unknown keys as they came), and warnings about the rest."""

    values: dict[str, Any] = field(default_factory=dict)
    warnings: list[str] = field(default_factory=list)


def read_custom(given: Mapping[str, Any], fields: Mapping[str, CustomField]) -> Reading:
    """Takes kindly what a sender sent: `custom_unknown:<key>` is kept, `custom_unusable:<key>` is left out."""
    reading = Reading()
    for key, value in given.items():
        known = fields.get(key)
        if known is None:
            reading.values[key] = value
            reading.warnings.append(f"custom_unknown:{key}")
            continue
        try:
            usable = read_value(known, value)
        except Invalid:
            reading.warnings.append(f"custom_unusable:{key}")
        else:
            reading.values.update({} if usable is None else {key: usable})
    return reading


def read_value(known: CustomField, value: Any) -> Any:
    """The value as it is stored; None clears. Raises Invalid, with field `custom.<key>`, for one that can't be."""
    if value is None or (isinstance(value, str | list) and not value):
        return None
    try:
        return READERS[FieldKind(known.kind)](known, value)
    except (TypeError, ValueError, OverflowError) as error:
        raise Invalid(_problem(known), code="invalid", field=f"{PREFIX}{known.key}") from error


def as_facts(custom: Mapping[str, Any]) -> dict[str, Any]:
    """The values as scoring conditions name them, `custom.<key>`; what is nested deeper no condition can ask for."""
    return {f"{PREFIX}{key}": value for key, value in custom.items() if not isinstance(value, Mapping)}


def as_typed(value: Any) -> str:
    """The stored value as a form field or a cell holds it: `read_value` makes the same value of it again."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return f"{Decimal(str(value)):f}".replace(".", ",")
    return BETWEEN.join(map(str, value)) if isinstance(value, list) else str(value)


def as_words(known: CustomField | None, value: Any) -> str:
    """The stored value as a person reads it; a value from before the field was defined is shown as it is."""
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    if isinstance(value, int | float):
        return figures.number(value, DECIMALS)
    if isinstance(value, list):
        return ", ".join(map(str, value)) or figures.NOTHING
    if known and known.kind == FieldKind.DATE and (day := parse_date(str(value))):
        return figures.day(day)
    return str(value) if value not in (None, "") else figures.NOTHING


def _text(_known: CustomField, value: Any) -> str | None:
    if isinstance(value, Mapping | list | bool):
        raise TypeError(value)
    return clean(value, LONGEST_TEXT) or None


def _number(_known: CustomField, value: Any) -> int | float | None:
    if isinstance(value, Mapping | list | bool):
        raise TypeError(value)
    figure = float(value) if isinstance(value, int | float | Decimal) else _typed_number(clean(value, 40))
    if figure is None:
        return None
    if not math.isfinite(figure) or abs(figure) > LARGEST_NUMBER:
        raise ValueError(value)
    figure = round(figure, DECIMALS)
    return int(figure) if figure.is_integer() else figure


def _typed_number(text: str) -> float | None:
    """1.234,5 as it is written here; also 1234.5 and 1,234.5. A dot before three digits groups thousands."""
    bare = re.sub(r"\s", "", text)
    sign, bare = ("-", bare[1:]) if bare[:1] in {"-", "−"} else ("", bare)
    if not bare:
        return None
    if _GROUPED.fullmatch(bare):
        mark = "," if bare.rfind(",") > bare.rfind(".") and bare.count(",") == 1 else "."
        group = "." if mark == "," or bare.count(",") == 0 else ","
        bare = bare.replace(group, "")
    elif not _PLAIN.fullmatch(bare):
        raise ValueError(text)
    return float(sign + bare.replace(",", "."))


def _day(_known: CustomField, value: Any) -> str | None:
    if isinstance(value, datetime):
        value = value.date()
    if isinstance(value, date):
        day: date | None = value
    elif isinstance(value, str):
        text = clean(value, 40)
        if not text:
            return None
        local = _DAY.fullmatch(text)
        day = date(int(local[3]), int(local[2]), int(local[1])) if local else parse_date(text[:10])
    else:
        day = None
    if day is None or not 1900 <= day.year <= 2200:
        raise ValueError(value)
    return day.isoformat()


def _choice(known: CustomField, value: Any) -> str | None:
    if isinstance(value, Mapping | list):
        raise TypeError(value)
    typed = fold(clean(value, 200))
    return _of_list(known, typed) if typed else None


def _choices(known: CustomField, value: Any) -> list[str] | None:
    """In the order of the list, each once."""
    if isinstance(value, Mapping | bool):
        raise TypeError(value)
    parts = value if isinstance(value, list) else _parts(known, clean(value, 5000, lines=True))
    chosen = {_of_list(known, fold(clean(part, 200))) for part in parts if clean(part, 200)}
    return [choice for choice in known.choices if choice in chosen] or None


def _parts(known: CustomField, text: str) -> list[str]:
    if fold(text) in {fold(choice) for choice in known.choices}:
        return [text]
    return re.split(r"[;|\n]" if re.search(r"[;|\n]", text) else ",", text)


def _of_list(known: CustomField, folded: str) -> str:
    for choice in known.choices:
        if fold(choice) == folded:
            return choice
    raise ValueError(folded)


def _yes_no(_known: CustomField, value: Any) -> bool | None:
    if isinstance(value, bool):
        return value
    if isinstance(value, Mapping | list):
        raise TypeError(value)
    word = fold(clean(value, 20))
    if not word:
        return None
    if word not in YES | NO:
        raise ValueError(value)
    return word in YES


READERS: dict[FieldKind, Callable[[CustomField, Any], Any]] = {
    FieldKind.TEXT: _text,
    FieldKind.NUMBER: _number,
    FieldKind.DATE: _day,
    FieldKind.CHOICE: _choice,
    FieldKind.CHOICES: _choices,
    FieldKind.BOOLEAN: _yes_no,
}


def _problem(known: CustomField) -> str:
    listed = ", ".join(known.choices)
    return {
        FieldKind.TEXT: _("This must be text."),
        FieldKind.NUMBER: _("Write a figure, such as 1.234,5."),
        FieldKind.DATE: _("Write a day, such as 23/11/2026."),
        FieldKind.CHOICE: _("Choose one of: %(choices)s.") % {"choices": listed},
        FieldKind.CHOICES: _("Choose from: %(choices)s.") % {"choices": listed},
        FieldKind.BOOLEAN: _("Answer yes or no."),
    }[FieldKind(known.kind)]
