"""The set-based statements of imports: a chunk of lines at a time."""

import re
from collections.abc import Iterable, Iterator

from django.db import connection

# Lines go in through COPY: 1M of them in seconds. What PostgreSQL's text format takes for marks is written out.
STAGE = "COPY leads_importrow (job_id, number, cells, fate, problems) FROM STDIN"
_MARK = re.compile(r'[\\"\t\n\r]')
_ARRAY = str.maketrans({"\\": "\\\\\\\\", '"': '\\\\"', "\t": "\\t", "\n": "\\n", "\r": "\\r"})

# Index used: import_row_once. The next lines of a file that wait, in their order.
NEXT_LINES = """
SELECT number, cells FROM leads_importrow
WHERE job_id = %s AND number > %s AND fate = 'waiting' ORDER BY number LIMIT %s
"""

# Index used: import_row_once. Lock: the lines. Once per line: how many of them still waited is the answer, and who had
# more must not commit. The person is stored once: the cells of a line that came in are forgotten.
SETTLE_LINES = """
WITH settled AS (
    UPDATE leads_importrow i
    SET fate = r.fate, lead_id = r.lead_id, submission_id = r.submission_id, at = %s, problems = r.problems,
        before = r.before, cells = CASE WHEN r.fate = 'rejected' THEN i.cells ELSE '{}' END
    FROM jsonb_to_recordset(%s::jsonb) AS r(
        number integer, fate text, lead_id bigint, submission_id bigint, problems jsonb, before jsonb)
    WHERE i.job_id = %s AND i.number = r.number AND i.fate = 'waiting'
    RETURNING 1
)
SELECT count(*) FROM settled
"""

# Index used: primary key. Lock: the leads, made in this transaction. A lead of history is as old as its history.
DATE_LEADS = """
UPDATE leads_lead l SET created_at = r.at
FROM jsonb_to_recordset(%s::jsonb) AS r(id bigint, at timestamptz)
WHERE l.id = r.id
"""

# Index used: primary key. Lock: the leads, under their standings. Idempotent: a tag that is there stays once.
PIN_TAGS = """
UPDATE leads_lead l
SET tags = (SELECT coalesce(array_agg(t ORDER BY first), '{}') FROM (
        SELECT t, min(n) AS first FROM unnest(l.tags || r.tags) WITH ORDINALITY AS u(t, n)
        GROUP BY t ORDER BY first LIMIT 30) AS kept)
FROM (SELECT id, ARRAY(SELECT jsonb_array_elements_text(tags)) AS tags
      FROM jsonb_to_recordset(%s::jsonb) AS r(id bigint, tags jsonb)) AS r
WHERE l.id = r.id
"""

# Index used: spend_once. Idempotent: the newest file says what a day cost. Answers with what stood there before.
WRITE_SPEND = """
WITH given AS MATERIALIZED (
    SELECT * FROM jsonb_to_recordset(%(rows)s::jsonb) AS r(day date, source text, campaign text, amount bigint)
), before AS MATERIALIZED (
    SELECT s.* FROM leads_spend s JOIN given g USING (day, source, campaign) FOR UPDATE OF s
), written AS (
    INSERT INTO leads_spend (day, source, campaign, amount, by_id, at)
    SELECT day, source, campaign, amount, %(by)s, %(at)s FROM given
    ON CONFLICT (day, source, campaign) DO UPDATE SET amount = excluded.amount, by_id = excluded.by_id, at = excluded.at
)
SELECT day, source, campaign, amount, by_id, at FROM before
"""

# Index used: spend_once. Only what still says what this file said.
TAKE_BACK_SPEND = """
DELETE FROM leads_spend s
USING jsonb_to_recordset(%s::jsonb) AS r(day date, source text, campaign text, at timestamptz)
WHERE s.day = r.day AND s.source = r.source AND s.campaign = r.campaign AND s.at = r.at
"""
RESTORE_SPEND = """
UPDATE leads_spend s SET amount = r.amount, by_id = r.by_id, at = r.old_at
FROM jsonb_to_recordset(%s::jsonb) AS r(
    day date, source text, campaign text, at timestamptz, amount bigint, by_id bigint, old_at timestamptz)
WHERE s.day = r.day AND s.source = r.source AND s.campaign = r.campaign AND s.at = r.at
"""

# Index used: import_row_once. The lines to take back, the last first: what a line changed is undone before what
# an earlier one changed.
LAST_LINES = """
SELECT number, fate, lead_id, submission_id, at, before::text FROM leads_importrow
WHERE job_id = %s AND number < %s AND fate IN ('created', 'matched')
ORDER BY number DESC LIMIT %s
"""

