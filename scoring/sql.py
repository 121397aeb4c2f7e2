"""The set-based statements of the scoring room: one lead or a thousand, same statement."""

import re

from core.statements import Often
from leads.kinds import (
    HANDOFF_ACCEPTED,
    HANDOFF_RECYCLED,
    LEAD_ACTIONS,
    LEAD_MERGED,
    LEAD_UPDATED,
    RESERVED,
    STATUS_MOVED,
)
from leads.standing import APPLY_SCORES
from scoring.kinds import SCORE_ADJUSTED

# The same events that `scoring.replay.as_fact` makes facts of (a test compares the two).
_OTHERS = "|".join(re.escape(prefix) for prefix in RESERVED)
_KNOWN = sorted({*LEAD_ACTIONS, LEAD_MERGED, LEAD_UPDATED, HANDOFF_ACCEPTED, HANDOFF_RECYCLED, SCORE_ADJUSTED})
_NAMED = ", ".join(f"'{kind}'" for kind in _KNOWN)
CONCERNS_SCORE = f"""(
    kind !~ '^({_OTHERS})' OR kind IN ({_NAMED})
    OR kind = '{STATUS_MOVED}'
       AND (properties->>'to' IN ('won', 'wrong_target') OR properties->>'from' = 'wrong_target')
)"""

# Which model is in force, and a mark that changes when anything in it does. Twenty short rows, no index.
FINGERPRINT = Often("""
SELECT m.id, hashtextextended(m::text, 0),
       (SELECT coalesce(sum(hashtextextended(r::text, 0)), 0) FROM scoring_rule r WHERE r.model_id = m.id)
FROM scoring_scoringmodel m WHERE m.state = 'published'
""")

# Index used: event_timeline. A lead's history as far as it concerns the score, in its order.
HISTORY = f"""
SELECT lead_id, id, kind, occurred_at, properties
FROM leads_event
WHERE lead_id = ANY(%s) AND {CONCERNS_SCORE}
ORDER BY lead_id, occurred_at, id
"""

# Index used: event_timeline. Whole histories of a span of leads; properties only of the kinds somebody looks into.
HISTORY_OF_SPAN = """
SELECT lead_id, id, kind, occurred_at, CASE WHEN kind = ANY(%(told)s) THEN properties END
FROM leads_event
WHERE lead_id BETWEEN %(first)s AND %(last)s AND kind <> ALL(%(silent)s)
  AND (%(only)s::bigint[] IS NULL OR lead_id = ANY(%(only)s::bigint[]))
  AND (%(until)s::timestamptz IS NULL OR occurred_at <= %(until)s::timestamptz)
ORDER BY lead_id, occurred_at, id
"""

# Index used: event_timeline. The same histories as numbers: `kind` is a place in the list of kinds, from 0; -1 is any
# other thing a lead did. What the other kinds say is read by TOLD_OF_SPAN, in the same order.
COLUMNS_OF_SPAN = f"""
SELECT lead_id, id, occurred_at, kind_no - 1
FROM (
    SELECT lead_id, id, occurred_at, kind, coalesce(array_position(%(kinds)s, kind::text), 0) AS kind_no
    FROM leads_event
    WHERE lead_id BETWEEN %(first)s AND %(last)s AND kind <> ALL(%(silent)s) AND occurred_at <= %(until)s
) numbered
WHERE kind_no > 0 OR kind !~ '^({_OTHERS})'
ORDER BY lead_id, occurred_at, id
"""
TOLD_OF_SPAN = """
SELECT lead_id, id, properties FROM leads_event
WHERE lead_id BETWEEN %(first)s AND %(last)s AND kind = ANY(%(told)s) AND occurred_at <= %(until)s
"""

# What the live path must know of leads it scores on top of what is known, and no more: each part is asked only where
# new facts give cause to. A row is (lead, what it is, rule, key, day, how many or points, moment, event), in the order
# of the last two. Planned for their values: lists of one or of a thousand.

