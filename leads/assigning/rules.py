"""Which rule fits a hand-off, and which rep suits it. Pure; words are compared without case and accents."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from core.text import fold
from leads.models import AssignmentRule, Speciality


@dataclass(frozen=True, slots=True)
class Profile:
    """As much of a lead as rules ask about."""

    source: str = ""
    campaign: str = ""
    city: str = ""
    product: str = ""
    language: str = ""
    score: int = 0


class Miss(StrEnum):
    """Why a rule does not fit: the first condition that is not met."""

    OFF = "off"
    SOURCE = "source"
    CAMPAIGN = "campaign"
    CITY = "city"
    PRODUCT = "product"
    LANGUAGE = "language"
    SCORE = "score"


def miss(rule: AssignmentRule, profile: Profile) -> Miss | None:
    """What keeps the rule from fitting; None when it fits."""
    if not rule.active:
        return Miss.OFF
    asked = (
        (Miss.SOURCE, rule.sources, profile.source),
        (Miss.CAMPAIGN, rule.campaigns, profile.campaign),
        (Miss.CITY, rule.cities, profile.city),
        (Miss.PRODUCT, rule.products, profile.product),
        (Miss.LANGUAGE, rule.languages, profile.language),
    )
    for what, wanted, given in asked:
        if not among(given, wanted):
            return what
    low, high = rule.score_min, rule.score_max
    fits = (low is None or profile.score >= low) and (high is None or profile.score <= high)
    return None if fits else Miss.SCORE


def fitting(rules: Iterable[AssignmentRule], profile: Profile) -> list[AssignmentRule]:
    """The rules that decide, in order: persons to try first, up to and including the first team."""
    found = []
    for rule in rules:
        if miss(rule, profile) is None:
            found.append(rule)
            if rule.team_id is not None:
                break
    return found


def suits(speciality: Speciality | None, profile: Profile) -> bool:
    """Whether a rep with this speciality is given such a lead. What nobody knows about the lead hinders nobody."""
    if speciality is None:
        return True
    asked = (
        (speciality.products, profile.product),
        (speciality.cities, profile.city),
        (speciality.languages, profile.language),
    )
    return all(not given or among(given, wanted) for wanted, given in asked)


def among(given: str, wanted: Sequence[str]) -> bool:
    """Whether the word is one of the wanted ones; nothing wanted is anything."""
    return not wanted or fold(given) in {fold(word) for word in wanted}
