from django.db import migrations, models


class Migration(migrations.Migration):
    """The list asks what came of a hand-off beside the status: so it stands there. Filled by the next migration."""

    dependencies = [("leads", "0015_what_stands_together")]
    operations = [
        migrations.AddField(
            "standing",
            "outcome",
            models.CharField(
                blank=True,
                choices=[
                    ("open", "Waiting for a decision"),
                    ("accepted", "Accepted"),
                    ("recycled", "Recycled"),
                    ("discarded", "Discarded"),
                    ("withdrawn", "Withdrawn"),
                ],
                db_default="",
                default="",
                max_length=10,
                verbose_name="outcome",
            ),
        ),
    ]