# Indexes used: entry_history, event_timeline, one entry of each. How far ledger and log reach: the log to the event
# before `firsts`, the first of the new ones.
REACH = f"""
SELECT g.lead_id, 'reach', NULL::bigint, '', NULL::date, 0, greatest(
    (SELECT max(effective_at) FROM scoring_ledgerentry WHERE lead_id = g.lead_id),
    (SELECT occurred_at FROM leads_event
     WHERE lead_id = g.lead_id AND id < g.first AND {CONCERNS_SCORE}
     ORDER BY occurred_at DESC LIMIT 1)), NULL::bigint
FROM unnest(%(leads)s::bigint[], %(firsts)s::bigint[]) AS g(lead_id, first)
"""

# Index used: entry_once_per_key. Which of these values have given already.
USED_UP = """
SELECT e.lead_id, 'used', e.rule_id, e.repeat_key, NULL, 1, e.effective_at, NULL
FROM unnest(%(key_leads)s::bigint[], %(key_rules)s::bigint[], %(keys)s::text[]) AS k(lead_id, rule_id, repeat_key)
JOIN scoring_ledgerentry e ON e.lead_id = k.lead_id AND e.rule_id = k.rule_id AND e.repeat_key = k.repeat_key
WHERE e.kind = 'award' AND e.repeat_key <> ''
"""

# Index used: entry_history, from the moment given on. How often these rules have given, per day.
GIVEN = """
SELECT e.lead_id, 'given', e.rule_id, '', (e.effective_at AT TIME ZONE 'Asia/Ho_Chi_Minh')::date, count(*),
       max(e.effective_at), NULL
FROM unnest(%(capped_leads)s::bigint[], %(capped_rules)s::bigint[], %(since)s::timestamptz[])
     AS c(lead_id, rule_id, since)
JOIN scoring_ledgerentry e
  ON e.lead_id = c.lead_id AND e.effective_at >= c.since AND e.rule_id = c.rule_id AND e.kind = 'award'
GROUP BY 1, 3, 5
"""

# Index used: entry_history. What profile rules gave and took back.
PROFILE_POINTS = """
SELECT lead_id, 'profile', rule_id, '', NULL, delta, effective_at, event_id
FROM scoring_ledgerentry WHERE lead_id = ANY(%(profiled)s) AND kind = 'profile'
"""

# Indexes used: entry_lapses, entry_once_per_event. The awards that have yet to lapse.
LAPSES = """
SELECT a.lead_id, a.expires_at, a.event_id, a.rule_id, a.delta
FROM scoring_ledgerentry a
WHERE a.lead_id = ANY(%s) AND a.expires_at IS NOT NULL AND NOT EXISTS (
    SELECT FROM scoring_ledgerentry x
    WHERE x.event_id = a.event_id AND x.lead_id = a.lead_id AND x.rule_id = a.rule_id AND x.kind = 'expiry')
ORDER BY 1, 2, 3, 4
"""

# Indexes used: entry_history, event_timeline. How far ledger and log of each lead reach.
REACHES = f"""
SELECT g.lead_id, greatest(
    (SELECT max(effective_at) FROM scoring_ledgerentry WHERE lead_id = g.lead_id),
    (SELECT occurred_at FROM leads_event
     WHERE lead_id = g.lead_id AND {CONCERNS_SCORE} ORDER BY occurred_at DESC LIMIT 1))
FROM unnest(%s::bigint[]) AS g(lead_id)
"""

# Lock: the new rows, under their leads' standings. A row that is there already is an error: the caller knew of it.
INSERT_ENTRIES = Often("""
INSERT INTO scoring_ledgerentry (
    lead_id, kind, rule_id, model_version, event_id, delta, fit_delta, effective_at, recorded_at, step, spell,
    repeat_key, expires_at)
SELECT lead_id, kind, rule_id, %s, event_id, delta, fit_delta, effective_at, %s, step, spell, repeat_key, expires_at
FROM jsonb_to_recordset(%s::jsonb) AS r(
    lead_id bigint, kind text, rule_id bigint, event_id bigint, delta integer, fit_delta integer,
    effective_at timestamptz, step smallint, spell timestamptz, repeat_key text, expires_at timestamptz)
""")