# Index used: event_timeline. Leads on which something happened after the line came in that a person did or the lead
# itself; what the system concluded by itself does not count.
WORKED_ON = """
SELECT DISTINCT r.lead_id
FROM jsonb_to_recordset(%s::jsonb) AS r(lead_id bigint, at timestamptz)
JOIN leads_event e ON e.lead_id = r.lead_id
WHERE e.recorded_at > r.at AND e.recorded_at <> ALL(%s::timestamptz[])
  AND (e.actor_id IS NOT NULL OR e.kind = ANY(%s) OR e.kind !~ %s)
"""

# Indexes used: primary keys, handoff_cycle_once, identity's lead. What a lead is before a file or a merge changes it.
SNAPSHOT = """
SELECT l.id, jsonb_build_object(
    'lead', to_jsonb(l), 'standing', to_jsonb(s),
    'handoffs', (
        SELECT coalesce(jsonb_agg(to_jsonb(h) ORDER BY h.id), '[]') FROM leads_handoff h WHERE h.lead_id = l.id),
    'identities', (SELECT coalesce(jsonb_agg(i.id), '[]') FROM leads_identity i WHERE i.lead_id = l.id))::text
FROM leads_lead l JOIN leads_standing s ON s.lead_id = l.id
WHERE l.id = ANY(%s)
"""

# Index used: event_timeline. Events recorded at given moments of given leads, and all that speak of given hand-offs.
EVENTS_OF = """
SELECT e.id FROM jsonb_to_recordset(%s::jsonb) AS r(lead_id bigint, at timestamptz)
JOIN leads_event e ON e.lead_id = r.lead_id AND e.recorded_at = r.at
UNION
SELECT e.id FROM leads_event e WHERE e.properties->>'handoff' = ANY(%s) AND e.lead_id = ANY(%s)
"""

# Index used: identity's lead. Identities a lead has claimed since.
IDENTITIES_BEYOND = """
SELECT i.id FROM jsonb_to_recordset(%s::jsonb) AS r(lead_id bigint, ids jsonb)
JOIN leads_identity i ON i.lead_id = r.lead_id
WHERE NOT r.ids @> to_jsonb(i.id)
"""

# Index used: import_row_problems. Three lines of each reason and how often it was, the rarest reasons first; whatever
# words of the line it quotes, it is the same reason.
REASONS = """
SELECT min(times) AS times, number, fate, lead_id, cells, problems FROM (
    SELECT i.number, i.fate, i.lead_id, i.cells, i.problems,
           count(*) OVER w AS times, row_number() OVER (w ORDER BY i.number) AS place
    FROM leads_importrow i CROSS JOIN LATERAL jsonb_array_elements(i.problems) AS p
    WHERE i.job_id = %s AND i.problems <> '[]'
    WINDOW w AS (PARTITION BY p->>'field', regexp_replace(p->>'message', '“.*?”', '“”', 'g'))
) AS told
WHERE place <= 3
GROUP BY number, fate, lead_id, cells, problems
ORDER BY times, number
LIMIT 30
"""

# Index used: primary key. The enquiries of this import, and nobody else's.
SUBMISSIONS_OF = "SELECT id FROM leads_submission WHERE id = ANY(%s) AND client = %s"


def stage(job_id: int, lines: Iterable[tuple[int, list[str]]]) -> None:
    """Writes lines as they come, without ever holding more than a few."""
    with connection.cursor() as cursor:
        cursor.copy_expert(STAGE, _Stream(_copied(job_id, lines)))


def _copied(job_id: int, lines: Iterable[tuple[int, list[str]]]) -> Iterator[str]:
    for number, cells in lines:
        marked = _MARK.search("".join(cells))  # few lines have any
        listed = '","'.join([cell.translate(_ARRAY) for cell in cells] if marked else cells)
        yield f'{job_id}\t{number}\t{{"{listed}"}}\twaiting\t[]\n'


class _Stream:
    """What COPY reads from: text that is made while it is read."""

    def __init__(self, pieces: Iterator[str]) -> None:
        self._pieces = pieces
        self._rest = b""

    def read(self, size: int) -> bytes:
        held = [self._rest]
        length = len(self._rest)
        while length < size:
            piece = next(self._pieces, None)
            if piece is None:
                break
            held.append(piece.encode("utf-8", "replace"))
            length += len(held[-1])
        whole = b"".join(held)
        self._rest = whole[size:]
        return whole[:size]
