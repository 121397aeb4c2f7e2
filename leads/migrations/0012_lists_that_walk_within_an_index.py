from django.contrib.postgres.operations import AddIndexConcurrently, RemoveIndexConcurrently
from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    """What the list is narrowed by stands in the index it walks, so rows that do not match are never fetched.

    Built beside the work that goes on; what is replaced goes last.
    """

    atomic = False
    dependencies = [("leads", "0011_ended_work_in_the_bell")]
    operations = [
        AddIndexConcurrently(
            "standing",
            models.Index(
                fields=["-score", "-lead", "stage", "status", "owner", "team", "grade"], name="standing_by_score"
            ),
        ),
        AddIndexConcurrently(
            "standing",
            models.Index(fields=["grade", "-created_at", "-lead"], condition=~Q(grade="C3"), name="standing_grade"),
        ),
        AddIndexConcurrently(
            "standing",
            models.Index(
                fields=["-created_at", "-lead", "mql_at"], condition=Q(mql_at__isnull=False), name="standing_mql"
            ),
        ),
        AddIndexConcurrently(
            "standing",
            models.Index(
                fields=["-created_at", "-lead", "owner"], condition=Q(handoff_open=True), name="standing_open"
            ),
        ),
        AddIndexConcurrently(
            "lead",
            models.Index(fields=["merged_into"], condition=Q(merged_into__isnull=False), name="lead_merged_into"),
        ),
        # How many leads hold a word decides how the list is read; with the usual sample rare words look like none.
        migrations.RunSQL(
            ["ALTER TABLE leads_lead ALTER COLUMN search SET STATISTICS 500", "ANALYZE leads_lead (search)"],
            ["ALTER TABLE leads_lead ALTER COLUMN search SET STATISTICS -1"],
        ),
        RemoveIndexConcurrently("standing", "standing_score"),
        RemoveIndexConcurrently("standing", "standing_pool"),
        # Nearly every lead is merged into none: an index of all of them was one more thing to write for each.
        migrations.AlterField(
            "lead",
            "merged_into",
            models.ForeignKey("leads.Lead", models.PROTECT, blank=True, db_index=False, null=True, related_name="+"),
        ),
    ]
