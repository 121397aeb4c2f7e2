"""What the agreement adds to the log."""

from django.utils.translation import gettext_lazy as _

from accounts import notices
from leads.kinds import declare

SLA_WARNED = declare("sla.warned", _("SLA warning"), group="sla", icon="alarm-clock")
SLA_BREACHED = declare("sla.breached", _("SLA breached"), group="sla", icon="alarm-clock-off")
SLA_RETRACTED = declare("sla.retracted", _("SLA breach taken back"), group="sla", icon="alarm-clock-check")
SLA_MOVED = declare("sla.moved", _("SLA due time moved"), group="sla", icon="calendar-clock")
SLA_PAUSED = declare("sla.paused", _("SLA clock paused"), group="sla", icon="circle-pause")
SLA_RESUMED = declare("sla.resumed", _("SLA clock goes on"), group="sla", icon="circle-play")
SLA_ESCALATED = declare("sla.escalated", _("SLA breach escalated"), group="sla", icon="megaphone")
SLA_DISPUTED = declare("sla.disputed", _("SLA breach disputed"), group="sla", icon="gavel")
SLA_DISPUTE_DECIDED = declare("sla.dispute_decided", _("Dispute decided"), group="sla", icon="gavel")

# What is said of the agreement without a lead.
AGREEMENT_WAITS = notices.declare("agreement.waits")
AGREEMENT_SIGNED = notices.declare("agreement.signed")
AGREEMENT_IN_FORCE = notices.declare("agreement.in_force")
FEEDBACK_DUE = notices.declare("feedback.due")
FEEDBACK_LATE = notices.declare("feedback.late")
FEEDBACK_GIVEN = notices.declare("feedback.given")
FEEDBACK_ANSWERED = notices.declare("feedback.answered")
VERDICT_DISPUTED = notices.declare("verdict.disputed")
VERDICT_DECIDED = notices.declare("verdict.dispute_decided")
BONUS_APPROVED = notices.declare("bonus.approved")
BONUS_CORRECTED = notices.declare("bonus.corrected")
AUDIT_REVIEWED = notices.declare("audit.reviewed")
