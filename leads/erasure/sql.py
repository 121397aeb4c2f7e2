"""The set-based statements of an erasure. All are idempotent: what is empty stays empty.

Keeping a fact's codes, ids and times is what keeps the counts; every word anybody typed goes.
"""

from leads.enums import Reason
from leads.kinds import RESERVED

# Of LeadFlow's own facts. What a lead did itself (every other kind) keeps nothing: its words came from outside.
CODED = (
    "handoff", "owner", "previous", "why", "kind", "cycle", "score", "number", "score_to", "after_acceptance", "merge",
    "other", "created_at", "pauses", "from", "to", "seconds", "amount", "call", "outcome", "direction", "attempt",
    "human", "callback_at", "bant", "appointment", "starts_at", "minutes", "due_at", "until", "before", "after",
    "points", "promise", "segment", "level", "state", "dispute", "raised_by", "erasure",
    "request",
)  # fmt: skip
OF_THE_HOUSE = ("owner_name", "team", "source", "campaign", "mentioned")  # our people and channels, not the lead
CODE = "^[A-Za-z0-9_:.+-]{0,40}$"  # an id, a code or a moment
REASONS = tuple(Reason.values)
OWN_KINDS = "^(" + "|".join(prefix.replace(".", r"\.") for prefix in RESERVED) + ")"

# Index used: event_timeline. Lock: the events, under their leads' standings.
EMPTY_EVENTS = """
UPDATE leads_event e SET external_id = NULL, properties = CASE WHEN e.kind ~ %s THEN coalesce((
    SELECT jsonb_object_agg(p.k, p.v) FROM jsonb_each(e.properties) AS p(k, v)
    WHERE p.k = ANY(%s)
       OR p.k = ANY(%s) AND (jsonb_typeof(p.v) IN ('number', 'boolean', 'null')
                             OR jsonb_typeof(p.v) = 'string' AND p.v #>> '{}' ~ %s)
       OR p.k = 'reason' AND p.v #>> '{}' = ANY(%s)), '{}') ELSE '{}' END
WHERE e.lead_id = ANY(%s)
"""

# Index used: the foreign key's. Lock: the rows. What nobody could attribute is looked through for the person's own
# numbers and addresses; it is what was refused, not what came in.
EMPTY_SUBMISSIONS = """
UPDATE leads_submission s
SET payload = '{}', warnings = '[]', external_id = NULL, client = '', last_error = '',
    digest = sha256(s.id::text::bytea)
WHERE s.lead_id = ANY(%s)
   OR s.lead_id IS NULL AND s.state <> 'pending'
      AND (regexp_replace(s.payload::text, '[^0-9"]', '', 'g') LIKE ANY(%s) OR lower(s.payload::text) LIKE ANY(%s))
"""

# Index used: none, one look at the lines that still say something. Lock: the lines.
EMPTY_LINES = """
UPDATE leads_importrow r SET cells = '{}', problems = '[]', before = NULL
WHERE r.lead_id = ANY(%s)
   OR r.lead_id IS NULL AND r.cells <> '{}'
      AND (regexp_replace(array_to_string(r.cells, '"'), '[^0-9"]', '', 'g') LIKE ANY(%s)
           OR lower(array_to_string(r.cells, '"')) LIKE ANY(%s))
"""

# Index used: none, there are few imports. The first lines of a file are shown while its columns are matched.
EMPTY_SAMPLES = """
UPDATE leads_import i SET sample = '[]', check_result =
    CASE WHEN i.check_result = '{}' THEN i.check_result ELSE i.check_result || '{"first": [], "troubles": []}' END
WHERE regexp_replace(i.sample::text || i.check_result::text, '[^0-9"]', '', 'g') LIKE ANY(%s)
   OR lower(i.sample::text || i.check_result::text) LIKE ANY(%s)
"""

# Index used: none, few jobs are about what somebody searched for.
EMPTY_SEARCHES = """
UPDATE leads_job j SET params = j.params #- '{selection,filters,q}'
WHERE j.state <> 'pending' AND j.params #>> '{selection,filters,q}' IS NOT NULL
  AND (regexp_replace(j.params #>> '{selection,filters,q}', '[^0-9]', '', 'g') LIKE ANY(%s)
       OR lower(j.params #>> '{selection,filters,q}') LIKE ANY(%s))
"""

# Index used: none, there are few. What a job that has ended knew of its way is of no use, and may hold lines of a file.
EMPTY_POSITIONS = """
UPDATE leads_job j SET position = '{}' WHERE j.state = 'done' AND j.kind = 'import.check' AND j.position <> '{}'
"""
