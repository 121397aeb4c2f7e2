from django.contrib.postgres.operations import AddIndexConcurrently, RemoveIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    """Those never handed over are told apart within the walk by score, where the handed over come first.

    Built beside the work that goes on; what is replaced goes last.
    """

    atomic = False
    dependencies = [("leads", "0013_erasures")]
    operations = [
        AddIndexConcurrently(
            "standing",
            models.Index(
                fields=["-score", "-lead", "stage", "status", "owner", "team", "grade", "handoff"],
                name="standing_score",
            ),
        ),
        RemoveIndexConcurrently("standing", "standing_by_score"),
    ]
