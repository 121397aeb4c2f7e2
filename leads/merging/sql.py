"""The set-based statements of the search for duplicates."""

# Index used: primary key of the log. Leads whose profile was made or changed behind the mark, in the order of the log.
# Rows younger than a minute wait: a transaction that began earlier may still add some before them.
CHANGED = """
SELECT max(id), array_agg(DISTINCT lead_id) FILTER (WHERE kind IN ('lead.created', 'lead.updated')) FROM (
    SELECT id, lead_id, kind, recorded_at FROM leads_event
    WHERE id > %(after)s AND recorded_at <= %(until)s ORDER BY id LIMIT %(limit)s
) AS e
"""

# Index used: duplicate_key_once. Lock: the keys of these leads. Idempotent: what is there stays.
FORGET_KEYS = "DELETE FROM leads_duplicatekey WHERE lead_id = ANY(%s)"
WRITE_KEYS = """
INSERT INTO leads_duplicatekey (lead_id, key)
SELECT r.lead_id, r.key FROM unnest(%s::bigint[], %s::bigint[]) AS r(lead_id, key)
JOIN leads_lead l ON l.id = r.lead_id
ON CONFLICT DO NOTHING
"""

# Index used: duplicate_key. A key that very many share (a shop's name) tells nobody apart: at most 40 of each are met.
PAIRS = """
SELECT DISTINCT least(k.lead_id, o.lead_id), greatest(k.lead_id, o.lead_id)
FROM leads_duplicatekey k
CROSS JOIN LATERAL (
    SELECT lead_id FROM leads_duplicatekey d WHERE d.key = k.key AND d.lead_id <> k.lead_id
    ORDER BY lead_id DESC LIMIT 40
) AS o
WHERE k.lead_id = ANY(%s)
"""

# Index used: duplicate_once. Idempotent: a pair that was dismissed stays dismissed.
WRITE_PAIRS = """
INSERT INTO leads_duplicate (one_id, other_id, reason, confidence, state, found_at)
SELECT one, other, reason, confidence, 'open', %s
FROM jsonb_to_recordset(%s::jsonb) AS r(one bigint, other bigint, reason text, confidence smallint)
ON CONFLICT (one_id, other_id) DO UPDATE SET reason = excluded.reason, confidence = excluded.confidence
WHERE leads_duplicate.state = 'open'
"""

# Index used: duplicate_once. Pairs of these leads that no longer look alike, and that nobody has settled.
DROP_PAIRS = """
DELETE FROM leads_duplicate
WHERE state = 'open' AND (one_id = ANY(%(leads)s) OR other_id = ANY(%(leads)s))
  AND NOT EXISTS (SELECT FROM jsonb_to_recordset(%(kept)s::jsonb) AS r(one bigint, other bigint)
                  WHERE r.one = one_id AND r.other = other_id)
"""
