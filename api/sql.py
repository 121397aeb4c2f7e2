"""What every request runs, written out: composing these statements costs more than running them."""

from typing import Any

from core import statements
from core.statements import Often

# Index used: idempotency_once. Waits for another request with the same key to end (at most lock_timeout), then
# answers nothing if that one left its answer. A record older than the span is taken over. Idempotent by the index.
CLAIM = Often("""
INSERT INTO api_idempotencyrecord AS r (client, key, digest, status, headers, body, created_at)
VALUES (%s, %s, %s, 0, '{}', '', %s)
ON CONFLICT (client, key) DO UPDATE
SET digest = EXCLUDED.digest, status = 0, headers = '{}', body = '', created_at = EXCLUDED.created_at
WHERE r.created_at <= %s
RETURNING r.id
""")

# Index used: primary key. Lock: the row, ours since CLAIM.
KEEP = Often("UPDATE api_idempotencyrecord SET status = %s, headers = %s, body = %s WHERE id = %s")

# Index used: the unique prefix. Lock: none.
FIND_KEY = Often("""
SELECT id, name, prefix, secret_hash, scopes, created_by_id, created_at, expires_at, revoked_at, last_used_at
FROM api_apikey WHERE prefix = %s
""")

# Index used: the primary keys, the clock's hand-off. Lock: none. The columns are those of `shapes.Row`, in its order.
# `(SELECT ...)` hides from the planner how many there are: seeing one, it would plan anew for each call.
LEADS = Often("""
SELECT l.id, l.name, l.phone, l.email, l.company, l.title, l.company_size, l.city, l.product, l.source, l.campaign,
       l.external_id, s.status, s.stage, s.score, s.fit, s.engagement, s.grade, u.id, u.full_name,
       h.id, h.outcome, h.offered_at,
       (SELECT max(c.due_at) FROM sla_clock c WHERE c.handoff_id = h.id AND c.promise = 'first_touch'),
       s.sla_due_at, s.sla_warn_at, l.tags, l.custom, l.created_at, l.updated_at,
       s.last_activity_at
FROM leads_standing s
JOIN leads_lead l ON l.id = s.lead_id
LEFT JOIN accounts_user u ON u.id = s.owner_id
LEFT JOIN leads_handoff h ON h.id = s.handoff_id
WHERE s.lead_id = ANY((SELECT %s::bigint[])::bigint[])
""")


def run(statement: str, *parameters: Any) -> list[tuple[Any, ...]]:
    """The rows it answers with, if any."""
    return statements.run(statement, parameters)
