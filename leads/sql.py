"""The set-based statements of the leads room. Each takes one JSON array: one row or a thousand, same statement.

JSON rather than many placeholders: one plan, one round trip, types spelled once in the column list.
"""

from collections.abc import Mapping
from typing import Any

import orjson

from core import statements
from core.statements import Often
from leads.kinds import LEAD_CREATED, LEAD_MERGED, LEAD_UPDATED


def run(statement: str, *parameters: Any) -> list[tuple[Any, ...]]:
    """Executes one of the statements below; the rows it answers with, or none."""
    return statements.run(statement, parameters)


def run_named(statement: str, parameters: Mapping[str, Any]) -> list[tuple[Any, ...]]:
    """The same for a statement with named parameters."""
    return statements.run(statement, parameters)


def as_json(rows: Any) -> str:
    """The rows as the JSON array the statements take."""
    return orjson.dumps(rows, default=str).decode()


# A merge undone: what was said of a hand-off goes with it. Index used: event_timeline. Lock: the events, under their
# leads' standings. Idempotent.
EVENTS_FOLLOW = """
UPDATE leads_event e SET lead_id = h.lead_id FROM leads_handoff h
WHERE e.lead_id = ANY(%s) AND h.lead_id = ANY(%s) AND e.properties->>'handoff' = h.id::text AND e.lead_id <> h.lead_id
"""

# Index used: event_timeline. Lock: the new rows. Idempotent: a fact with a sender's id that is already known meets
# event_once and is left out of the answer. Profile changes stand in the order they were made even when a clock was
# turned back in between: what stands on the lead is what the last of them said, also for who reads the log by time.
INSERT_EVENTS = Often(f"""
WITH given AS MATERIALIZED (
    SELECT nextval('leads_event_id_seq') AS id, r.*
    FROM jsonb_to_recordset(%s::jsonb) AS r(
        ref integer, lead_id bigint, kind text, occurred_at timestamptz, actor_id bigint,
        source text, external_id text, properties jsonb)
), inserted AS (
    INSERT INTO leads_event (id, lead_id, kind, occurred_at, recorded_at, actor_id, source, external_id, properties)
    SELECT id, lead_id, kind, CASE WHEN kind IN ('{LEAD_UPDATED}', '{LEAD_MERGED}') THEN greatest(occurred_at, (
        SELECT max(e.occurred_at) FROM leads_event e
        WHERE e.lead_id = given.lead_id AND e.kind IN ('{LEAD_CREATED}', '{LEAD_UPDATED}', '{LEAD_MERGED}')
    )) ELSE occurred_at END, %s, actor_id, source, external_id, properties FROM given ORDER BY ref
    ON CONFLICT DO NOTHING
    RETURNING id, occurred_at
)
SELECT given.ref, given.id, inserted.occurred_at FROM inserted JOIN given USING (id) ORDER BY given.ref
""")

# Index used: submission_once. Lock: the new rows. Idempotent: a replay is left out of the answer. With an outcome they
# are done; without one they wait for it.
INSERT_SUBMISSIONS = Often("""
WITH given AS MATERIALIZED (
    SELECT nextval('leads_submission_id_seq') AS id, r.*
    FROM jsonb_to_recordset(%s::jsonb) AS r(
        ref integer, source text, external_id text, digest text, payload jsonb, warnings jsonb,
        outcome text, matched_by text, lead_id bigint)
), inserted AS (
    INSERT INTO leads_submission (
        id, channel, client, by_id, source, external_id, digest, payload, warnings, received_at, outcome, matched_by,
        lead_id, state, due_at, attempts, last_error)
    SELECT id, %s, %s, %s, source, external_id, decode(digest, 'hex'), payload, warnings, %s,
           COALESCE(outcome, 'waiting'), COALESCE(matched_by, ''), lead_id,
           CASE WHEN outcome IS NULL THEN 'pending' ELSE 'done' END, %s, 0, ''
    FROM given ORDER BY ref
    ON CONFLICT DO NOTHING
    RETURNING id
)
SELECT given.ref, given.id FROM inserted JOIN given USING (id)
""")

