"""How the statements of an `sql.py` are run; those that run all day are planned once for each connection.

For a handful of rows planning costs as much as running. Only for statements whose best plan is the same whatever the
values: rows found by keys, rows inserted. A sweep, a report, a span of ids is planned for its values each time.

PREPARE ties a plan to its session, so a pooler that lends a session for one transaction only (PgBouncer in transaction
mode) needs `DATABASE_POOLED=1`: then each is sent as it is.
"""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from functools import lru_cache
from itertools import count
from typing import Any
from weakref import WeakKeyDictionary

from django.conf import settings
from django.db import DEFAULT_DB_ALIAS, connections
from django.db.backends.base.base import BaseDatabaseWrapper

PLACE = re.compile(r"%(?:\((\w+)\))?s|%%")


class Often(str):
    """A statement planned once per connection."""

    __slots__ = ()


_numbers = count(1)
_known: WeakKeyDictionary[Any, dict[str, str]] = WeakKeyDictionary()  # by driver's connection: statement, its name


def run(statement: str, parameters: Sequence[Any] | Mapping[str, Any] = ()) -> list[tuple[Any, ...]]:
    """Executes a statement of an `sql.py`; the rows it answers with, or none. Types are the statement's business.

    On the driver's own cursor: what Django lays around it takes longer than the database with a small statement. Who
    watches the statements (the debug log, tests) gets the whole of it.
    """
    database = connections[DEFAULT_DB_ALIAS]
    if database.queries_logged or database.execute_wrappers:
        with database.cursor() as cursor:
            return _rows(database, cursor, statement, parameters)
    database.close_if_health_check_failed()
    database.ensure_connection()
    database.validate_no_broken_transaction()
    with database.wrap_database_errors, database.create_cursor() as plain:
        return _rows(database, plain, statement, parameters)


def array(values: Iterable[Any]) -> str:
    """The values as one array of PostgreSQL, for `%s::bigint[]` and its like; None is NULL.

    As a list each of them passes through the driver's adapters and the database's parser by itself: five times as long.
    """
    return "{" + ",".join([_WRITTEN.get(type(value), _quoted)(value) for value in values]) + "}"


def _quoted(value: Any) -> str:
    return '"' + str(value).replace("\\", "\\\\").replace('"', '\\"') + '"'


_WRITTEN: dict[type, Callable[[Any], str]] = {int: str, type(None): lambda _none: "NULL", datetime: datetime.isoformat}


def _rows(
    database: BaseDatabaseWrapper, cursor: Any, statement: str, parameters: Sequence[Any] | Mapping[str, Any]
) -> list[tuple[Any, ...]]:
    if isinstance(statement, Often) and settings.PREPARE_STATEMENTS:
        _text, names = _numbered(statement)
        given = [parameters[name] for name in names] if isinstance(parameters, Mapping) else parameters
        cursor.execute(_call(_name(database, statement), len(given)), given)
    else:
        cursor.execute(statement, parameters)
    return list(cursor.fetchall()) if cursor.description else []


def _name(database: BaseDatabaseWrapper, statement: str) -> str:
    """The name under which this connection knows the statement; it learns it here."""
    known = _known.setdefault(database.connection, {})
    if statement not in known:
        name = f"lf{next(_numbers)}"
        with database.wrap_database_errors, database.connection.cursor() as cursor:
            cursor.execute(f"PREPARE {name} AS {_numbered(statement)[0]}")
        known[statement] = name
    return known[statement]


@lru_cache(maxsize=512)
def _call(name: str, parameters: int) -> str:
    return f"EXECUTE {name} ({', '.join(['%s'] * parameters)})" if parameters else f"EXECUTE {name}"


@lru_cache(maxsize=512)
def _numbered(statement: str) -> tuple[str, tuple[str, ...]]:
    """The statement with $1, $2, ... for its places, and the names behind the numbers where they have any."""
    names: list[str] = []
    places = count(1)

    def number(place: re.Match[str]) -> str:
        if place[0] == "%%":
            return "%"
        if place[1] is None:
            return f"${next(places)}"
        if place[1] not in names:
            names.append(place[1])
        return f"${names.index(place[1]) + 1}"

    return PLACE.sub(number, statement), tuple(names)
