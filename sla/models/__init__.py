from sla.models.agreement import Agreement, AgreementEntry
from sla.models.audit import AuditDraw, AuditedCall
from sla.models.bonus import BonusLine, BonusPlan, BonusStatement
from sla.models.calendar_change import CalendarChange
from sla.models.clock import Clock, EscalationStep
from sla.models.feedback import Feedback
from sla.models.verdict import Dispute, Verdict

__all__ = [
    "Agreement",
    "AgreementEntry",
    "AuditDraw",
    "AuditedCall",
    "BonusLine",
    "BonusPlan",
    "BonusStatement",
    "CalendarChange",
    "Clock",
    "Dispute",
    "EscalationStep",
    "Feedback",
    "Verdict",
]
