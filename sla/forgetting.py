"""What people wrote about a lead who is erased: the words go, who broke which promise stays."""

from leads.events import Batch
from leads.kinds import LEAD_ERASED
from sla.models import AuditedCall, Dispute

GONE = "–"


def forget_words(batch: Batch) -> None:
    """Reasons and notes of disputes, notes of call audits."""
    if gone := [event.lead_id for event in batch.of(LEAD_ERASED)]:
        disputes = Dispute.objects.filter(clock__lead__in=gone)
        disputes.update(reason=GONE)
        disputes.exclude(note="").update(note=GONE)
        AuditedCall.objects.filter(call__lead__in=gone).exclude(note="").update(note=GONE)
