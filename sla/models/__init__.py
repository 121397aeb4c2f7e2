from sla.models.agreement import Agreement
from sla.models.calendar_change import CalendarChange
from sla.models.clock import Clock

__all__ = ["Agreement", "CalendarChange", "Clock"]
