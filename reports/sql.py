"""What the query builder has no words for."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from django.db import connection, transaction
from django.db.models import QuerySet

Parameters = Sequence[Any] | Mapping[str, Any] | None

# Each count stops at its limit, so the cost has a bound whatever the size of the table. Index used: the querysets' own.
CAPPED = "(SELECT count(*) FROM ({rows}) AS capped)"


def run(statement: str, parameters: Parameters = None) -> list[tuple[Any, ...]]:
    """The rows a statement answers with."""
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        return list(cursor.fetchall())


def execute(statement: str, parameters: Parameters = None) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)


def capped_counts(querysets: Sequence[QuerySet[Any]], *, limit: int) -> list[int]:
    """How many rows each has, at most `limit + 1`: a figure above the limit reads "or more". One statement."""
    parts: list[str] = []
    parameters: list[Any] = []
    for queryset in querysets:
        sql, params = queryset.order_by().values("pk")[: limit + 1].query.sql_with_params()
        parts.append(CAPPED.format(rows=sql))
        parameters.extend(params)
    (found,) = run(f"SELECT {', '.join(parts)}", parameters)
    return list(found)


@contextmanager
def snapshot() -> Iterator[None]:
    """Everything read inside is of one instant. Inside a transaction that has already read, it is that one's view."""
    outermost = not connection.in_atomic_block
    with transaction.atomic():
        if outermost:
            execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
        yield


# Index used: rolled_day_once, mark_day. The runs of days, part by part, whose roll-ups hold: counted, no mark since.
ISLANDS = """
SELECT part, min(day), max(day)
FROM (
    SELECT part, day, day - (row_number() OVER (PARTITION BY part ORDER BY day))::int AS island
    FROM reports_rolledday r
    WHERE day BETWEEN %(first)s AND %(last)s AND ready AND shape = %(shape)s
      AND NOT EXISTS (SELECT FROM reports_mark m WHERE m.part = r.part AND m.day = r.day)
) AS holding
GROUP BY part, island
ORDER BY part, min(day)
"""

# Index used: rolled_day_once, mark_day.
PROGRESS = """
SELECT count(*) FILTER (WHERE ready AND shape = %(shape)s
    AND NOT EXISTS (SELECT FROM reports_mark m WHERE m.part = r.part AND m.day = r.day)), count(*)
FROM reports_rolledday r WHERE day BETWEEN %(first)s AND %(last)s
"""

# Index used: rolled_day_once, mark_day.
HOLDING_DAYS = """
SELECT day FROM reports_rolledday r
WHERE part = %(part)s AND ready AND shape = %(shape)s
  AND NOT EXISTS (SELECT FROM reports_mark m WHERE m.part = r.part AND m.day = r.day)
ORDER BY day
"""

# Index used: rolled_day_once. Lock: the new rows. Idempotent: only days that are missing, or of another shape.
ANNOUNCE = """
INSERT INTO reports_rolledday AS r (part, day, shape, barrier, ready)
SELECT %(part)s, passed::date, %(shape)s, NULL, false
FROM generate_series(%(first)s::date, %(last)s::date, interval '1 day') AS g(passed)
WHERE NOT EXISTS (
    SELECT FROM reports_rolledday k WHERE k.part = %(part)s AND k.day = passed::date AND k.shape = %(shape)s)
ON CONFLICT (part, day) DO UPDATE SET shape = EXCLUDED.shape, ready = false WHERE r.shape <> EXCLUDED.shape
RETURNING day
"""

# Its own transaction, begun after the announcement's was over. Idempotent: a barrier once set stays.
SET_BARRIERS = "UPDATE reports_rolledday SET barrier = pg_current_xact_id()::text::bigint WHERE barrier IS NULL"

# Index used: rolled_day_once, mark_day. Lock: the days' rows, so two sweeps never count the same day at once.
# A day waits while a transaction older than its barrier still runs. One that can not have touched a lead is let be:
# its number (32 of the 64 bits) is locked by a process of another database, or by the server's own housekeeping.
CLAIM = """
SELECT day FROM reports_rolledday r
WHERE part = %(part)s
  AND (NOT ready OR EXISTS (SELECT FROM reports_mark m WHERE m.part = r.part AND m.day = r.day))
  AND NOT EXISTS (
    SELECT FROM pg_snapshot_xip(pg_current_snapshot()) AS running
    WHERE running::text::bigint < r.barrier AND NOT EXISTS (
        SELECT FROM pg_locks l JOIN pg_stat_activity a USING (pid)
        WHERE l.locktype = 'transactionid' AND l.mode = 'ExclusiveLock'
          AND l.transactionid::text::bigint = running::text::bigint %% 4294967296
          AND (a.datname <> current_database() OR a.backend_type = 'autovacuum worker')))
  AND barrier IS NOT NULL
ORDER BY day DESC
LIMIT %(limit)s
FOR UPDATE SKIP LOCKED
"""

# Only marks that are committed go; who changes the day right now leaves one behind. The rows are read after this.
CLEAR = """
WITH marks AS (DELETE FROM reports_mark WHERE part = %(part)s AND day = ANY(%(days)s)),
     times AS (DELETE FROM reports_rolluptime WHERE part = %(part)s AND day = ANY(%(days)s))
DELETE FROM reports_rollup WHERE part = %(part)s AND day = ANY(%(days)s)
"""

MARK_READY = """
UPDATE reports_rolledday SET ready = true, shape = %(shape)s WHERE part = %(part)s AND day = ANY(%(days)s)
"""

SLICES = """
SELECT %s AS part, day, {mask} AS mask, team, owner, source, campaign, product, city, ARRAY[{sums}]::bigint[] AS counts
FROM ({rows}) AS facts GROUP BY GROUPING SETS ({sets})
"""

SLICES_OF_TIMES = """
SELECT %s AS part, day, {mask} AS mask, team, owner, source, campaign, product, city,
       %s AS spread, step, sum(n)::integer AS count
FROM ({rows}) AS facts GROUP BY GROUPING SETS ({sets})
"""

NO_TIMES = """
SELECT ''::text AS part, NULL::date AS day, 0 AS mask, 0::bigint AS team, 0::bigint AS owner, '' AS source,
       '' AS campaign, '' AS product, '' AS city, '' AS spread, 0::bigint AS step, 0 AS count WHERE false
"""

# Lock: the new rows; the days' own rows are held by whoever counts.
STORE = """
INSERT INTO reports_rollup (part, day, mask, team, owner, source, campaign, product, city, counts) {fresh}
"""
STORE_TIMES = """
INSERT INTO reports_rolluptime (part, day, mask, team, owner, source, campaign, product, city, spread, step, count)
{fresh}
"""

_DIFFERENCE = """
WITH fresh AS ({{fresh}}), stored AS (
    SELECT part, day, mask, team, owner, source, campaign, product, city, {more}
    FROM {table} WHERE part = %s AND day = ANY(%s)
)
SELECT DISTINCT day FROM (
    (TABLE fresh EXCEPT ALL TABLE stored) UNION ALL (TABLE stored EXCEPT ALL TABLE fresh)
) AS differing
"""
DIFFERENCE = _DIFFERENCE.format(more="counts", table="reports_rollup")
DIFFERENCE_OF_TIMES = _DIFFERENCE.format(more="spread, step, count", table="reports_rolluptime")
