from django.db import migrations


class Migration(migrations.Migration):
    """Scores change often: free room in each page keeps the updates inside it (measured: LIBRARIES, PostgreSQL)."""

    dependencies = [("leads", "0002_initial")]
    operations = [
        migrations.RunSQL(
            "ALTER TABLE leads_standing SET (fillfactor = 70, autovacuum_vacuum_scale_factor = 0.05)",
            "ALTER TABLE leads_standing RESET (fillfactor, autovacuum_vacuum_scale_factor)",
        )
    ]
