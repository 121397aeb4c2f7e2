from datetime import time

from django.db import migrations

MORNING, AFTERNOON = (time(8), time(12)), (time(13), time(17, 30))


def seed(apps, schema_editor):
    """Office hours of DOMAIN 5: Monday to Friday 8:00-12:00 and 13:00-17:30."""
    WorkSpan = apps.get_model("accounts", "WorkSpan")
    WorkSpan.objects.bulk_create(
        WorkSpan(weekday=weekday, start=start, end=end)
        for weekday in range(5)
        for start, end in (MORNING, AFTERNOON)
    )


class Migration(migrations.Migration):
    dependencies = [("accounts", "0001_initial")]
    operations = [migrations.RunPython(seed, migrations.RunPython.noop)]
