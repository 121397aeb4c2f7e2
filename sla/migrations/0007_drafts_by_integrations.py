import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    """An entry may be written by a key. Backwards, what keys wrote is taken out first: it has nobody to name."""

    dependencies = [("sla", "0006_samples_know_their_last_call")]

    operations = [
        migrations.AlterField(
            "agreemententry",
            "by",
            models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.RunSQL("", "DELETE FROM sla_agreemententry WHERE by_id IS NULL"),
    ]
