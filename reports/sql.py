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


def capped_by(rows: QuerySet[Any], column: str, values: Sequence[str], *, limit: int) -> list[int]:
    """The same for each of several values of one column; the query is compiled once for all of them."""
    if not values:
        return []
    given = rows.order_by().filter(**{column: values[0]}).values("pk")[: limit + 1]
    sql, params = given.query.sql_with_params()
    place = len(params) - 1 - params[::-1].index(values[0])  # the filter that came last
    part = CAPPED.format(rows=sql)
    every = [param for value in values for param in (*params[:place], value, *params[place + 1 :])]
    (found,) = run(f"SELECT {', '.join([part] * len(values))}", every)
    return list(found)


@contextmanager
def snapshot() -> Iterator[None]:
    """Everything read inside is of one instant. Inside a transaction that has already read, it is that one's view."""
    outermost = not connection.in_atomic_block
    with transaction.atomic():
        if outermost:
            execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
        yield


# Index used: rolled_day_once, mark_day, rolled_month_once. The runs of days, part by part, whose roll-ups hold:
# counted, no mark since; and the months that are added up. What a run says is the same while its version is.
ISLANDS = """
SELECT false, part, min(day) AS first, max(day), bit_xor(version)
FROM (
    SELECT part, day, version, day - (row_number() OVER (PARTITION BY part ORDER BY day))::int AS island
    FROM reports_rolledday r
    WHERE day BETWEEN %(first)s AND %(last)s AND ready AND shape = %(shape)s
      AND NOT EXISTS (SELECT FROM reports_mark m WHERE m.part = r.part AND m.day = r.day)
) AS holding
GROUP BY part, island
UNION ALL
SELECT true, part, month, (month + interval '1 month' - interval '1 day')::date, 0
FROM reports_rolledmonth WHERE month BETWEEN %(first)s AND %(last)s AND shape = %(shape)s
ORDER BY 1, 2, 3
"""

# What slices of counted days or months come to: the number of the question, the group, and its sums, or its steps and
# how many lie in each. Finding percentiles here costs twice.
# Index used: rollup_slice, rollup_time_whole, and those of the months.
STORED_SUMS = """
SELECT %s, ({key})::text AS g_key, ARRAY[{sums}] FROM {kept} WHERE {where} AND day BETWEEN %s AND %s GROUP BY 2
"""
STORED_SPREADS = """
SELECT n, g_key, array_agg(step), array_agg(count) FROM (
    SELECT %s AS n, ({key})::text AS g_key, step, sum(count)::bigint AS count
    FROM {kept} WHERE {where} AND day BETWEEN %s AND %s GROUP BY 2, 3
) AS steps GROUP BY 1, 2
"""

# The same from the rows, by several groups at once: which of them, as GROUPING says, the group, and what it comes to.
FROM_ROWS = """
SELECT %s, GROUPING({groups}), COALESCE({keys}), ARRAY[{sums}] FROM ({rows}) AS facts GROUP BY GROUPING SETS ({sets})
"""
SPREADS_FROM_ROWS = """
SELECT n, place, g_key, array_agg(step), array_agg(count) FROM (
    SELECT %s AS n, GROUPING({groups}) AS place, COALESCE({keys}) AS g_key, step, sum(n)::bigint AS count
    FROM ({rows}) AS facts GROUP BY GROUPING SETS ({sets})
) AS steps GROUP BY 1, 2, 3
"""

# Groups of a kept slice made of its source and campaign: both in one, and whose it is. Index used: campaign_once.
PAIR = "source || chr(31) || campaign"
MARKETER = "(SELECT c.owner_id FROM reports_campaign c WHERE c.source = {kept}.source AND c.name = {kept}.campaign)"

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

