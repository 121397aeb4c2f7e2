"""The one statement of the API room."""

# Index used: idempotency_once. Waits for another request with the same key to end (at most lock_timeout), then
# answers nothing if that one left its answer. A record older than the span is taken over. Idempotent by the index.
CLAIM = """
INSERT INTO api_idempotencyrecord AS r (client, key, digest, status, headers, body, created_at)
VALUES (%s, %s, %s, 0, '{}', '', %s)
ON CONFLICT (client, key) DO UPDATE
SET digest = EXCLUDED.digest, status = 0, headers = '{}', body = '', created_at = EXCLUDED.created_at
WHERE r.created_at <= %s
RETURNING r.id
"""