# Index used: submission_once.
FIND_REPLAYS = """
SELECT r.ref, s.id, s.lead_id
FROM jsonb_to_recordset(%s::jsonb) AS r(ref integer, source text, external_id text, digest text)
JOIN leads_submission s
  ON s.source = r.source AND s.external_id = r.external_id AND s.digest = decode(r.digest, 'hex')
"""

# Index used: primary key. Idempotent: writes the same values again.
SETTLE_SUBMISSIONS = Often("""
UPDATE leads_submission s
SET outcome = r.outcome, matched_by = r.matched_by, lead_id = r.lead_id, state = 'done', leased_until = NULL,
    last_error = ''
FROM jsonb_to_recordset(%s::jsonb) AS r(id bigint, outcome text, matched_by text, lead_id bigint)
WHERE s.id = r.id
""")

# Indexes used: identity_once, lead_phone_once, lead_email_once, lead_merged_phone, lead_merged_email. No lock: the
# inserts settle races. Who writes as a merged lead is the one it was merged into; a live one comes later and counts.
# Joined, not `= ANY`: planned while the table is still small, that compares each lead with each of thousands of phones.
# Numbers for as many new leads come along, so that everything about them can be written without asking back.
# `(SELECT ...)` hides how many there are from the planner: seeing one, it would plan anew for each call and keep no
# plan, which took longer than all the looking up.
FIND_MATCHES = Often("""
SELECT 'external_id', i.source || chr(31) || i.external_id, COALESCE(l.merged_into_id, l.id)
FROM jsonb_to_recordset(%(keys)s::jsonb) AS k(source text, external_id text)
JOIN leads_identity i ON i.source = k.source AND i.external_id = k.external_id
JOIN leads_lead l ON l.id = i.lead_id
UNION ALL
SELECT 'phone', l.phone, l.merged_into_id FROM unnest((SELECT %(phones)s::text[])) AS k(known)
JOIN leads_lead l ON l.phone = k.known AND l.merged_into_id IS NOT NULL
UNION ALL
SELECT 'email', l.email, l.merged_into_id FROM unnest((SELECT %(emails)s::text[])) AS k(known)
JOIN leads_lead l ON l.email = k.known AND l.merged_into_id IS NOT NULL
UNION ALL
SELECT 'phone', l.phone, l.id FROM unnest((SELECT %(phones)s::text[])) AS k(known)
JOIN leads_lead l ON l.phone = k.known AND l.merged_into_id IS NULL
UNION ALL
SELECT 'email', l.email, l.id FROM unnest((SELECT %(emails)s::text[])) AS k(known)
JOIN leads_lead l ON l.email = k.known AND l.merged_into_id IS NULL
UNION ALL
SELECT 'new', '', nextval('leads_lead_id_seq') FROM generate_series(1, (SELECT %(new)s::integer))
""")

# Index used: primary key. Which of these leads there are; for a merged one, the lead it has become part of. No lock.
LIVING = "SELECT id, COALESCE(merged_into_id, id) FROM leads_lead WHERE id = ANY(%s)"

# Index used: identity_once. Waits for a concurrent claim of the same id to commit, then leaves it to the winner.
# The foreign key is checked at commit: the claim comes before the lead on purpose.
CLAIM_IDENTITIES = Often("""
INSERT INTO leads_identity (lead_id, source, external_id)
SELECT lead_id, source, external_id
FROM jsonb_to_recordset(%s::jsonb) AS r(lead_id bigint, source text, external_id text)
ORDER BY source, external_id
ON CONFLICT DO NOTHING
RETURNING source || chr(31) || external_id
""")

# Indexes used: lead_phone_once, lead_email_once. Waits for a concurrent insert of the same person, then yields.
INSERT_LEADS = Often("""
INSERT INTO leads_lead (
    id, name, phone, email, company, title, company_size, city, product, source, campaign, external_id,
    utm, consent, custom, tags, contactable, search, created_at, updated_at)
SELECT id, name, phone, email, company, title, company_size, city, product, source, campaign, external_id,
       utm, consent, custom, '{}', contactable, search, at, at
FROM jsonb_to_recordset(%s::jsonb) AS r(
    id bigint, name text, phone text, email text, company text, title text, company_size integer, city text,
    product text, source text, campaign text, external_id text, utm jsonb, consent jsonb, custom jsonb,
    contactable boolean, search text, at timestamptz)
ORDER BY phone, email
ON CONFLICT DO NOTHING
RETURNING id
""")

