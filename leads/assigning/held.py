"""What was recalled too often waits for a manager: no drain gives it to anybody."""

from django.db.models import Exists, OuterRef

from leads.models import Handback, Policy


def held(handoff: str = "pk") -> Exists:
    """Whether the hand-off that `handoff` points at is the manager's to place. Index: handback_numbered."""
    limit = Policy.current().recalls
    rows = Handback.objects.filter(handoff=OuterRef(handoff), kind=Handback.Kind.RECALLED, number__gte=limit)
    return Exists(rows)
