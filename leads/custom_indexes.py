"""What finds leads by an administrator's own field where a list asks for a span or a part of a text.

Each such field in use has an index of the leads that say it, and statistics, so that the planner knows how many they
are. Both are made by a task, beside the work that goes on; whole values are found by `lead_custom`.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from django.db import connection

from leads.enums import FieldKind
from leads.models import CustomField

TASK = "leads.tasks.index_fields"
ALONE = 20_261_124  # number of the lock: two workers never make the same index
NAME = "lead_custom_{}"
STATISTICS = "lead_said_{}"


@dataclass(frozen=True)
class Way:
    """How an index of one field is built; the expressions are those of `custom_filters`."""

    expression: str
    method: str
    options: str = ""


SPAN = Way("custom -> %(key)s", "btree")
PART = Way("upper(custom ->> %(key)s)", "gin", " gin_trgm_ops")
WAYS: Mapping[str, Way] = {FieldKind.NUMBER: SPAN, FieldKind.DATE: SPAN, FieldKind.TEXT: PART}

# Both wait for transactions older than themselves, and nobody waits for them.
MAKE = """
CREATE INDEX CONCURRENTLY {name} ON leads_lead USING {method} (({expression}){options})
WHERE ({expression}) IS NOT NULL
"""
DROP = "DROP INDEX CONCURRENTLY IF EXISTS {}"
# An index of some leads says nothing of all of them.
COUNT = "CREATE STATISTICS IF NOT EXISTS {name} ON ({expression}) FROM leads_lead"
FORGET = "DROP STATISTICS IF EXISTS {}"
# Invalid: its making was interrupted.
THERE = """
SELECT c.relname, i.indisvalid FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid
WHERE i.indrelid = 'leads_lead'::regclass AND c.relname ~ '^lead_custom_[0-9]+$' ORDER BY c.relname
"""


def keep_indexed() -> int:
    """Makes one index that is missing and drops those of fields no longer in use. Returns how many are still missing.

    Not inside a transaction. Does nothing while another worker is at it.
    """
    with _alone() as mine:
        return _kept() if mine else 0


def _kept() -> int:
    fields = CustomField.objects.filter(is_active=True, kind__in=WAYS)
    wanted = {NAME.format(field.pk): field for field in fields}
    there = dict(_run(THERE))
    for name, valid in there.items():
        if name not in wanted or not valid:
            _run(DROP.format(name))
            _run(FORGET.format(STATISTICS.format(name.rpartition("_")[2])))
    missing = sorted(name for name in wanted if not there.get(name))
    for name in missing[:1]:
        _make(name, wanted[name])
    return len(missing[1:])


def _make(name: str, field: CustomField) -> None:
    way, key = WAYS[field.kind], {"key": field.key}
    _run(COUNT.format(name=STATISTICS.format(field.pk), expression=way.expression), key)
    _run(MAKE.format(name=name, method=way.method, options=way.options, expression=way.expression), key)
    _run("ANALYZE leads_lead")


@contextmanager
def _alone() -> Iterator[bool]:
    """Whether nobody else is at it. The lock is the connection's own: a statement here can't be in a transaction."""
    mine: bool = _run(f"SELECT pg_try_advisory_lock({ALONE})")[0][0]
    try:
        yield mine
    finally:
        if mine:
            _run(f"SELECT pg_advisory_unlock({ALONE})")


def _run(statement: str, parameters: Mapping[str, str] | None = None) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        return cursor.fetchall() if cursor.description else []
