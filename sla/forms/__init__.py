from sla.forms.office import DayForm, OfficeHoursForm, SpecialDayForm

__all__ = ["DayForm", "OfficeHoursForm", "SpecialDayForm"]
