"""The set-based statement of this room."""

from core.statements import Often

# Index used: notice_once. Lock: the new rows; who says the same thing at the same moment waits for the first to
# commit. Idempotent: what has been said is left out of the answer.
INSERT_NOTICES = Often("""
WITH given AS MATERIALIZED (
    SELECT nextval(pg_get_serial_sequence('accounts_notice', 'id')) AS id, r.*
    FROM jsonb_to_recordset(%s::jsonb) AS r(
        ref integer, kind text, key text, at timestamptz, actor_id bigint, path text, properties jsonb)
), inserted AS (
    INSERT INTO accounts_notice (id, kind, key, at, actor_id, path, properties)
    SELECT id, kind, key, at, actor_id, path, properties FROM given ORDER BY ref
    ON CONFLICT DO NOTHING
    RETURNING id
)
SELECT given.ref, given.id FROM inserted JOIN given USING (id) ORDER BY given.ref
""")
