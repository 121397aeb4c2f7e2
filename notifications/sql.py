"""The set-based statements of this room: one row or a thousand, same statement."""

from core.statements import Often
from notifications.models import Preference

CHOICES = [field.attname for field in Preference._meta.concrete_fields if field.attname.startswith("email_")]

# Everybody with these ids, and those who lead in Sales if wanted, who work here; what they chose, or NULL. Lock: none.
PEOPLE = Often(f"""
SELECT u.id, u.role, u.team_id, {", ".join(f"p.{choice}" for choice in CHOICES)}
FROM accounts_user u LEFT JOIN notifications_preference p ON p.user_id = u.id
WHERE u.is_active AND (u.id = ANY(%s::bigint[]) OR %s::boolean AND u.role IN ('team_lead', 'sales_manager'))
ORDER BY u.id
""")

# Indexes used: delivery_once, delivery_notice_once. Lock: the new rows. Idempotent: who has been told of an event or a
# notice by a channel is left out. Columns rather than JSON: a bad minute has thousands of rows, and they are numbers.
INSERT_DELIVERIES = Often("""
INSERT INTO notifications_delivery (
    event_id, lead_id, notice_id, recipient_id, channel, kind, created_at, read_at, state, due_at, attempts, last_error)
SELECT event_id, lead_id, notice_id, recipient_id, channel, kind, now.at, CASE WHEN own THEN now.at END,
       CASE channel WHEN 'app' THEN 'done' ELSE 'pending' END, now.at, 0, ''
FROM (SELECT %s::timestamptz AS at) now,
     unnest(%s::bigint[], %s::bigint[], %s::bigint[], %s::bigint[], %s::text[], %s::text[], %s::boolean[])
     AS r(event_id, lead_id, notice_id, recipient_id, channel, kind, own)
ON CONFLICT DO NOTHING
""")
