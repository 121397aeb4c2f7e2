from django.db import migrations

CHANGED = (
    "due_at, promise, stopped_at, stop_reason, breached_at, team_id, owner_id, breach_team_id, breach_owner_id,"
    " handoff_id, lead_id"
)
BY_STATEMENT = f"""
CREATE FUNCTION reports_clocks_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    -- By sets, not by a join: its plan is made for the first call, which may have one row, and kept for a thousand.
    PERFORM reports_leave_marks('due', (
        SELECT array_agg(DISTINCT reports_day(due_at)) FROM (
            (SELECT id, {CHANGED} FROM was EXCEPT SELECT id, {CHANGED} FROM came)
            UNION ALL
            (SELECT id, {CHANGED} FROM came EXCEPT SELECT id, {CHANGED} FROM was)
        ) AS counted));
    RETURN NULL;
END $$;
DROP TRIGGER reports_clock_changed_to ON sla_clock;
DROP FUNCTION reports_clock_changed();
CREATE TRIGGER reports_clocks_changed AFTER UPDATE ON sla_clock REFERENCING OLD TABLE AS was NEW TABLE AS came
FOR EACH STATEMENT EXECUTE FUNCTION reports_clocks_changed();
"""
OLD, NEW = (", ".join(f"{side}.{name.strip()}" for name in CHANGED.split(",")) for side in ("OLD", "NEW"))
BY_ROW = f"""
DROP FUNCTION reports_clocks_changed() CASCADE;
CREATE FUNCTION reports_clock_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM reports_leave_marks('due', ARRAY[reports_day(OLD.due_at)]);
    PERFORM reports_leave_marks('due', ARRAY[reports_day(NEW.due_at)]);
    RETURN NULL;
END $$;
CREATE TRIGGER reports_clock_changed_to AFTER UPDATE ON sla_clock
FOR EACH ROW WHEN (({OLD}) IS DISTINCT FROM ({NEW})) EXECUTE FUNCTION reports_clock_changed();
"""


class Migration(migrations.Migration):
    """A sweep that says a thousand breaches leaves its marks once, not two thousand times."""

    dependencies = [
        ("reports", "0010_marks_of_whole_statements"),
        ("sla", "0007_drafts_by_integrations"),
    ]
    operations = [migrations.RunSQL(BY_STATEMENT, BY_ROW)]
