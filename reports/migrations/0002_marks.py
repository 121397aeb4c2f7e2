from django.db import migrations

FUNCTIONS = """
CREATE FUNCTION reports_day(moment timestamptz) RETURNS date LANGUAGE sql IMMUTABLE PARALLEL SAFE AS
$$ SELECT (moment AT TIME ZONE 'Asia/Ho_Chi_Minh')::date $$;

-- The twin of reports/steps.py.
CREATE FUNCTION reports_step(elapsed interval) RETURNS bigint LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT floor(s / width)::bigint * width
    FROM (SELECT floor(extract(epoch FROM elapsed)) AS s) AS whole,
    LATERAL (SELECT CASE WHEN s < 0 THEN 86400 WHEN s < 600 THEN 10 WHEN s < 14400 THEN 60
                         WHEN s < 172800 THEN 900 WHEN s < 864000 THEN 3600 ELSE 86400 END AS width) AS rule
$$;

-- Leaves a mark on those of the days that are announced. Only inserts: no writer ever waits for another.
CREATE FUNCTION reports_leave_marks(wanted text, days date[]) RETURNS void LANGUAGE sql AS $$
    INSERT INTO reports_mark (part, day)
    SELECT part, day FROM reports_rolledday WHERE part = wanted AND day = ANY(days)
$$;

CREATE FUNCTION reports_lead_days(leads bigint[]) RETURNS date[] LANGUAGE sql STABLE AS $$
    SELECT array_agg(DISTINCT reports_day(created_at)) FROM leads_standing WHERE lead_id = ANY(leads)
$$;

CREATE FUNCTION reports_standing_came() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM reports_leave_marks('leads', (SELECT array_agg(DISTINCT reports_day(created_at)) FROM came));
    RETURN NULL;
END $$;

CREATE FUNCTION reports_standing_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' THEN
        PERFORM reports_leave_marks('leads', ARRAY[reports_day(OLD.created_at)]);
    ELSE
        PERFORM reports_leave_marks('leads', ARRAY[reports_day(OLD.created_at), reports_day(NEW.created_at)]);
    END IF;
    RETURN NULL;
END $$;

CREATE FUNCTION reports_handoffs_came() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM reports_leave_marks('offered', (SELECT array_agg(DISTINCT reports_day(offered_at)) FROM came));
    IF EXISTS (SELECT FROM came WHERE decided_at IS NOT NULL) THEN
        PERFORM reports_leave_marks('decided', (SELECT array_agg(DISTINCT reports_day(decided_at)) FROM came));
        PERFORM reports_leave_marks('won', (SELECT array_agg(DISTINCT reports_day(won_at)) FROM came));
        PERFORM reports_leave_marks('leads', reports_lead_days((SELECT array_agg(lead_id) FROM came)));
    END IF;
    RETURN NULL;
END $$;

CREATE FUNCTION reports_handoff_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM reports_leave_marks('offered', ARRAY[reports_day(OLD.offered_at)]);
    PERFORM reports_leave_marks('decided', ARRAY[reports_day(OLD.decided_at)]);
    PERFORM reports_leave_marks('won', ARRAY[reports_day(OLD.won_at)]);
    PERFORM reports_leave_marks('leads', reports_lead_days(ARRAY[OLD.lead_id]));
    IF TG_OP = 'UPDATE' THEN
        PERFORM reports_leave_marks('offered', ARRAY[reports_day(NEW.offered_at)]);
        PERFORM reports_leave_marks('decided', ARRAY[reports_day(NEW.decided_at)]);
        PERFORM reports_leave_marks('won', ARRAY[reports_day(NEW.won_at)]);
        PERFORM reports_leave_marks('leads', reports_lead_days(ARRAY[NEW.lead_id]));
        IF (OLD.source, OLD.campaign) IS DISTINCT FROM (NEW.source, NEW.campaign) THEN
            PERFORM reports_leave_marks(
                'due', ARRAY(SELECT reports_day(due_at) FROM sla_clock WHERE handoff_id = NEW.id));
        END IF;
    END IF;
    RETURN NULL;
END $$;

CREATE FUNCTION reports_clocks_came() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM reports_leave_marks('due', (SELECT array_agg(DISTINCT reports_day(due_at)) FROM came));
    RETURN NULL;
END $$;

CREATE FUNCTION reports_clock_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM reports_leave_marks('due', ARRAY[reports_day(OLD.due_at)]);
    IF TG_OP = 'UPDATE' THEN
        PERFORM reports_leave_marks('due', ARRAY[reports_day(NEW.due_at)]);
    END IF;
    RETURN NULL;
END $$;

CREATE FUNCTION reports_qualification_changed() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    concerned bigint := CASE TG_OP WHEN 'DELETE' THEN OLD.handoff_id ELSE NEW.handoff_id END;
BEGIN
    PERFORM reports_leave_marks('offered', ARRAY(SELECT reports_day(offered_at) FROM leads_handoff WHERE id = concerned));
    PERFORM reports_leave_marks(
        'leads', reports_lead_days(ARRAY(SELECT lead_id FROM leads_handoff WHERE id = concerned)));
    RETURN NULL;
END $$;

CREATE FUNCTION reports_lead_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM reports_leave_marks('leads', reports_lead_days(ARRAY[NEW.id]));
    PERFORM reports_leave_marks(part, array_agg(day)) FROM (
        SELECT v.part, reports_day(v.moment) AS day FROM leads_handoff h,
        LATERAL (VALUES ('offered', h.offered_at), ('decided', h.decided_at), ('won', h.won_at)) AS v(part, moment)
        WHERE h.lead_id = NEW.id
        UNION ALL
        SELECT 'due', reports_day(due_at) FROM sla_clock WHERE lead_id = NEW.id
    ) AS days GROUP BY part;
    RETURN NULL;
END $$;
"""

