"""`{% score_panel lead %}`: why this score, for the lead's page."""

from datetime import datetime
from typing import Any

from django import template
from django.template import Context
from django.utils import timezone

from accounts.permissions import may
from leads.models import Lead
from scoring.explain import why

register = template.Library()
SHOWN = 8  # rows before "show all"


@register.inclusion_tag("scoring/_panel.html", takes_context=True)
def score_panel(context: Context, lead: Lead, at: datetime | None = None) -> dict[str, Any]:
    """Every row that made the score, newest first, and what comes off next and when."""
    found = why(lead.pk, at=at or timezone.now())
    rows = [line for line in found.entries if line.points]
    user = getattr(context.get("request"), "user", None)
    return {
        "lead": lead,
        "why": found,
        "newest": rows[:SHOWN],
        "older": rows[SHOWN:],
        "may_adjust": user is not None and may(user, "scoring.adjust"),
    }
