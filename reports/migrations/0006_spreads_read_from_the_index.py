from django.contrib.postgres.operations import AddIndexConcurrently, RemoveIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    """A year of elapsed times is tens of thousands of rows: they are read from the index alone."""

    atomic = False
    dependencies = [("reports", "0005_a_step_the_planner_sees_into")]
    operations = [
        AddIndexConcurrently(
            "rolluptime",
            models.Index(
                fields=["part", "mask", "spread", "day"],
                include=["team", "owner", "source", "campaign", "product", "city", "step", "count"],
                name="rollup_time_whole",
            ),
        ),
        RemoveIndexConcurrently("rolluptime", "rollup_time_slice"),
    ]
