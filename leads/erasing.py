"""Taking rows away together with everything that hangs on them, in whatever room it lives: an import taken back.

Leads does not know who hangs on it; the foreign keys do. What cascades goes, what points loosely is set free, what
protects stays in the way. Set-based: the cost follows the rows, whatever their number.
"""

from collections.abc import Iterator, Sequence
from functools import cache
from typing import Any

from django.db import connection, models


def erase(model: type[models.Model], ids: Sequence[Any]) -> int:
    """Deletes these rows, and all that cascades from them, children first. Returns how many of the rows there were.

    The caller holds the leads concerned locked. No signal is sent and nothing is recorded.
    """
    if not ids:
        return 0
    gone = 0
    with connection.cursor() as cursor:
        for statement in _statements(model):
            cursor.execute(statement, [list(ids)])
            gone = cursor.rowcount
    return gone


@cache
def _statements(model: type[models.Model]) -> tuple[str, ...]:
    """Each takes the ids once; the last one deletes the rows themselves."""
    return tuple(_deletes(model, f"{_quoted(_key(model))} = ANY(%s)", (model,)))


def _deletes(model: type[models.Model], which: str, path: tuple[type[models.Model], ...]) -> Iterator[str]:
    mine = f"SELECT {_quoted(_key(model))} FROM {_quoted(model._meta.db_table)} WHERE {which}"
    for relation in model._meta.get_fields(include_hidden=True):
        if not isinstance(relation, models.ManyToOneRel):
            continue
        child, column = relation.related_model, relation.field
        if child in path or not isinstance(column, models.ForeignKey):
            continue
        theirs = f"{_quoted(column.column)} IN ({mine})"
        if relation.on_delete is models.CASCADE:
            yield from _deletes(child, theirs, (*path, child))
        elif relation.on_delete is models.SET_NULL:
            yield f"UPDATE {_quoted(child._meta.db_table)} SET {_quoted(column.column)} = NULL WHERE {theirs}"
    yield f"DELETE FROM {_quoted(model._meta.db_table)} WHERE {which}"


def _key(model: type[models.Model]) -> str:
    assert model._meta.pk is not None  # noqa: S101 - every table has one
    return str(model._meta.pk.column)


def _quoted(name: str) -> str:
    return connection.ops.quote_name(name)