# Index used: entry_history. The rows that stand for themselves: those after the moment given for their lead.
BOOKED = """
SELECT e.lead_id, e.id, e.kind, e.effective_at, e.rule_id, e.event_id, e.delta, e.fit_delta, e.step, e.spell,
       e.repeat_key, e.expires_at
FROM unnest(%s::bigint[], %s::timestamptz[]) AS g(lead_id, since)
JOIN scoring_ledgerentry e ON e.lead_id = g.lead_id AND (g.since IS NULL OR e.effective_at > g.since)
"""

# Index used: entry_history alone, it holds the sums' columns. What the rows of older models come to.
OLDER_SUMS = """
SELECT e.lead_id, sum(e.delta)::integer, sum(e.fit_delta)::integer
FROM unnest(%s::bigint[], %s::timestamptz[]) AS g(lead_id, since)
JOIN scoring_ledgerentry e ON e.lead_id = g.lead_id AND e.effective_at <= g.since
GROUP BY 1
"""

# Index used: primary key of the standing. All leads that were there at a moment, in spans of so many.
SPANS = """
SELECT min(lead_id), max(lead_id), count(*)
FROM (SELECT lead_id, (row_number() OVER (ORDER BY lead_id) - 1) / %s AS span
      FROM leads_standing WHERE created_at <= %s) numbered
GROUP BY span ORDER BY 1
"""

# Indexes used: primary key of the standing, handoff_cycle_once. What became of a span of leads. A lead that was won
# or qualified without a hand-off of ours (an imported history) counts from its present status.
OUTCOMES_OF_SPAN = """
SELECT s.lead_id,
       coalesce(min(h.decided_at) FILTER (WHERE h.outcome = 'accepted'),
                CASE WHEN s.stage IN ('sql', 'customer') THEN s.status_since END),
       coalesce(min(h.won_at), CASE WHEN s.status = 'won' THEN s.status_since END),
       s.stage IN ('contact', 'prospect', 'lead')
FROM leads_standing s LEFT JOIN leads_handoff h ON h.lead_id = s.lead_id
WHERE s.lead_id BETWEEN %s AND %s
GROUP BY s.lead_id
"""

IDS_OF_SPAN = "SELECT lead_id FROM leads_standing WHERE lead_id BETWEEN %s AND %s ORDER BY lead_id"

# Index used: primary key of the standing. Lock: those rows, in the order of their ids like everybody else.
LOCK_SPAN = """
SELECT lead_id, score, fit, grade, stage, cooling, quiet_since, next_decay_at
FROM leads_standing
WHERE lead_id BETWEEN %s AND %s AND created_at <= %s
ORDER BY lead_id FOR UPDATE
"""

# Index used: standing_decay_due, so the cost follows the leads that are due. Lock: their standings, skipping those that
# another sweep or act holds: two sweeps share the work, nobody waits, and a skipped lead is due again at once.
CLAIM_DUE = """
SELECT lead_id FROM leads_standing WHERE next_decay_at <= %s ORDER BY next_decay_at LIMIT %s FOR UPDATE SKIP LOCKED
"""

