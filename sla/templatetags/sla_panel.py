"""`{% sla_panel lead %}`: the promises on one lead, for its page."""

from datetime import datetime
from typing import Any

from django import template
from django.template import Context
from django.utils import timezone

from accounts.availability import office_hours
from accounts.permissions import may
from leads.models import Lead
from sla.queries import lead_clocks

register = template.Library()


@register.inclusion_tag("sla/_panel.html", takes_context=True)
def sla_panel(context: Context, lead: Lead, at: datetime | None = None) -> dict[str, Any]:
    """The running clocks with countdown and who is responsible, then this lead's earlier clocks."""
    request = context.get("request")
    return {
        "lead": lead,
        "clocks": lead_clocks(lead, at=at or timezone.now(), office=office_hours()),
        "may_pause": request is not None and may(request.user, "leads.assign"),
        "csrf_token": context.get("csrf_token"),
    }
