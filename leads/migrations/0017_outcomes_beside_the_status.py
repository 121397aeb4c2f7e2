from django.contrib.postgres.operations import AddIndexConcurrently, RemoveIndexConcurrently
from django.db import migrations, models
from django.db.models import Q

STEP = 20_000  # leads: each step is short, so nobody waits for it

# Index used: primary key. Lock: the rows of the step. Idempotent.
FILL = """
UPDATE leads_standing s SET outcome = h.outcome FROM leads_handoff h
WHERE s.handoff_id = h.id AND s.lead_id > %s AND s.lead_id <= %s AND s.outcome <> h.outcome
"""

# What an undo brings back knows it from then on too. Lock: the rows. Idempotent.
FILL_LINES = """
UPDATE leads_importrow r SET before = jsonb_set(r.before, '{standing,outcome}', to_jsonb(coalesce((
    SELECT h->>'outcome' FROM jsonb_array_elements(r.before->'handoffs') h
    WHERE h->'id' = r.before->'standing'->'handoff_id'), '')))
WHERE r.before ? 'standing' AND NOT r.before->'standing' ? 'outcome'
"""
FILL_MERGES = """
UPDATE leads_merge m SET before = pg_temp.given(m.before), moved = pg_temp.given(m.moved)
WHERE m.before ? 'leads_standing' AND NOT jsonb_path_exists(m.before, '$.leads_standing.*.outcome')
"""
GIVEN = """
CREATE FUNCTION pg_temp.given(kept jsonb) RETURNS jsonb LANGUAGE sql AS $$
    SELECT CASE WHEN kept ? 'leads_standing' THEN jsonb_set(kept, '{leads_standing}', (
        SELECT coalesce(jsonb_object_agg(s.key, s.value || jsonb_build_object('outcome', coalesce(
            kept->'leads_handoff'->(s.value->>'handoff_id')->>'outcome', ''))), '{}')
        FROM jsonb_each(kept->'leads_standing') s)) ELSE kept END
$$
"""
TOGETHER = """
DROP STATISTICS IF EXISTS standing_together;
CREATE STATISTICS standing_together (mcv) ON {} FROM leads_standing
"""


def fill(apps, schema_editor):
    with schema_editor.connection.cursor() as cursor:
        cursor.execute("SELECT coalesce(max(lead_id), 0) FROM leads_standing")
        for first in range(0, cursor.fetchone()[0], STEP):
            cursor.execute(FILL, [first, first + STEP])
        cursor.execute(FILL_LINES)
        cursor.execute(GIVEN)
        cursor.execute(FILL_MERGES)
        cursor.execute("DROP FUNCTION pg_temp.given(jsonb)")


class Migration(migrations.Migration):
    """What came of each lead's hand-off is written beside its status, and the indexes of the list know it.

    Built beside the work that goes on; what is replaced goes last.
    """

    atomic = False
    dependencies = [("leads", "0016_what_came_of_the_hand_off")]
    operations = [
        migrations.RunPython(fill, migrations.RunPython.noop),
        AddIndexConcurrently(
            "standing",
            models.Index(
                fields=["-score", "-lead", "stage", "status", "owner", "team", "grade", "outcome"],
                name="standing_by_score",
            ),
        ),
        AddIndexConcurrently(
            "standing",
            models.Index(
                fields=["-created_at", "-lead", "outcome", "stage", "status", "owner", "team", "grade"],
                condition=~Q(outcome=""),
                name="standing_outcome",
            ),
        ),
        migrations.RunSQL(
            [TOGETHER.format("status, stage, owner_id, team_id, outcome"), "ANALYZE leads_standing"],
            [TOGETHER.format("status, stage, owner_id, team_id")],
        ),
        RemoveIndexConcurrently("standing", "standing_score"),
    ]
