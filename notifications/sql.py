"""The set-based statement of this room: one row or a thousand, same statement."""

from core.statements import Often

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
