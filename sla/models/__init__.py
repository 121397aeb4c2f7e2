from sla.models.agreement import Agreement, AgreementEntry
from sla.models.calendar_change import CalendarChange
from sla.models.clock import Clock

__all__ = ["Agreement", "AgreementEntry", "CalendarChange", "Clock"]
