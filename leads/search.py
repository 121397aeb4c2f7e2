"""The one folded column that search looks in: name, company, e-mail, phone in both spellings, external id."""

from core.text import fold
from leads.phones import phone_fragment, search_forms

LONGEST = 1000


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


def search_terms(query: str) -> list[str]:
    """What must all occur in the column: one part of a phone number, or each folded word."""
    if number := phone_fragment(query):
        return [number]
    return fold(query)[:120].split()[:6]
