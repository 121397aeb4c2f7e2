"""What is counted, once: every figure of every report is one of these, or a ratio of two.

A measure is a condition on rows. The same definition counts the figure and lists the rows behind it, so the two
cannot differ.
"""

from django.db.models import Aggregate, Exists, OuterRef, Q, QuerySet, Sum

from leads.enums import Outcome, Reason
from leads.models import Handoff, Qualification
from reports.counting import Measure, Reading, between, took
from reports.periods import Span
from reports.scope import Scope
from sla.enums import StopReason

# Sub-queries rather than a join: each is read once, whatever the number of hand-offs beside it.
_WRONG_PHONE = Qualification.objects.filter(right_phone=False)
_CHECKED_WHILE_OPEN = Qualification.objects.filter(right_phone__isnull=False, handoff__outcome=Outcome.OPEN)
INVALID = Q(reason=Reason.WRONG_CONTACT) | Q(Exists(_WRONG_PHONE.filter(handoff=OuterRef("pk"))))
JUDGED = ~Q(outcome=Outcome.OPEN) | Q(Exists(_CHECKED_WHILE_OPEN.filter(handoff=OuterRef("pk"))))
ACCEPTED = Q(outcome=Outcome.ACCEPTED)
WON = Q(won_at__isnull=False)
LEAD_ACCEPTED = Q(handoff__outcome=Outcome.ACCEPTED)
LEAD_WON = Q(handoff__won_at__isnull=False)


def _spoilt(span: Span) -> QuerySet[Handoff, int]:
    """The leads with an invalid hand-off, of those created in the span: none is handed over before it is created."""
    return Handoff.objects.filter(INVALID, offered_at__gte=span.start).values_list("lead", flat=True)


def _revenue(rows: Q) -> Aggregate:
    return Sum("revenue", filter=rows)


# Index used: standing_newest (or the one of owner, team or source): only the index is read.
CREATED = Reading(Scope.standings, "created_at", (Measure("leads"),))

# Indexes used: handoff_offered and standing_newest.
SPOILT = Reading(Scope.standings, "created_at", (Measure("leads_invalid"),), lambda span: Q(pk__in=_spoilt(span)))

# Index used: handoff_offered. The cohort: hand-offs offered in the period, and what came of them until now.
OFFERED = Reading(
    Scope.handoffs,
    "offered_at",
    (
        Measure("offered"),
        Measure("offered_accepted", ACCEPTED),
        Measure("offered_recycled", Q(outcome=Outcome.RECYCLED)),
        Measure("offered_discarded", Q(outcome=Outcome.DISCARDED)),
        Measure("offered_open", Q(outcome=Outcome.OPEN)),
        Measure("offered_won", WON),
        Measure("offered_revenue", WON, _revenue),
        Measure("offered_judged", JUDGED),
        Measure("offered_invalid", INVALID),
        Measure("offered_touched", Q(first_touch_at__isnull=False)),
        Measure("touch_median", of=took("offered_at", "first_touch_at")),
        Measure("touch_p90", of=took("offered_at", "first_touch_at", 0.9)),
    ),
)

# Indexes used: handoff_decided, handoff_won, handoff_open_by_owner, together. The flow: what happened in the period.
HAPPENED = Reading(
    Scope.handoffs,
    "",
    (
        Measure("accepted", ACCEPTED, moment="decided_at"),
        Measure("won", moment="won_at"),
        Measure("revenue", of=_revenue, moment="won_at"),
        Measure("open", Q(outcome=Outcome.OPEN), moment=""),
    ),
    lambda span: between("decided_at", span) | between("won_at", span) | Q(outcome=Outcome.OPEN),
)

# Index used: clock_due. A promise belongs to the period in which it fell due.
DUE = Reading(
    Scope.clocks,
    "due_at",
    (
        Measure("promises_kept", Q(stop_reason=StopReason.TOUCHED, breached_at=None)),
        Measure("promises_broken", Q(breached_at__isnull=False)),
    ),
)

# Index used: standing_newest. The cohort of leads, and how far they have come by their latest hand-off.
REACHED = Reading(
    Scope.standings,
    "created_at",
    (
        Measure("leads_handed", Q(handoff__isnull=False)),
        Measure("leads_handed_time", of=took("created_at", "handoff__offered_at")),
        Measure("leads_accepted", LEAD_ACCEPTED),
        Measure("leads_accepted_time", LEAD_ACCEPTED, took("handoff__offered_at", "handoff__decided_at")),
        Measure("leads_won", LEAD_WON),
        Measure("leads_won_time", of=took("handoff__decided_at", "handoff__won_at")),
    ),
    lambda span: Q(mql_at__gte=span.start, handoff__offered_at__gte=span.start),
)

# Never read as a figure (it is the difference of two), only listed.
SOUND = Reading(Scope.standings, "created_at", (Measure("leads_valid"),), lambda span: ~Q(pk__in=_spoilt(span)))

READINGS = (CREATED, SPOILT, OFFERED, HAPPENED, DUE)
MEASURES = {measure.key: (reading, measure) for reading in (*READINGS, REACHED, SOUND) for measure in reading.measures}
