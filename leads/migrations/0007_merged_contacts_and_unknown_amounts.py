from django.contrib.postgres.operations import AddConstraintNotValid, AddIndexConcurrently, ValidateConstraint
from django.db import migrations, models
from django.db.models import Q

HANDOFF_WON = models.CheckConstraint(
    condition=Q(("revenue", None), ("won_at", None))
    | Q(("outcome", "accepted"), ("revenue__gte", 0), ("won_at__isnull", False)),
    name="handoff_won_has_revenue",
)
STANDING_WON = models.CheckConstraint(
    condition=Q(("stage", "customer"), ("status", "won"), ("won_amount__gte", 0))
    | Q(Q(("status", "won"), _negated=True), ("won_amount", None), Q(("stage", "customer"), _negated=True)),
    name="standing_won_has_amount",
)


class Migration(migrations.Migration):
    """Nothing here holds a big table for longer than a moment: indexes are built beside the work, checks read later."""

    atomic = False
    dependencies = [("leads", "0006_imports_spend_and_merges")]

    operations = [
        AddIndexConcurrently(
            "lead",
            models.Index(condition=Q(("merged_into__isnull", False)), fields=["phone"], name="lead_merged_phone"),
        ),
        AddIndexConcurrently(
            "lead",
            models.Index(condition=Q(("merged_into__isnull", False)), fields=["email"], name="lead_merged_email"),
        ),
        AddIndexConcurrently(
            "standing",
            models.Index(condition=Q(("handoff__isnull", False)), fields=["handoff"], name="standing_handoff"),
        ),
        migrations.RemoveConstraint("handoff", "handoff_won_has_revenue"),
        AddConstraintNotValid("handoff", HANDOFF_WON),
        ValidateConstraint("handoff", "handoff_won_has_revenue"),
        migrations.RemoveConstraint("standing", "standing_won_has_amount"),
        AddConstraintNotValid("standing", STANDING_WON),
        ValidateConstraint("standing", "standing_won_has_amount"),
    ]
