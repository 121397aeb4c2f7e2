"""The set-based statements of the scoring room."""

from leads.standing import APPLY_SCORES

# Index used: entry_history. What the live path must know of leads it scores: how often each rule gave, per day and
# value, what profile rules gave and took back, and how far the ledger reaches. One short row per lead, rule and day.
LIVE_STATE = """
SELECT lead_id, kind, rule_id, repeat_key, (effective_at AT TIME ZONE 'Asia/Ho_Chi_Minh')::date, count(*),
       sum(delta), max(effective_at)
FROM scoring_ledgerentry
WHERE lead_id = ANY(%s)
GROUP BY 1, 2, 3, 4, 5, CASE WHEN kind = 'profile' THEN id END
ORDER BY max(effective_at), max(id)
"""

# Lock: the new rows. Idempotent: an award, a step or a key that is already booked is left out.
INSERT_ENTRIES = """
INSERT INTO scoring_ledgerentry (
    lead_id, kind, rule_id, model_version, event_id, delta, fit_delta, effective_at, recorded_at, step, spell, repeat_key)
SELECT lead_id, kind, rule_id, %s, event_id, delta, fit_delta, effective_at, %s, step, spell, repeat_key
FROM jsonb_to_recordset(%s::jsonb) AS r(
    lead_id bigint, kind text, rule_id bigint, event_id bigint, delta integer, fit_delta integer,
    effective_at timestamptz, step smallint, spell timestamptz, repeat_key text)
ON CONFLICT DO NOTHING
"""

# Index used: standing_decay_due. Lock: the due standings, skipping those another sweep or act holds (they are due
# again at once). Idempotent: entry_once_per_step, and next_decay_at moves past `at`. Cost follows the rows due.
# A step takes from engagement first, then from fit, never below 0; a step that finds nothing books nothing.
SWEEP_INACTIVITY = f"""
WITH steps AS MATERIALIZED (
    SELECT * FROM jsonb_to_recordset(%(steps)s::jsonb) AS r(step smallint, days integer, points integer)
), due AS MATERIALIZED (
    SELECT lead_id, fit, engagement, quiet_since, next_decay_at
    FROM leads_standing
    WHERE next_decay_at <= %(at)s AND quiet_since IS NOT NULL
    ORDER BY next_decay_at LIMIT %(limit)s
    FOR UPDATE SKIP LOCKED
), fired AS MATERIALIZED (
    SELECT d.lead_id, s.step, d.quiet_since, d.quiet_since + make_interval(days => s.days) AS effective_at,
           d.fit, d.engagement,
           sum(s.points) OVER (PARTITION BY d.lead_id ORDER BY s.step) - s.points AS before,
           sum(s.points) OVER (PARTITION BY d.lead_id ORDER BY s.step) AS after
    FROM due d
    JOIN steps s ON d.quiet_since + make_interval(days => s.days) BETWEEN d.next_decay_at AND %(at)s
), taken AS MATERIALIZED (
    SELECT lead_id, step, quiet_since, effective_at,
           greatest(0, fit + engagement - after) - greatest(0, fit + engagement - before) AS delta,
           least(fit, greatest(0, fit + engagement - after)) - least(fit, greatest(0, fit + engagement - before))
               AS fit_delta
    FROM fired
), booked AS (
    INSERT INTO scoring_ledgerentry (
        lead_id, kind, model_version, delta, fit_delta, effective_at, recorded_at, step, spell, repeat_key)
    SELECT lead_id, 'decay', %(version)s, delta, fit_delta, effective_at, %(at)s, step, quiet_since, ''
    FROM taken WHERE delta <> 0
), changed AS MATERIALIZED (
    SELECT d.lead_id, coalesce(sum(t.delta), 0)::integer AS delta, coalesce(sum(t.fit_delta), 0)::integer AS fit_delta,
           (SELECT min(d.quiet_since + make_interval(days => s.days)) FROM steps s
            WHERE d.quiet_since + make_interval(days => s.days) > %(at)s) AS next_decay_at
    FROM due d LEFT JOIN taken t USING (lead_id)
    GROUP BY d.lead_id, d.quiet_since
)
{APPLY_SCORES}
"""

# Index used: standing_decay_due. For models whose awards lapse one by one: which leads are due.
DUE_LEADS = """
SELECT lead_id FROM leads_standing WHERE next_decay_at <= %s ORDER BY next_decay_at LIMIT %s FOR UPDATE SKIP LOCKED
"""

# Index used: entry_history. Leads whose score is not the sum of their ledger.
SUMS_THAT_DIFFER = """
SELECT s.lead_id, s.score, s.fit, coalesce(sum(e.delta), 0), coalesce(sum(e.fit_delta), 0)
FROM leads_standing s LEFT JOIN scoring_ledgerentry e ON e.lead_id = s.lead_id
GROUP BY s.lead_id, s.score, s.fit
HAVING s.score <> coalesce(sum(e.delta), 0) OR s.fit <> coalesce(sum(e.fit_delta), 0)
LIMIT 20
"""
