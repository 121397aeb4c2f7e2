from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("sla", "0005_feedback_verdicts_bonus_audits")]
    operations = [
        migrations.AddField(
            model_name="auditdraw",
            name="last_call",
            field=models.PositiveBigIntegerField(
                default=0, help_text="The newest call known then: later ones are not drawn from."
            ),
            preserve_default=False,
        ),
    ]
