"""Keyset pages: as quick at the millionth row as at the first."""

import base64
import binascii
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

import orjson
from django.db.models import Model, Q, QuerySet
from django.utils.translation import gettext as _

from core.errors import Invalid

Row = TypeVar("Row", bound=Model)


@dataclass(frozen=True)
class Page(Generic[Row]):
    """One page of rows with the cursors of its neighbours (None at the ends)."""

    rows: list[Row]
    next: str | None
    previous: str | None


def page(rows: QuerySet[Row], *, ordering: str, tie: str, size: int, cursor: str = "") -> Page[Row]:
    """A page of `size` rows ordered by `ordering` (a field path, `-` for descending), ties broken by `tie`.

    The ordering field must not be NULL. Raises Invalid on a cursor that was not made here.
    """
    descending, field = ordering.startswith("-"), ordering.lstrip("-")
    backwards, values = _decode(cursor)
    down = descending != backwards
    if values:
        rows = rows.filter(_beyond(field, tie, values, down=down))
    sign = "-" if down else ""
    found = list(rows.order_by(sign + field, sign + tie)[: size + 1])
    more, found = len(found) > size, found[:size]
    if backwards:
        found.reverse()
    has_next, has_previous = (bool(values), more) if backwards else (more, bool(values))
    return Page(
        found,
        _encode(found[-1], field, tie, backwards=False) if has_next and found else None,
        _encode(found[0], field, tie, backwards=True) if has_previous and found else None,
    )


def _beyond(field: str, tie: str, values: list[Any], *, down: bool) -> Q:
    op = "lt" if down else "gt"
    return Q(**{f"{field}__{op}e": values[0]}) & ~(Q(**{field: values[0]}) & ~Q(**{f"{tie}__{op}": values[1]}))


def _value(row: Model, path: str) -> Any:
    value: Any = row
    for part in path.split("__"):
        value = getattr(value, part)
    return value


def _encode(row: Model, field: str, tie: str, *, backwards: bool) -> str:
    raw = orjson.dumps([int(backwards), _value(row, field), _value(row, tie)])
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


def _decode(cursor: str) -> tuple[bool, list[Any]]:
    if not cursor:
        return False, []
    try:
        raw = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4))
        backwards, *values = orjson.loads(raw)
    except (ValueError, TypeError, binascii.Error) as error:
        raise Invalid(_("This page address is not valid."), code="bad_cursor", field="cursor") from error
    if (
        backwards not in (0, 1)
        or len(values) != 2
        or isinstance(values[0], list | dict)
        or not isinstance(values[1], int)
    ):
        raise Invalid(_("This page address is not valid."), code="bad_cursor", field="cursor")
    return bool(backwards), values
