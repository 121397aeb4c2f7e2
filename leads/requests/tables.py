"""Which tables hold something of a person, in whatever room: the foreign keys to the lead say so, as for an erasure.

A model says under which title its rows are told (`told_as`); `untold` says why they are not.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.db import models
from django.utils.functional import Promise

from core.due import DueRow
from leads.models import ImportRow, Lead

Model = type[models.Model]
Field = models.Field[Any, Any]
LOOSE: tuple[tuple[Model, str], ...] = ((ImportRow, "lead_id"),)  # no foreign keys: the lead may be gone
# How LeadFlow works inside, or the same once more: folded copies, what an undo needs, where a file lies.
WITHIN = frozenset({"search", "digest", "stored", "before", "moved", "held"}) | {
    field.name for field in DueRow._meta.fields
}


@dataclass(frozen=True)
class Table:
    """`path` leads from its rows to the lead: "lead", "handoff__lead"."""

    model: Model
    path: str

    @property
    def title(self) -> str | Promise:
        return getattr(self.model, "told_as", self.model._meta.verbose_name_plural or "")

    @property
    def fields(self) -> Sequence[Field]:
        """What its rows say: no links to other rows, and no colleague's name."""
        within = WITHIN if issubclass(self.model, DueRow) else WITHIN - {field.name for field in DueRow._meta.fields}
        return [f for f in self.model._meta.concrete_fields if not f.is_relation and f.name not in within]

    def rows(self, lead_ids: Sequence[int]) -> Iterator[models.Model]:
        found = self.model._default_manager.filter(**{f"{self.path}__in": lead_ids})
        return found.order_by("pk").iterator(chunk_size=2_000)


@cache
def tables() -> tuple[Table, ...]:
    """Every table that is told, the lead itself first."""
    return tuple(table for table in held_in() if not untold(table.model))


@cache
def held_in() -> tuple[Table, ...]:
    """Every table whose rows go with the lead, by the shortest way to it."""
    found: dict[Model, Table] = {Lead: Table(Lead, "pk")}
    level = [found[Lead]]
    while level:
        level = [below for table in level for below in _below(table) if found.setdefault(below.model, below) is below]
    return (*found.values(), *(Table(model, path) for model, path in LOOSE))


def untold(model: Model) -> str:
    """Why its rows are not told; empty where they are."""
    return str(getattr(model, "untold", ""))


def _below(table: Table) -> Iterator[Table]:
    for relation in table.model._meta.get_fields(include_hidden=True):
        if isinstance(relation, models.ManyToOneRel) and relation.on_delete is models.CASCADE:
            way = relation.field.name if table.path == "pk" else f"{relation.field.name}__{table.path}"
            yield Table(relation.related_model, way)
