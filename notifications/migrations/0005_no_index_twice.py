import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

TWICE = {
    "notifications_delivery_event_id_b0d7d368": "event_id",
    "notifications_delivery_recipient_id_8d8ed928": "recipient_id",
}


class Migration(migrations.Migration):
    """delivery_once begins with the event, and who asks by recipient asks for one channel and has indexes of its own.

    A bad minute writes thousands of rows: what nobody reads is not to be kept up. Stops nobody who writes.
    """

    atomic = False
    dependencies = [
        ("notifications", "0004_told_of_more_than_leads"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.SeparateDatabaseAndState(
            database_operations=[
                migrations.RunSQL(
                    f"DROP INDEX CONCURRENTLY IF EXISTS {name}",
                    f"CREATE INDEX CONCURRENTLY IF NOT EXISTS {name} ON notifications_delivery ({column})",
                )
                for name, column in TWICE.items()
            ],
            state_operations=[
                migrations.AlterField(
                    "delivery",
                    "event",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="leads.event",
                    ),
                ),
                migrations.AlterField(
                    "delivery",
                    "recipient",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
        ),
    ]
