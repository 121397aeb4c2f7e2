from typing import Any

from django.conf import settings
from django.db import migrations, models
from django.db.models import F, Q


def take_old_for_read(apps: Any, _editor: Any) -> None:
    """Nobody needs to be told of what ended long ago."""
    apps.get_model("leads", "Job").objects.exclude(state="pending").update(read_at=F("created_at"))


class Migration(migrations.Migration):
    """Who asked for long work finds its end in the bell until they have looked at it."""

    dependencies = [("leads", "0010_indexes_of_the_list"), migrations.swappable_dependency(settings.AUTH_USER_MODEL)]
    operations = [
        migrations.AddField("job", "read_at", models.DateTimeField(blank=True, null=True)),
        migrations.RunPython(take_old_for_read, migrations.RunPython.noop),
        migrations.AddIndex("job", models.Index(fields=["by", "-id"], condition=Q(read_at=None), name="job_unread")),
    ]
