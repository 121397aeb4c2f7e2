"""By what a person is found again in text that belongs to no lead: numbers and addresses in any spelling, the name."""

from collections.abc import Iterable
from dataclasses import dataclass

from core.text import digits, fold
from leads.models import Lead

VIETNAM = "84"


@dataclass(frozen=True)
class Traces:
    """Patterns for LIKE: runs of digits, addresses, and what somebody may have typed into a search."""

    numbers: list[str]
    addresses: list[str]
    searches: list[str]

    def occur_in(self, typed: str) -> bool:
        """Whether somebody was looking for this very person."""
        whole = f"{digits(typed)} {typed.lower()} {fold(typed)}"
        return any(pattern.strip("%").replace("\\", "") in whole for pattern in [*self.numbers, *self.searches])


def traces_of(leads: Iterable[Lead]) -> Traces:
    """Of a person and of all who were merged into it. A single word is no trace: it is too many people's name."""
    known = list(leads)
    numbers = {_national(lead.phone) for lead in known if lead.phone}
    addresses = {lead.email.lower() for lead in known if lead.email}
    names = {lead.name for lead in known if len(lead.name.split()) > 1}
    said = addresses | {name.lower() for name in names} | {fold(name) for name in names}
    return Traces(_patterns(numbers), _patterns(addresses), _patterns(said))


def _national(e164: str) -> str:
    """Without country code and trunk zero, as it stands within every spelling."""
    return digits(e164).removeprefix(VIETNAM)


def _patterns(parts: Iterable[str]) -> list[str]:
    return sorted("%" + part.replace("\\", r"\\").replace("%", r"\%").replace("_", r"\_") + "%" for part in parts)