# Everything that is due for the claimed leads, each at its own moment: steps of silence and awards that lapse. Both
# take from engagement first, then from fit, never below 0, so that after any number of them the score is what is left
# of score - all of them, and fit is what fits into that: sums, no loop. The same as `scoring.engine.advance`.
# Indexes used: primary key of the standing, entry_lapses, entry_once_per_event. Lock: taken by CLAIM_DUE in the same
# transaction. Idempotent: next_decay_at moves past `at`; entry_once_per_step and entry_once_per_event stand behind it.
SWEEP = f"""
WITH steps AS MATERIALIZED (
    SELECT days, points, days * interval '24 hours' AS silence
    FROM jsonb_to_recordset(%(steps)s::jsonb) AS r(days smallint, points integer)
), due AS MATERIALIZED (
    SELECT lead_id, fit, score, quiet_since, next_decay_at FROM leads_standing WHERE lead_id = ANY(%(leads)s)
), lapses AS MATERIALIZED (
    SELECT a.lead_id, a.expires_at, a.rule_id, a.event_id, a.delta
    FROM scoring_ledgerentry a
    WHERE %(expiry)s AND a.lead_id = ANY(%(leads)s) AND a.expires_at IS NOT NULL AND NOT EXISTS (
        SELECT FROM scoring_ledgerentry x
        WHERE x.event_id = a.event_id AND x.lead_id = a.lead_id AND x.rule_id = a.rule_id AND x.kind = 'expiry')
), fired AS (
    SELECT d.lead_id, d.score, d.fit, 'decay' AS kind, d.quiet_since + s.silence AS effective_at, s.points,
           s.days AS step, d.quiet_since AS spell, NULL::bigint AS rule_id, NULL::bigint AS event_id
    FROM due d JOIN steps s ON d.quiet_since + s.silence BETWEEN d.next_decay_at AND %(at)s
    UNION ALL
    SELECT d.lead_id, d.score, d.fit, 'expiry', l.expires_at, l.delta, NULL, NULL, l.rule_id, l.event_id
    FROM due d JOIN lapses l USING (lead_id) WHERE l.expires_at <= %(at)s
), summed AS (
    SELECT *, sum(points) OVER (PARTITION BY lead_id ORDER BY effective_at, kind, step, event_id, rule_id) AS gone
    FROM fired
), taken AS MATERIALIZED (
    SELECT lead_id, kind, effective_at, step, spell, rule_id, event_id,
           greatest(0, score - gone) - greatest(0, score - gone + points) AS delta,
           least(fit, greatest(0, score - gone)) - least(fit, greatest(0, score - gone + points)) AS fit_delta
    FROM summed
), booked AS (
    INSERT INTO scoring_ledgerentry (
        lead_id, kind, rule_id, model_version, event_id, delta, fit_delta, effective_at, recorded_at, step, spell,
        repeat_key)
    SELECT lead_id, kind, rule_id, %(version)s, event_id, delta, fit_delta, effective_at, %(at)s, step, spell, ''
    FROM taken WHERE delta <> 0 OR kind = 'expiry'
), later AS (
    SELECT d.lead_id, d.quiet_since + s.silence AS due_at FROM due d CROSS JOIN steps s
    UNION ALL
    SELECT lead_id, expires_at FROM lapses
), next AS (
    SELECT lead_id, min(due_at) AS due_at FROM later WHERE due_at > %(at)s GROUP BY lead_id
), totals AS (
    SELECT lead_id, sum(delta)::integer AS delta, sum(fit_delta)::integer AS fit_delta FROM taken GROUP BY lead_id
), changed AS MATERIALIZED (
    SELECT d.lead_id, coalesce(t.delta, 0) AS delta, coalesce(t.fit_delta, 0) AS fit_delta, n.due_at AS next_decay_at
    FROM due d LEFT JOIN totals t USING (lead_id) LEFT JOIN next n USING (lead_id)
)
{APPLY_SCORES}
"""

# Index used: entry_history. Leads whose score is not the sum of their ledger.
SUMS_THAT_DIFFER = """
SELECT s.lead_id, s.score, s.fit, coalesce(sum(e.delta), 0), coalesce(sum(e.fit_delta), 0)
FROM leads_standing s LEFT JOIN scoring_ledgerentry e ON e.lead_id = s.lead_id
GROUP BY s.lead_id, s.score, s.fit
HAVING s.score <> coalesce(sum(e.delta), 0) OR s.fit <> coalesce(sum(e.fit_delta), 0)
LIMIT 20
"""
