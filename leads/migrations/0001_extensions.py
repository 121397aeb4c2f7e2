from django.contrib.postgres.operations import TrigramExtension
from django.db import migrations


class Migration(migrations.Migration):
    """Search by any part of a name needs trigrams."""

    initial = True
    dependencies: list[tuple[str, str]] = []
    operations = [TrigramExtension()]