# Foreign keys of what is written so far, checked here instead of at the commit. No lock but on the rows they name.
CHECK_NOW = "SET CONSTRAINTS ALL IMMEDIATE; SET CONSTRAINTS ALL DEFERRED"

RELEASE_IDENTITIES = "DELETE FROM leads_identity WHERE lead_id = ANY(%s)"

# Index used: primary key, rows in id order (the caller holds their standings). Idempotent: the same values again.
FILL_LEADS = Often("""
UPDATE leads_lead l
SET name = r.name, phone = r.phone, email = r.email, company = r.company, title = r.title,
    company_size = r.company_size, city = r.city, product = r.product, custom = r.custom,
    contactable = r.contactable, search = r.search, updated_at = r.at
FROM jsonb_to_recordset(%s::jsonb) AS r(
    id bigint, name text, phone text, email text, company text, title text, company_size integer, city text,
    product text, custom jsonb, contactable boolean, search text, at timestamptz)
WHERE l.id = r.id
""")

# Index used: primary key. Lock: the leads, under their standings. Idempotent: writes absolute values.
SET_TAGS = """
UPDATE leads_lead l SET tags = r.tags, updated_at = %s
FROM jsonb_to_recordset(%s::jsonb) AS r(id bigint, tags text[])
WHERE l.id = r.id
"""

# Index used: primary key. Lock: the hand-offs, under their leads' standings. Idempotent: writes absolute values.
GIVE_HANDOFFS = Often("""
UPDATE leads_handoff h
SET owner_id = r.owner_id, team_id = r.team_id, assigned_at = r.assigned_at
FROM jsonb_to_recordset(%s::jsonb) AS r(id bigint, owner_id bigint, team_id bigint, assigned_at timestamptz)
WHERE h.id = r.id
""")

# Index used: handoff_open_by_owner, at most as many entries as the person's capacity. Lock: none of its own; exact
# under the rotation's row.
OPEN_LOADS = Often("""
SELECT u.id, (SELECT count(*) FROM (
    SELECT FROM leads_handoff h WHERE h.owner_id = u.id AND h.outcome = 'open' LIMIT u.capacity) busy)
FROM accounts_user u WHERE u.id = ANY(%s)
""")

# Index used: primary key. Lock: the seats, under their rotation's row. Idempotent: writes absolute values.
TAKE_TURNS = Often("""
UPDATE leads_seat s SET turn = r.turn
FROM jsonb_to_recordset(%s::jsonb) AS r(id bigint, turn bigint)
WHERE s.id = r.id AND s.turn <> r.turn
""")

# Index used: standing_source, one probe per source in use. Lock: none.
SOURCES = """
WITH RECURSIVE found AS (
    SELECT min(source) AS source FROM leads_standing
    UNION ALL
    SELECT (SELECT min(s.source) FROM leads_standing s WHERE s.source > found.source) FROM found
    WHERE found.source IS NOT NULL
)
SELECT source FROM found WHERE source IS NOT NULL LIMIT 200
"""

# Index used: lead_campaign, lead_product or lead_city, one probe per word in use. Lock: none.
_WORDS = """
WITH RECURSIVE found AS (
    SELECT min({column}) AS word FROM leads_lead WHERE {column} <> ''
    UNION ALL
    SELECT (SELECT min(l.{column}) FROM leads_lead l WHERE l.{column} <> '' AND l.{column} > found.word) FROM found
    WHERE found.word IS NOT NULL
)
SELECT word FROM found WHERE word IS NOT NULL LIMIT 200
"""
WORDS = {column: _WORDS.format(column=column) for column in ("campaign", "product", "city")}

# Index used: primary key, from its end: no index lists the tags themselves. Lock: none.
TAGS = """
SELECT DISTINCT unnest(tags) AS tag FROM (SELECT tags FROM leads_lead ORDER BY id DESC LIMIT 20000) AS newest
ORDER BY tag LIMIT 200
"""

# For the statements that follow in this (sub)transaction: how long each may take, and what counts as alike.
BRIEFLY = """
SELECT set_config('statement_timeout', %s, true), set_config('pg_trgm.word_similarity_threshold', %s, true)
"""
