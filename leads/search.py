"""The one folded column that search looks in: name, company, e-mail, phone in both spellings, external id."""

from django.db.models import Case, IntegerField, Q, Value, When
from django.db.models.expressions import Combinable

from core.text import fold
from leads.enquiry import Enquiry
from leads.phones import parse_phone, phone_fragment, search_forms

LONGEST = 1000
SHORT = 3  # letters; a shorter word has no trigram of its own, so it must begin a word of the lead
EXACT, NAME, WORD, PART = 4, 3, 2, 1


def search_text(*, name: str, company: str, email: str | None, phone: str | None, external_id: str) -> str:
    """What a lead is found by: folded, spaces single."""
    parts = (
        fold(name),
        fold(company),
        (email or "").lower(),
        search_forms(phone) if phone else "",
        external_id.lower(),
    )
    return " ".join(part for part in parts if part)[:LONGEST]


def search_of(said: Enquiry) -> str:
    """The same of what somebody said about themselves."""
    return search_text(
        name=said.name, company=said.company, email=said.email, phone=said.phone, external_id=said.external_id
    )


def search_terms(query: str) -> list[str]:
    """What must all occur in the column: one part of a phone number, or each folded word; none if there is no word.

    Letters alone ("a b") are as good as everywhere, each for itself: they must stand as they were typed.
    """
    if number := phone_fragment(query):
        return [number]
    words = [word for word in fold(query)[:120].split() if any(map(str.isalnum, word))][:6]
    return [" ".join(words)] if all(len(word) == 1 for word in words) and words else words


def search_condition(query: str, prefix: str = "lead__") -> Q:
    """Leads, reached by `prefix`, in which every term occurs. Index: lead_search."""
    found, terms = Q(), search_terms(query[:200])
    for term in terms:
        found &= _occurs(term, f"{prefix}search")
    return found if terms or not query.strip() else Q(**{f"{prefix}pk__lt": 0})  # signs alone are nobody's


def match_of(query: str, prefix: str = "lead__") -> Combinable:
    """How well a found lead matches: the very phone, e-mail or id; the name from its start; a word; some part."""
    whole, column = fold(query[:200]), f"{prefix}search"
    phone = parse_phone(query[:200]).e164 if phone_fragment(query) else None
    exact = Q(**{f"{prefix}email": whole}) | Q(**{f"{prefix}external_id__iexact": query.strip()[:200]})
    exact |= Q(**{f"{prefix}phone": phone}) if phone else Q()
    return Case(
        When(exact, then=Value(EXACT)),
        When(Q(**{f"{column}__startswith": whole}), then=Value(NAME)),
        When(Q(**{f"{column}__contains": f" {whole}"}), then=Value(WORD)),
        default=Value(PART),
        output_field=IntegerField(),
    )


def _occurs(term: str, column: str) -> Q:
    # The column is folded already: a plain LIKE, which its trigram index serves; icontains would hide it.
    if len(term) >= SHORT and term[1] != " ":
        return Q(**{f"{column}__contains": term})
    return Q(**{f"{column}__startswith": term}) | Q(**{f"{column}__contains": f" {term}"})
