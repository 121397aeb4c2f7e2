from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    """What the lead list filters by, on the table that seldom changes. Built beside the work that goes on."""

    atomic = False
    dependencies = [("leads", "0009_assignment_rules_and_handbacks")]
    operations = [
        AddIndexConcurrently("lead", GinIndex(fields=["custom"], opclasses=["jsonb_path_ops"], name="lead_custom")),
        AddIndexConcurrently(
            "lead", models.Index(fields=["campaign"], condition=~Q(campaign=""), name="lead_campaign")
        ),
        AddIndexConcurrently("lead", models.Index(fields=["product"], condition=~Q(product=""), name="lead_product")),
        AddIndexConcurrently("lead", models.Index(fields=["city"], condition=~Q(city=""), name="lead_city")),
    ]
