"""The few leads that match best, at once, however many match: what the palette shows."""

from difflib import SequenceMatcher

from django.contrib.postgres.search import TrigramWordSimilarity
from django.db import OperationalError, transaction
from django.db.models import QuerySet

from core.text import digits, fold
from leads import sql
from leads.models import Standing
from leads.phones import phone_fragment
from leads.search import match_of, search_condition, search_terms

FOUND = 8
CANDIDATES = 300
MEANT = 4
ALIKE = 4  # letters; a shorter word with a slip is alike to nearly everything
LONGEST = 60
PATIENCE = "50ms"  # looking for what is alike may find nothing, but never keeps anybody waiting
LIKENESS = "0.5"  # share of the query's trigrams: one slip in a word of five letters or more keeps at least half


def best(rows: QuerySet[Standing], query: str) -> list[Standing]:
    """The best of what matches: the very phone, e-mail or id first, then names from their start, then by score.

    Of more than 300 that match, 300 are compared: who types a common name goes on typing. Where nothing matches, names
    and companies that are spelled nearly so. Two queries; then two more.
    """
    if not search_terms(query):
        return []
    found = rows.filter(search_condition(query)).select_related(None).order_by().values_list("lead", flat=True)
    candidates = list(found[:CANDIDATES])
    if not candidates:
        return nearly(rows, query)
    ranked = rows.filter(lead__in=candidates).annotate(match=match_of(query))
    return list(ranked.order_by("-match", "-score", "-lead")[:FOUND])


def meant(rows: QuerySet[Standing], query: str) -> list[str]:
    """What was perhaps meant where nothing matches: names or companies spelled nearly so, the likeliest first."""
    words = fold(query)[:LONGEST]

    def likeness(text: str) -> float:
        return SequenceMatcher(None, words, fold(text)).ratio()

    said = [max(row.lead.name, row.lead.company, key=likeness) for row in nearly(rows, query)]
    once = {fold(text): text for text in said if text}
    return sorted(once.values(), key=likeness, reverse=True)[:MEANT]


def nearly(rows: QuerySet[Standing], query: str, *, patience: str = PATIENCE) -> list[Standing]:
    """Leads with words like these, the most alike first; none for numbers, or when it takes longer than `patience`.

    Index: lead_search.
    """
    words = fold(query)[:LONGEST]
    if len(words) < ALIKE or digits(words) or phone_fragment(query):
        return []
    alike = rows.filter(lead__search__trigram_word_similar=words)
    ranked = alike.annotate(alike=TrigramWordSimilarity(words, "lead__search"))
    try:
        with transaction.atomic():
            sql.run(sql.BRIEFLY, patience, LIKENESS)
            found: list[Standing] = list(ranked.order_by("-alike", "-score", "-lead")[:FOUND])
            transaction.set_rollback(True)  # nothing was written; this takes the settings back
    except OperationalError:
        return []
    return found
