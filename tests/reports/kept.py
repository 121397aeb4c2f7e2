"""Rows that take a second to make through the acts, kept as COPY tells them and put back in a few hundredths."""

from collections.abc import Callable
from copy import deepcopy
from dataclasses import dataclass
from io import StringIO
from typing import Any

import psycopg2
from django.db import connection, transaction

from leadflow.up.postgres import SUPERUSER


@dataclass(frozen=True)
class Kept:
    """What a maker returned, and the rows it wrote, by table.

    `emptied` are the tables whose seeded rows it changed: all their rows are kept, to take the place of what is there.
    """

    made: Any
    rows: dict[str, list[str]]
    emptied: frozenset[str]


def keep(make: Callable[[], Any]) -> Kept:
    """What `make` makes of a database that holds what the migrations seed; it is left as it was."""
    _allow_quiet_rows()
    with transaction.atomic():
        before = _rows()
        made = make()
        after = _rows()
        transaction.set_rollback(True)
    emptied = frozenset(table for table, rows in before.items() if set(rows) - set(after[table]))
    rows = {
        table: [row for row in found if table in emptied or row not in set(before[table])]
        for table, found in after.items()
        if found != before[table]
    }
    return Kept(made, rows, emptied)


def put_back(kept: Kept) -> Any:
    """The rows in the caller's transaction, and what the maker returned."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")  # triggers have done their part
        for table, rows in kept.rows.items():
            if table in kept.emptied:
                cursor.execute(f'DELETE FROM "{table}"')
            cursor.copy_expert(f'COPY "{table}" FROM STDIN', StringIO("".join(rows)))
        cursor.execute("SET LOCAL session_replication_role = origin")
    return deepcopy(kept.made)


def _allow_quiet_rows() -> None:
    """Lets the tests' role write rows without their triggers, which the application's role may never do."""
    place = connection.settings_dict
    owner = psycopg2.connect(host=place["HOST"], user=SUPERUSER, dbname=place["NAME"])
    with owner, owner.cursor() as cursor:
        cursor.execute(f'GRANT SET ON PARAMETER session_replication_role TO "{place["USER"]}"')
    owner.close()


def _rows() -> dict[str, list[str]]:
    found = {}
    with connection.cursor() as cursor:
        for table in connection.introspection.django_table_names(only_existing=True):
            rows = StringIO()
            cursor.copy_expert(f'COPY "{table}" TO STDOUT', rows)
            found[table] = rows.getvalue().splitlines(keepends=True)
    return found
