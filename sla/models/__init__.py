from sla.models.agreement import Agreement, AgreementEntry
from sla.models.calendar_change import CalendarChange
from sla.models.clock import Clock, EscalationStep

__all__ = ["Agreement", "AgreementEntry", "CalendarChange", "Clock", "EscalationStep"]
