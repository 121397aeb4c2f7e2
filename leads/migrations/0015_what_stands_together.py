from django.db import migrations

CREATE = """
CREATE STATISTICS standing_together (mcv) ON status, stage, owner_id, team_id FROM leads_standing
"""


class Migration(migrations.Migration):
    """Status, stage, owner and team go together: nobody new is at work with a team. Taken each for itself, the planner
    expects many of what there is none, and walks the whole list for it.
    """

    atomic = False
    dependencies = [("leads", "0014_whether_handed_over_in_the_walk_by_score")]
    operations = [
        migrations.RunSQL([CREATE, "ANALYZE leads_standing"], ["DROP STATISTICS standing_together"]),
    ]
