"""Words people pin on a lead."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from accounts.models import User
from core.errors import Invalid
from core.text import clean
from leads import sql
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
    tagged = tag_leads([lead_id], by=by, at=at, add=add, remove=remove)
    for refusal in tagged.refused.values():
        raise refusal
    return Lead.objects.get(pk=lead_id)


@dataclass(frozen=True)
class Tagged:
    """What tagging many leads came to: the words added and removed, and who can't take any more, by lead."""

    changed: dict[int, dict[str, list[str]]]
    refused: dict[int, Invalid]


def tag_leads(
    lead_ids: Iterable[int], *, by: User | None, at: datetime, add: Sequence[str] = (), remove: Sequence[str] = ()
) -> Tagged:
    """The same for many leads, in one statement each for the words and the facts."""
    words, tagged, written = _cleaned(add), Tagged({}, {}), []
    with lock(lead_ids) as rows:
        for lead in Lead.objects.select_for_update().filter(pk__in=rows).order_by("pk").only("tags"):
            kept = [tag for tag in lead.tags if tag not in remove]
            added = [tag for tag in words if tag not in kept]
            removed = [tag for tag in lead.tags if tag not in kept]
            if len(kept) + len(added) > MOST_TAGS and added:
                tagged.refused[lead.pk] = _too_many()
            elif added or removed:
                tagged.changed[lead.pk] = {"added": added, "removed": removed}
                written.append({"id": lead.pk, "tags": [*kept, *added]})
        if written:
            sql.run(sql.SET_TAGS, at, sql.as_json(written))
        facts = [_fact(lead_id, change, by=by, at=at) for lead_id, change in tagged.changed.items()]
        record(facts, at=at, rows=rows)
    return tagged


def _fact(lead_id: int, change: dict[str, list[str]], *, by: User | None, at: datetime) -> Fact:
    return Fact(lead_id, LEAD_UPDATED, at, by.pk if by else None, properties={"tags": change})


def _too_many() -> Invalid:
    return Invalid(_("A lead has at most %(most)s tags.") % {"most": MOST_TAGS}, code="too_many", field="tag")


def _cleaned(tags: Sequence[str]) -> list[str]:
    return list(dict.fromkeys(word for tag in tags if (word := clean(tag, LONGEST_TAG))))
