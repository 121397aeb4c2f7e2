"""Keyset pages: as quick at the millionth row as at the first."""

import base64
import binascii
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Generic, TypeVar

import orjson
from django.core.exceptions import ValidationError
from django.db import connection
from django.db.models import BooleanField, F, Field, IntegerField, Lookup, Model, QuerySet
from django.db.models.fields.tuple_lookups import Tuple, TupleGreaterThan, TupleLessThan
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

    The ordering field must not be NULL; it holds text, a whole number, a yes/no or a moment. Raises Invalid on a
    cursor that was not made here.
    """
    way = _way(rows, ordering, tie, cursor)
    return way.page(list(way.ahead(rows)[: size + 1]), size)


def near_page(
    rows: QuerySet[Row], *, among: QuerySet[Row], reach: int, ordering: str, tie: str, size: int, cursor: str = ""
) -> Page[Row] | None:
    """The same page, if the next `reach` rows of `among`, which holds all the rows there are, fill it; else None.

    For conditions no index can walk by: what is looked through is bounded, however badly the planner guesses.
    """
    way = _way(rows, ordering, tie, cursor)
    edge = way.ahead(among).values_list(way.field, way.tie)[reach : reach + 1].first()
    near = way.ahead(rows).filter(_beyond(way.field, way.tie, edge, down=not way.down)) if edge else way.ahead(rows)
    found = list(near[: size + 1])
    return way.page(found, size) if edge is None or len(found) > size else None


@dataclass(frozen=True)
class _Way:
    """In which order a page is read, and after which values (none: from the start)."""

    field: str
    tie: str
    down: bool
    backwards: bool
    values: list[Any]

    def ahead(self, rows: QuerySet[Row]) -> QuerySet[Row]:
        if self.values:
            rows = rows.filter(_beyond(self.field, self.tie, self.values, down=self.down))
        sign = "-" if self.down else ""
        return rows.order_by(sign + self.field, sign + self.tie)

    def page(self, found: list[Row], size: int) -> Page[Row]:
        """`found` holds one row more where there are more."""
        more, found = len(found) > size, found[:size]
        if self.backwards:
            found.reverse()
        has_next, has_previous = (bool(self.values), more) if self.backwards else (more, bool(self.values))
        return Page(
            found,
            _encode(found[-1], self.field, self.tie, backwards=False) if has_next and found else None,
            _encode(found[0], self.field, self.tie, backwards=True) if has_previous and found else None,
        )


def _way(rows: QuerySet[Any], ordering: str, tie: str, cursor: str) -> _Way:
    descending, field = ordering.startswith("-"), ordering.lstrip("-")
    backwards, values = _decode(cursor)
    if values:
        values = [_typed(rows, path, value) for path, value in zip((field, tie), values, strict=True)]
    return _Way(field, tie, descending != backwards, backwards, values)


def _beyond(field: str, tie: str, values: Sequence[Any], *, down: bool) -> Lookup[bool]:
    """As one comparison of both, an index begins right there, however many rows share the first value."""
    compared = TupleLessThan if down else TupleGreaterThan
    return compared(Tuple(F(field), F(tie)), tuple(values))


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
        backwards, first, second = orjson.loads(raw)
    except (ValueError, TypeError, binascii.Error) as error:
        raise _bad_cursor() from error
    if type(backwards) is not int or backwards not in (0, 1):
        raise _bad_cursor()
    return bool(backwards), [first, second]


def _typed(rows: QuerySet[Any], path: str, value: Any) -> Any:
    """The value as the column at `path` holds it: a cursor is part of an address, and anybody can write one."""
    field = _field(rows, path)
    whole = isinstance(field, IntegerField)
    if type(value) is not (int if whole else bool if isinstance(field, BooleanField) else str):
        raise _bad_cursor()
    if (isinstance(value, int) and whole and not _fits(field, value)) or "\x00" in str(value):
        raise _bad_cursor()
    try:
        found = field.to_python(value)
    except ValidationError as error:
        raise _bad_cursor() from error
    if isinstance(found, datetime) and found.tzinfo is None:
        raise _bad_cursor()
    return found


def _field(rows: QuerySet[Any], path: str) -> Field[Any, Any]:
    if path in rows.query.annotations:
        annotated: Field[Any, Any] = rows.query.annotations[path].output_field
        return annotated
    meta, field = rows.model._meta, rows.model._meta.pk
    for name in path.split("__"):
        field = meta.pk if name == "pk" else meta.get_field(name)
        meta = getattr(field.related_model, "_meta", meta)
    while field.is_relation:
        field = field.target_field
    column: Field[Any, Any] = field
    return column


def _fits(field: Field[Any, Any], value: int) -> bool:
    low, high = connection.ops.integer_field_range(field.get_internal_type())
    return low <= value <= high


def _bad_cursor() -> Invalid:
    return Invalid(_("This page address is not valid."), code="bad_cursor", field="cursor")
