from django.db import migrations

WENT = """
CREATE FUNCTION reports_standings_went() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM reports_leave_marks('leads', (SELECT array_agg(DISTINCT reports_day(created_at)) FROM went));
    RETURN NULL;
END $$;

CREATE FUNCTION reports_handoffs_went() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM reports_leave_marks('offered', (SELECT array_agg(DISTINCT reports_day(offered_at)) FROM went));
    PERFORM reports_leave_marks('decided', (SELECT array_agg(DISTINCT reports_day(decided_at)) FROM went));
    PERFORM reports_leave_marks('won', (SELECT array_agg(DISTINCT reports_day(won_at)) FROM went));
    PERFORM reports_leave_marks('leads', reports_lead_days((SELECT array_agg(lead_id) FROM went)));
    RETURN NULL;
END $$;

CREATE FUNCTION reports_clocks_went() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM reports_leave_marks('due', (SELECT array_agg(DISTINCT reports_day(due_at)) FROM went));
    RETURN NULL;
END $$;
"""

# Table, the trigger row by row of 0002, and the function of whole statements that takes its place.
TABLES = (
    ("leads_standing", "reports_standing_changed", "reports_standings_went"),
    ("leads_handoff", "reports_handoff_changed", "reports_handoffs_went"),
    ("sla_clock", "reports_clock_changed", "reports_clocks_went"),
)
BY_STATEMENT = "".join(
    f"DROP TRIGGER {by_row}_away ON {table};"
    f"CREATE TRIGGER {whole} AFTER DELETE ON {table} REFERENCING OLD TABLE AS went "
    f"FOR EACH STATEMENT EXECUTE FUNCTION {whole}();"
    for table, by_row, whole in TABLES
)
BY_ROW = "".join(
    f"DROP FUNCTION {whole}() CASCADE;"
    f"CREATE TRIGGER {by_row}_away AFTER DELETE ON {table} FOR EACH ROW EXECUTE FUNCTION {by_row}();"
    for table, by_row, whole in TABLES
)


class Migration(migrations.Migration):
    """An import taken back leaves one mark per day and statement, not several per lead that goes.

    Row by row each hand-off that went asked five times for its days: most of the time of an undo.
    """

    dependencies = [("reports", "0009_rolled_days_have_a_version")]
    operations = [migrations.RunSQL(WENT + BY_STATEMENT, BY_ROW)]
