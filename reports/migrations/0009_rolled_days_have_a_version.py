from django.db import migrations, models

# By chance, so that a restored database never gives a version twice.
CHANCE = "UPDATE reports_rolledday SET version = hashtextextended(gen_random_uuid()::text, 0)"


class Migration(migrations.Migration):
    """What was summed up over counted days may be remembered under their versions: a day counted again has another."""

    dependencies = [("reports", "0008_campaigns_have_a_marketer")]
    operations = [
        migrations.AddField(
            "rolledday",
            "version",
            models.BigIntegerField(db_default=0, help_text="Another one, by chance, whenever it is counted."),
        ),
        migrations.RunSQL(CHANCE, migrations.RunSQL.noop),
    ]
