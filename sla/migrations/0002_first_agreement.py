from django.db import migrations


def seed(apps, schema_editor):
    """The promises of DOMAIN 5 are the model's defaults: version 1, until somebody signs another."""
    apps.get_model("sla", "Agreement").objects.get_or_create(version=1)


class Migration(migrations.Migration):
    dependencies = [("sla", "0001_initial")]
    operations = [migrations.RunPython(seed, migrations.RunPython.noop)]