STANDING = "created_at, team_id, owner_id, source, campaign, handoff_id"
HANDOFF = (
    "lead_id, team_id, owner_id, source, campaign, offered_at, first_touch_at, decided_at, outcome, reason, won_at,"
    " revenue"
)
CLOCK = (
    "due_at, promise, stopped_at, stop_reason, breached_at, team_id, owner_id, breach_team_id, breach_owner_id,"
    " handoff_id, lead_id"
)
CHECKS = "handoff_id, right_phone, right_name, right_need"


def _differ(columns: str) -> str:
    old, new = (", ".join(f"{side}.{name.strip()}" for name in columns.split(",")) for side in ("OLD", "NEW"))
    return f"({old}) IS DISTINCT FROM ({new})"


def _came(table: str, function: str) -> str:
    """For all rows of a statement at once: a bulk of a thousand leads calls it once."""
    return f"""
CREATE TRIGGER {function} AFTER INSERT ON {table} REFERENCING NEW TABLE AS came
FOR EACH STATEMENT EXECUTE FUNCTION {function}();
"""


def _changed(table: str, function: str, columns: str, *, inserted: bool = False) -> str:
    """Row by row, and only where a column changes that is counted: moving a score costs one comparison."""
    return f"""
CREATE TRIGGER {function}_to AFTER UPDATE ON {table}
FOR EACH ROW WHEN ({_differ(columns)}) EXECUTE FUNCTION {function}();
CREATE TRIGGER {function}_away AFTER DELETE {"OR INSERT" if inserted else ""} ON {table}
FOR EACH ROW EXECUTE FUNCTION {function}();
"""


TRIGGERS = (
    _came("leads_standing", "reports_standing_came")
    + _changed("leads_standing", "reports_standing_changed", STANDING)
    + _came("leads_handoff", "reports_handoffs_came")
    + _changed("leads_handoff", "reports_handoff_changed", HANDOFF)
    + _came("sla_clock", "reports_clocks_came")
    + _changed("sla_clock", "reports_clock_changed", CLOCK)
    + _changed("leads_qualification", "reports_qualification_changed", CHECKS, inserted=True)
    + f"""
CREATE TRIGGER reports_lead_changed AFTER UPDATE ON leads_lead
FOR EACH ROW WHEN ({_differ("city, product")}) EXECUTE FUNCTION reports_lead_changed();
"""
)

AWAY = """
DROP FUNCTION reports_lead_changed(), reports_qualification_changed(), reports_clock_changed(), reports_clocks_came(),
    reports_handoff_changed(), reports_handoffs_came(), reports_standing_changed(), reports_standing_came() CASCADE;
DROP FUNCTION reports_lead_days(bigint[]), reports_leave_marks(text, date[]), reports_step(interval),
    reports_day(timestamptz);
"""


class Migration(migrations.Migration):
    """Whoever changes a day that is rolled up leaves a mark on it, in the same transaction, and cannot forget to.

    Triggers, because what a day holds moves by more ways than the log tells of (ADR "roll-ups"). A day that is not
    announced yet, so every lead of today, costs one look at a small index.
    """

    dependencies = [
        ("reports", "0001_rollups"),
        ("leads", "0003_standing_room_to_update"),
        ("sla", "0001_initial"),
    ]
    operations = [migrations.RunSQL(FUNCTIONS + TRIGGERS, AWAY)]