# The version is told by nobody and drawn for each day, so no two countings ever have the same.
MARK_READY = """
UPDATE reports_rolledday
SET ready = true, shape = %(shape)s, version = hashtextextended(gen_random_uuid()::text, 0)
WHERE part = %(part)s AND day = ANY(%(days)s)
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

# Index used: rolled_month_once. Lock: the months' rows, in order, so two sweeps never add up the same month at once and
# the second sees the days of the first. Idempotent: a month that is there is only locked.
LOCK_MONTHS = """
INSERT INTO reports_rolledmonth AS r (part, month, shape)
SELECT %(part)s, opened, '' FROM unnest(%(months)s::date[]) AS m(opened) ORDER BY opened
ON CONFLICT (part, month) DO UPDATE SET month = r.month
"""

# Index used: rolled_day_once. The months whose days are all counted; marks do not matter, the reader asks for them.
WHOLE_MONTHS = """
SELECT opened FROM unnest(%(months)s::date[]) AS m(opened)
WHERE opened + interval '1 month' = opened + interval '1 day' * (
    SELECT count(*) FROM reports_rolledday
    WHERE part = %(part)s AND ready AND shape = %(shape)s AND day >= opened AND day < opened + interval '1 month')
"""

MISSING_MONTHS = """
SELECT date_trunc('month', day)::date AS opened FROM reports_rolledday
WHERE part = %(part)s AND ready AND shape = %(shape)s
GROUP BY opened
HAVING count(*) = extract(day FROM date_trunc('month', min(day)) + interval '1 month' - interval '1 day')
   AND date_trunc('month', min(day))::date NOT IN (
       SELECT month FROM reports_rolledmonth WHERE part = %(part)s AND shape = %(shape)s)
ORDER BY opened
"""

# Index used: month_rollup_slice, month_rollup_time_whole. Lock: the months are held by LOCK_MONTHS.
CLEAR_MONTHS = """
WITH times AS (DELETE FROM reports_monthrolluptime WHERE part = %(part)s AND day = ANY(%(months)s::date[]))
DELETE FROM reports_monthrollup WHERE part = %(part)s AND day = ANY(%(months)s::date[])
"""

# Index used: rollup_slice, rollup_time_whole.
_OF_MONTHS = "JOIN unnest(%(months)s::date[]) AS m(opened) ON day >= opened AND day < opened + interval '1 month'"
_SLICE = "mask, team, owner, source, campaign, product, city"
SUMMED = f"""
SELECT part, opened, {_SLICE}, ARRAY[{{sums}}]::bigint[]
FROM reports_rollup {_OF_MONTHS} WHERE part = %(part)s AND mask = ANY(%(masks)s)
GROUP BY part, opened, {_SLICE}
"""
SUMMED_TIMES = f"""
SELECT part, opened, {_SLICE}, spread, step, sum(count)::integer
FROM reports_rolluptime {_OF_MONTHS}
WHERE part = %(part)s AND mask = ANY(%(masks)s) AND spread = ANY(%(spreads)s::varchar[])
GROUP BY part, opened, {_SLICE}, spread, step
"""
STORE_MONTHS = f"INSERT INTO reports_monthrollup (part, day, {_SLICE}, counts) {SUMMED}"
STORE_MONTH_TIMES = f"INSERT INTO reports_monthrolluptime (part, day, {_SLICE}, spread, step, count) {SUMMED_TIMES}"

MARK_SUMMED = """
UPDATE reports_rolledmonth SET shape = %(shape)s WHERE part = %(part)s AND month = ANY(%(months)s::date[])
"""

SUMMED_MONTHS = "SELECT month FROM reports_rolledmonth WHERE part = %(part)s AND shape = %(shape)s ORDER BY month"

_MONTH_DIFFERENCE = """
WITH fresh AS ({fresh}), stored AS (
    SELECT part, day, {slice}, {more} FROM {table} WHERE part = %(part)s AND day = ANY(%(months)s::date[])
)
SELECT FROM ((TABLE fresh EXCEPT ALL TABLE stored) UNION ALL (TABLE stored EXCEPT ALL TABLE fresh)) AS differing LIMIT 1
"""
MONTH_DIFFERENCE = _MONTH_DIFFERENCE.format(fresh=SUMMED, slice=_SLICE, more="counts", table="reports_monthrollup")
MONTH_DIFFERENCE_OF_TIMES = _MONTH_DIFFERENCE.format(
    fresh=SUMMED_TIMES, slice=_SLICE, more="spread, step, count", table="reports_monthrolluptime"
)
