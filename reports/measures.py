"""What is counted, once: every figure of every report is one of these, or a ratio of two.

A measure is a condition on rows. The same definition counts the figure, rolls it up and lists the rows behind it, so
they cannot differ.
"""

from django.db.models import Aggregate, Exists, OuterRef, Q, Sum, Value
from django.db.models.functions import Concat

from leads.enums import Outcome, Reason
from leads.models import Handoff, Qualification
from reports.counting import Elapsed, Measure, Reading
from reports.models import Campaign
from reports.scope import BETWEEN, MARKETER, OF_CLOCK, OF_HANDOFF, OF_STANDING, PAIR, Scope
from sla.enums import StopReason
from sla.queries import RESPONSIBLE_OWNER, RESPONSIBLE_TEAM

# Sub-queries rather than a join: each is read once, whatever the number of hand-offs beside it.
_CHECKED = Qualification.objects.filter(handoff=OuterRef("pk"))
_CHECKED_WHILE_OPEN = _CHECKED.filter(right_phone__isnull=False, handoff__outcome=Outcome.OPEN)
INVALID = Q(reason=Reason.WRONG_CONTACT) | Q(Exists(_CHECKED.filter(right_phone=False)))
JUDGED = ~Q(outcome=Outcome.OPEN) | Q(Exists(_CHECKED_WHILE_OPEN))
QUALIFIED = Q(Exists(_CHECKED.filter(right_phone=True, right_name=True, right_need=True)))
ACCEPTED = Q(outcome=Outcome.ACCEPTED)
WON = Q(won_at__isnull=False)
SPOILT = Q(Exists(Handoff.objects.filter(INVALID, lead=OuterRef("pk"))))  # of a standing: its key is the lead's
LEAD_ACCEPTED = Q(handoff__outcome=Outcome.ACCEPTED)
LEAD_WON = Q(handoff__won_at__isnull=False)


def _revenue(rows: Q) -> Aggregate:
    return Sum("revenue", filter=rows or None)


# Index used: standing_created (or the one of owner, team or source). The cohort of leads: those created in the period,
# and how far they have come by their latest hand-off until now.
CREATED = Reading(
    "leads",
    Scope.standings,
    "created_at",
    (
        Measure("leads"),
        Measure("leads_invalid", SPOILT),
        Measure("leads_handed", Q(handoff__isnull=False)),
        Measure("leads_accepted", LEAD_ACCEPTED),
        Measure("leads_won", LEAD_WON),
    ),
    OF_STANDING | {MARKETER: Campaign.marketer(), PAIR: Concat("source", Value(BETWEEN), "campaign")},
    (
        Elapsed("leads_handed_time", "created_at", "handoff__offered_at"),
        Elapsed("leads_accepted_time", "handoff__offered_at", "handoff__decided_at", LEAD_ACCEPTED),
        Elapsed("leads_won_time", "handoff__decided_at", "handoff__won_at"),
    ),
)

# Index used: handoff_offered. The cohort: hand-offs offered in the period, and what came of them until now.
OFFERED = Reading(
    "offered",
    Scope.handoffs,
    "offered_at",
    (
        Measure("offered"),
        Measure("offered_accepted", ACCEPTED),
        Measure("offered_recycled", Q(outcome=Outcome.RECYCLED)),
        Measure("offered_discarded", Q(outcome=Outcome.DISCARDED)),
        Measure("offered_withdrawn", Q(outcome=Outcome.WITHDRAWN)),
        Measure("offered_open", Q(outcome=Outcome.OPEN)),
        Measure("offered_won", WON),
        Measure("offered_revenue", WON, _revenue),
        Measure("offered_judged", JUDGED),
        Measure("offered_invalid", INVALID),
        Measure("offered_qualified", QUALIFIED),
        Measure("offered_touched", Q(first_touch_at__isnull=False)),
    ),
    OF_HANDOFF | {MARKETER: Campaign.marketer()},
    (
        Elapsed("touch", "offered_at", "first_touch_at"),
        Elapsed("win", "offered_at", "won_at"),
    ),
)

# Index used: handoff_decided. The flow: what Sales decided in the period.
DECIDED = Reading(
    "decided",
    Scope.handoffs,
    "decided_at",
    (
        Measure("accepted", ACCEPTED),
        Measure("recycled", Q(outcome=Outcome.RECYCLED)),
        Measure("discarded", Q(outcome=Outcome.DISCARDED)),
    ),
    OF_HANDOFF,
)

# Index used: handoff_won. The flow: the contracts of the period.
WINS = Reading("won", Scope.handoffs, "won_at", (Measure("won", WON), Measure("revenue", WON, _revenue)), OF_HANDOFF)

# Index used: clock_due. A promise belongs to the period in which it fell due.
DUE = Reading(
    "due",
    Scope.clocks,
    "due_at",
    (
        Measure("promises_kept", Q(stop_reason=StopReason.TOUCHED, breached_at=None)),
        Measure("promises_broken", Q(breached_at__isnull=False)),
    ),
    OF_CLOCK | {"team": RESPONSIBLE_TEAM, "owner": RESPONSIBLE_OWNER},
)

# Index used: handoff_open_by_owner. As things stand now: never rolled up.
OPEN = Reading("", Scope.handoffs, "", (Measure("open", Q(outcome=Outcome.OPEN)),), OF_HANDOFF)

# Whoever stands somewhere now, narrowed by what a cell says: only listed.
STANDING = Reading("", Scope.standings, "", (Measure("standing"),), OF_STANDING)

# Never read as a figure (it is the difference of two), only listed.
SOUND = Reading("", Scope.standings, "created_at", (Measure("leads_valid", ~SPOILT),), OF_STANDING)

READINGS = (CREATED, OFFERED, DECIDED, WINS, DUE, OPEN)
ROLLED = {reading.part: reading for reading in READINGS if reading.part}
MEASURES = {measure.key: (reading, measure) for reading in (*READINGS, STANDING, SOUND) for measure in reading.measures}
