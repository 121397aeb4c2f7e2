"""The panel on a lead's page: who else this may be."""

from typing import Any

from django import template
from django.template import Context

from accounts.permissions import may
from leads.merging.finding import duplicates_of
from leads.models import Duplicate, Lead

register = template.Library()


@register.inclusion_tag("leads/_duplicates_panel.html", takes_context=True)
def duplicates_panel(context: Context, lead: Lead) -> dict[str, Any]:
    """Nothing for those who may not merge. One query."""
    user = context["request"].user
    pairs = duplicates_of(lead.pk, user) if may(user, "leads.merge") else []
    return {"lead": lead, "pairs": [(pair, other_of(pair, lead.pk)) for pair in pairs]}


@register.filter
def other_of(pair: Duplicate, lead_id: int) -> Lead:
    """The one of the two that is not this lead."""
    return pair.other if pair.one_id == lead_id else pair.one
