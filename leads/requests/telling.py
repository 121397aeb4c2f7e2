"""What is held of a person, told: as it stands for machines, and in words for the person."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from core.figures import day, exact
from leads.columns import CUSTOM
from leads.custom_fields import fields_in_use
from leads.kinds import CATALOGUE
from leads.models import Event, Lead
from leads.requests.tables import Table, tables
from leads.requests.words import WORDS

# Of the facts about a lead: who of us it was. The person has a right to their own data, not to a colleague's.
COLLEAGUES = frozenset({"owner", "owner_name", "previous", "mentioned", "names", "raised_by"})


@dataclass(frozen=True)
class Said:
    """One column of one row in words."""

    label: str
    lines: Sequence[str]


@dataclass(frozen=True)
class Part:
    """All rows of one table: `data` for machines, `rows` for people."""

    title: str
    table: str
    data: Sequence[Mapping[str, Any]]
    rows: Sequence[Sequence[Said]]


def tell(leads: Sequence[Lead]) -> Iterator[Part]:
    """Every table that holds something of these leads, which are one person. Empty ones are left out."""
    ids = [lead.pk for lead in leads]
    own = {key: field.label for key, field in fields_in_use().items()}
    for table in tables():
        rows = list(table.rows(ids))
        if rows:
            data = [_data(table, row) for row in rows]
            said = [list(_said(table, row, own)) for row in rows]
            yield Part(str(table.title), table.model._meta.db_table, data, said)


def label_of(field: models.Field) -> str | Promise:  # type: ignore[type-arg]
    """The words of a column; "" for what only machines read."""
    given = field.verbose_name if getattr(field, "_verbose_name", None) else ""
    return WORDS.get(field.name, given)


def _data(table: Table, row: models.Model) -> dict[str, Any]:
    return {field.name: _value(row, field) for field in table.fields}


def _said(table: Table, row: models.Model, own: Mapping[str, str]) -> Iterator[Said]:
    for field in table.fields:
        label, value = label_of(field), _value(row, field)
        if label and value not in (None, "", [], {}) and (field.name != "id" or isinstance(row, Lead)):
            yield Said(str(label), list(_lines(row, field, value, own)))


def _value(row: models.Model, field: models.Field) -> Any:  # type: ignore[type-arg]
    value = getattr(row, field.attname)
    if isinstance(row, Event) and field.name == "properties":
        return {name: said for name, said in value.items() if name not in COLLEAGUES}
    return value


def _lines(row: models.Model, field: models.Field, value: Any, own: Mapping[str, str]) -> Iterator[str]:  # type: ignore[type-arg]
    if isinstance(row, Event) and field.name == "kind":
        known = CATALOGUE.get(value)
        yield str(known.label) if known else value
    elif field.choices and not isinstance(value, list):
        yield str(dict(field.flatchoices).get(value, value))
    elif field.name == "custom" and isinstance(value, dict):
        yield from _flat({own.get(key, key.removeprefix(CUSTOM)): said for key, said in value.items()})
    else:
        yield from _flat(value)


def _flat(value: Any, name: str = "") -> Iterator[str]:
    """Nested values one a line, each with the way to it."""
    if isinstance(value, Mapping):
        for key, part in value.items():
            yield from _flat(part, f"{name} · {key}" if name else str(key))
    elif isinstance(value, list | tuple):
        for part in value:
            yield from _flat(part, name)
    elif value not in (None, ""):
        yield f"{name}: {_plain(value)}" if name else _plain(value)


def _plain(value: Any) -> str:
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, datetime):
        return exact(value)
    return day(value) if isinstance(value, date) else str(value)
