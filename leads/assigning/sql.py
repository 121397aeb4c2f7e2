"""The statements of the deal. Each crossing of the line runs them: planned once per connection."""

from django.db import connection

from core.statements import Often
from leads.models import Handoff

_FIELDS = [field for field in Handoff._meta.concrete_fields if not field.primary_key]
COLUMNS = [field.attname for field in _FIELDS]
_NAMES = ", ".join(COLUMNS)
_TYPED = ", ".join(f"{field.attname} {field.db_parameters(connection)['type']}" for field in _FIELDS)

# Rules, specialities, people on duty, teams and absences from a day on, in five numbers: a handful of rows each. Lock:
# none.
FINGERPRINT = Often("""
SELECT (SELECT coalesce(sum(hashtextextended(r::text, 0)), 0) FROM leads_assignmentrule r WHERE r.active),
       (SELECT coalesce(sum(hashtextextended(s::text, 0)), 0) FROM leads_speciality s),
       (SELECT coalesce(sum(hashtextextended((id, full_name, role, team_id, capacity, weight)::text, 0)), 0)
        FROM accounts_user WHERE is_active AND on_duty AND capacity > 0),
       (SELECT coalesce(sum(hashtextextended(t::text, 0)), 0) FROM accounts_team t),
       (SELECT coalesce(sum(hashtextextended(a::text, 0)), 0) FROM leads_absence a WHERE a.last >= %s)
""")

# Index used: primary key. Lock: the rotation, held until the commit: whoever deals waits here.
LOCK_ROTATION = Often("SELECT key FROM leads_rotation WHERE key = %s FOR UPDATE")

# Index used: seat_once. Lock: none of its own; exact under the rotation's row.
SEATS = Often("SELECT id, rotation_id, user_id, turn FROM leads_seat WHERE rotation_id = ANY(%s)")

# Lock: the new rows, under their leads' standings. Runs once per crossing: handoff_one_open stands behind it.
OPEN_HANDOFFS = Often(f"""
INSERT INTO leads_handoff ({_NAMES}) SELECT {_NAMES} FROM jsonb_to_recordset(%s::jsonb) AS r({_TYPED})
RETURNING lead_id, id
""")
