"""`{% score_panel lead %}`: why this score, for the lead's page."""

from datetime import datetime
from typing import Any

from django import template
from django.template import Context
from django.utils import timezone

from accounts.permissions import may
from leads.models import Lead
from scoring.explain import told, why

register = template.Library()


@register.inclusion_tag("scoring/_panel.html", takes_context=True)
def score_panel(context: Context, lead: Lead, at: datetime | None = None) -> dict[str, Any]:
    """The newest rows that made the score, how many came before them, and what comes off next and when."""
    found = why(lead.pk, at=at or timezone.now())
    newest, older = told(found)
    user = getattr(context.get("request"), "user", None)
    return {
        "lead": lead,
        "why": found,
        "newest": newest,
        "older": len(older),
        "may_adjust": user is not None and may(user, "scoring.adjust"),
    }
