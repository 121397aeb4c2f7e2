"""Words people pin on a lead."""

from collections.abc import Sequence
from datetime import datetime

from django.utils.translation import gettext as _

from accounts.models import User
from core.errors import Invalid
from core.text import clean
from leads.events import Fact, record
from leads.kinds import LEAD_UPDATED
from leads.models import Lead
from leads.standing import lock

MOST_TAGS = 30
LONGEST_TAG = 60


def tag_lead(
    lead_id: int, *, by: User | None, at: datetime, add: Sequence[str] = (), remove: Sequence[str] = ()
) -> Lead:
    """Pins and unpins tags, in the order they came; what changes nothing is not recorded. Raises Invalid."""
    with lock([lead_id]) as rows:
        lead = Lead.objects.select_for_update().get(pk=lead_id)
        kept = [tag for tag in lead.tags if tag not in remove]
        added = [tag for tag in dict.fromkeys(_cleaned(add)) if tag not in kept]
        removed = [tag for tag in lead.tags if tag not in kept]
        if not (added or removed):
            return lead
        lead.tags, lead.updated_at = [*kept, *added], at
        if len(lead.tags) > MOST_TAGS:
            raise Invalid(_("A lead has at most %(most)s tags.") % {"most": MOST_TAGS}, code="too_many", field="tag")
        lead.save(update_fields=["tags", "updated_at"])
        properties = {"tags": {"added": added, "removed": removed}}
        record([Fact(lead_id, LEAD_UPDATED, at, by.pk if by else None, properties=properties)], at=at, rows=rows)
    return lead


def _cleaned(tags: Sequence[str]) -> list[str]:
    return [word for tag in tags if (word := clean(tag, LONGEST_TAG))]
