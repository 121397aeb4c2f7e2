"""The set-based statement of this room: one row or a thousand, same statement."""

from core.statements import Often

# Indexes used: delivery_once, delivery_notice_once. Lock: the new rows. Idempotent: who has been told of an event or a
# notice by a channel is left out.
INSERT_DELIVERIES = Often("""
INSERT INTO notifications_delivery (
    event_id, lead_id, notice_id, recipient_id, channel, kind, created_at, read_at, state, due_at, attempts, last_error)
SELECT event_id, lead_id, notice_id, recipient_id, channel, kind, created_at, read_at, state, created_at, 0, ''
FROM jsonb_to_recordset(%s::jsonb) AS r(
    event_id bigint, lead_id bigint, notice_id bigint, recipient_id bigint, channel text, kind text,
    created_at timestamptz, read_at timestamptz, state text)
ON CONFLICT DO NOTHING
""")
