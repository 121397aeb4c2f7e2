"""The table of the cache `entrance` (Django's own layout): failed log-ins and used codes, which outlive Valkey."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("accounts", "0003_notice")]

    operations = [
        migrations.RunSQL(
            [
                "CREATE TABLE entrance_guard"
                " (cache_key varchar(255) PRIMARY KEY, value text NOT NULL, expires timestamptz NOT NULL)",
                "CREATE INDEX entrance_guard_expires ON entrance_guard (expires)",
            ],
            "DROP TABLE entrance_guard",
        )
    ]
