"""`{% sla_panel lead %}`: the promises on one lead, for its page."""

from datetime import datetime
from typing import Any

from django import template
from django.utils import timezone

from accounts.availability import office_hours
from leads.models import Lead
from sla.queries import lead_clocks

register = template.Library()


@register.inclusion_tag("sla/_panel.html")
def sla_panel(lead: Lead, at: datetime | None = None) -> dict[str, Any]:
    """The running clock with its countdown and who is responsible, then this lead's earlier clocks."""
    return {"lead": lead, "clocks": lead_clocks(lead, at=at or timezone.now(), office=office_hours())}
