"""The few leads that match best, at once, however many match: what the palette shows."""

from django.db.models import QuerySet

from leads.models import Standing
from leads.search import match_of, search_condition, search_terms

FOUND = 8
CANDIDATES = 300


def best(rows: QuerySet[Standing], query: str) -> list[Standing]:
    """The best of what matches: the very phone, e-mail or id first, then names from their start, then by score.

    Of more than 300 that match, 300 are compared: who types a common name goes on typing. Two queries.
    """
    if not search_terms(query):
        return []
    found = rows.filter(search_condition(query)).select_related(None).order_by().values_list("lead", flat=True)
    candidates = list(found[:CANDIDATES])
    ranked = rows.filter(lead__in=candidates).annotate(match=match_of(query))
    return list(ranked.order_by("-match", "-score", "-lead")[:FOUND])
