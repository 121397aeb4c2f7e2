from django.db import migrations


class Migration(migrations.Migration):
    """What the reports ask of the log and of the calls, and nobody else does.

    Partial on purpose: the log is the busiest table, and only moves of a status pay for this index.
    """

    atomic = False
    dependencies = [("reports", "0003_goals_saved_reports_screens"), ("leads", "0003_standing_room_to_update")]
    operations = [
        migrations.RunSQL(
            "CREATE INDEX CONCURRENTLY IF NOT EXISTS event_moved ON leads_event (occurred_at)"
            " WHERE kind = 'status.moved'",
            "DROP INDEX CONCURRENTLY IF EXISTS event_moved",
        ),
        migrations.RunSQL(
            "CREATE INDEX CONCURRENTLY IF NOT EXISTS call_by_day ON leads_call (occurred_at)",
            "DROP INDEX CONCURRENTLY IF EXISTS call_by_day",
        ),
    ]
