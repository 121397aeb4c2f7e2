from django.contrib.postgres.operations import AddIndexConcurrently, RemoveIndexConcurrently
from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    """A rep's or a team's leads and the pool are found together by two indexes that see stage and status.

    No index more than before. Built beside the work that goes on; what is replaced goes last.
    """

    atomic = False
    dependencies = [("leads", "0019_requests_of_a_person")]
    operations = [
        AddIndexConcurrently(
            "standing",
            models.Index(
                fields=["owner", "-created_at", "-lead", "stage", "status", "grade", "outcome"],
                name="standing_by_owner",
            ),
        ),
        AddIndexConcurrently(
            "standing",
            models.Index(
                fields=["team", "-created_at", "-lead", "stage", "status", "grade", "outcome"], name="standing_by_team"
            ),
        ),
        AddIndexConcurrently(
            "standing",
            models.Index(
                fields=["-created_at", "-lead", "owner"], condition=Q(outcome="open"), name="standing_waiting"
            ),
        ),
        RemoveIndexConcurrently("standing", "standing_owner"),
        RemoveIndexConcurrently("standing", "standing_team"),
        RemoveIndexConcurrently("standing", "standing_open"),
    ]
