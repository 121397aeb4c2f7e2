"""The set-based statements of the agreement: one row or a thousand, same statement."""

from django.db import connection

from core.statements import Often
from leads import standing
from sla.models import Clock

COLUMNS = {str(f.column): (f.attname, f.db_parameters(connection)["type"]) for f in Clock._meta.concrete_fields}
ATTNAMES = {column: attname for column, (attname, _kind) in COLUMNS.items()}
SET_ONCE = {"id", "handoff_id", "lead_id", "promise", "agreement_id", "days", "started_at"}

_STANDING = ", ".join(f"s.{column}" for column in standing.COLUMNS)
_TYPED = ", ".join(f"{column} {kind}" for column, (_attname, kind) in COLUMNS.items())
_NAMES = ", ".join(column for column in COLUMNS if column != "id")
_WRITTEN = ", ".join(f"{column} = r.{column}" for column in COLUMNS if column not in SET_ONCE)

# What holds and how it is measured, in four numbers: agreed versions, calendar version, hours, days. A handful of rows
# each. Lock: none.
FINGERPRINT = Often("""
SELECT (SELECT coalesce(sum(hashtextextended(a::text, 0)), 0) FROM sla_agreement a WHERE a.state = 'agreed'),
       (SELECT coalesce(max(version), 0) FROM sla_calendarchange),
       (SELECT coalesce(sum(hashtextextended(w::text, 0)), 0) FROM accounts_workspan w),
       (SELECT coalesce(sum(hashtextextended(d::text, 0)), 0) FROM accounts_specialday d)
""")

# Lock, of both: the standings of the leads, for whoever changes a clock holds its lead; SKIP LOCKED never waits, so two
# sweeps share the work and the order of locking can't deadlock.

# Which clocks each claim concerns.
IS_DUE = "c.next_at <= %s"
ESCALATES = "c.escalate_at <= %s"
IS_STALE = "c.next_at IS NOT NULL AND c.calendar_version < %s"

# Index used: the clocks' lead. The clocks of claimed leads that are concerned, asked under the lock: another sweep may
# have been here between the claim's snapshot and its lock.
CONCERNED = f"""
SELECT {", ".join(f"c.{name}" for name in COLUMNS)} FROM sla_clock c
WHERE c.lead_id = ANY(%s) AND {{concerned}} ORDER BY c.due_at, c.id
"""

# Index used: clock_next, so the cost follows the clocks that are due, not the open ones.
# Idempotent: what is said moves next_at on.
CLAIM_DUE = f"""
SELECT {_STANDING}
FROM sla_clock c JOIN leads_standing s ON s.lead_id = c.lead_id
WHERE {IS_DUE}
ORDER BY c.next_at
LIMIT %s
FOR UPDATE OF s SKIP LOCKED
"""

# Index used: clock_escalate. Idempotent: every step is counted, and moves escalate_at on.
CLAIM_ESCALATIONS = f"""
SELECT {_STANDING}
FROM sla_clock c JOIN leads_standing s ON s.lead_id = c.lead_id
WHERE {ESCALATES}
ORDER BY c.escalate_at
LIMIT %s
FOR UPDATE OF s SKIP LOCKED
"""

# Index used: clock_calendar. Idempotent: a clock wound again carries the newest version.
CLAIM_STALE = f"""
SELECT {_STANDING}
FROM sla_clock c JOIN leads_standing s ON s.lead_id = c.lead_id
WHERE {IS_STALE}
ORDER BY c.calendar_version
LIMIT %s
FOR UPDATE OF s SKIP LOCKED
"""

# Lock: the new rows, under their leads' standings. Runs once per hand-off: clock_one_open stands behind it.
START_CLOCKS = Often(f"""
INSERT INTO sla_clock ({_NAMES}) SELECT {_NAMES} FROM jsonb_to_recordset(%s::jsonb) AS r({_TYPED})
""")

# What a sweep says of a clock that neither moves nor ends. Columns rather than JSON: a bad minute has thousands. Index
# used: primary key. Lock: the clocks, under their leads' standings. Idempotent: writes absolute values.
SAID = (
    "next_at",
    "warned",
    "breached_at",
    "breach_segment",
    "breach_owner_id",
    "breach_team_id",
    "escalated",
    "escalate_at",
)
WRITE_SAID = Often(f"""
UPDATE sla_clock c SET {", ".join(f"{name} = r.{name}" for name in SAID)}
FROM unnest({", ".join(f"%s::{COLUMNS[name][1]}[]" for name in ("id", *SAID))}) AS r(id, {", ".join(SAID)})
WHERE c.id = r.id
""")

# Index used: primary key. Lock: the clocks, under their leads' standings. Idempotent: writes absolute values.
WRITE_CLOCKS = Often(f"""
UPDATE sla_clock c SET {_WRITTEN}
FROM jsonb_to_recordset(%s::jsonb) AS r({_TYPED})
WHERE c.id = r.id
""")
