"""What the query builder has no words for."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from django.db import connection, transaction
from django.db.models import QuerySet

# Each count stops at its limit, so the cost has a bound whatever the size of the table. Index used: the querysets' own.
CAPPED = "(SELECT count(*) FROM ({rows}) AS capped)"


def capped_counts(querysets: Sequence[QuerySet[Any]], *, limit: int) -> list[int]:
    """How many rows each has, at most `limit + 1`: a figure above the limit reads "or more". One statement."""
    parts: list[str] = []
    parameters: list[Any] = []
    for queryset in querysets:
        sql, params = queryset.order_by().values("pk")[: limit + 1].query.sql_with_params()
        parts.append(CAPPED.format(rows=sql))
        parameters.extend(params)
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {', '.join(parts)}", parameters)
        return list(cursor.fetchone() or ())


@contextmanager
def snapshot() -> Iterator[None]:
    """Everything read inside is of one instant. Inside a transaction that has already read, it is that one's view."""
    outermost = not connection.in_atomic_block
    with transaction.atomic():
        if outermost:
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
        yield
