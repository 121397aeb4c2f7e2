"""Where each hand-off may go, in which order: what the rules, skills and earlier refusals say about a batch."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from accounts.models import User
from leads.assigning.house import House
from leads.assigning.rules import Profile, fitting, suits
from leads.models import AssignmentRule, Handback, Handoff, Lead, Speciality
from leads.standing import Standings

EVERYBODY = "sales"
Fits = Callable[[User], bool]


@dataclass(frozen=True, slots=True)
class Way:
    """One group that takes turns, and who of it may have this hand-off. `team_id`: in whose pool it waits."""

    key: str
    fits: Fits
    team_id: int | None = None
    rule: AssignmentRule | None = None


@dataclass(slots=True)
class Plan:
    """The ways of each hand-off of a batch, best first."""

    rules: Sequence[AssignmentRule]
    specialities: Mapping[int, Speciality]
    refused: dict[int, set[int]] = field(default_factory=dict)
    profiles: dict[int, Profile] = field(default_factory=dict)

    def ways(self, handoff: Handoff) -> list[Way]:
        profile = self.profiles.get(handoff.lead_id, Profile(score=handoff.score))
        refused = self.refused.get(handoff.pk, set())

        def may(user: User) -> bool:
            return user.pk not in refused and suits(self.specialities.get(user.pk), profile)

        found = [_way(rule, may) for rule in fitting(self.rules, profile)]
        if not found or found[-1].team_id is None:
            found.append(Way(EVERYBODY, may))
        return found

    def may(self, handoff: Handoff, user: User) -> bool:
        """Whether who looks after the lead already may keep it: not after having given it back."""
        return user.pk not in self.refused.get(handoff.pk, set())


def plan(handoffs: Sequence[Handoff], house: House, *, rows: Standings, fresh: bool = False) -> Plan:
    """A query where there is something to compare, another unless `fresh`: nobody can have refused yet."""
    made = Plan(house.rules, house.specialities)
    if made.rules or made.specialities:
        made.profiles = profiles((h.lead_id for h in handoffs), rows=rows)
    if not fresh:
        for handoff_id, user_id in Handback.objects.filter(handoff__in=handoffs).values_list("handoff", "user"):
            made.refused.setdefault(handoff_id, set()).add(user_id)
    return made


def profiles(lead_ids: Iterable[int], *, rows: Standings) -> dict[int, Profile]:
    """What rules ask about these leads; the score is that of the standing held."""
    leads = Lead.objects.filter(pk__in=list(lead_ids)).only("source", "campaign", "city", "product", "custom")
    return {lead.pk: profile_of(lead, score=rows[lead.pk].score) for lead in leads}


def profile_of(lead: Lead, *, score: int) -> Profile:
    """The language is the custom field `language`, when the sender says it."""
    language = str(lead.custom.get("language") or "")
    return Profile(lead.source, lead.campaign, lead.city, lead.product, language, score)


def _way(rule: AssignmentRule, may: Fits) -> Way:
    if rule.team_id is None:
        return Way(f"person:{rule.person_id}", lambda user: user.pk == rule.person_id and may(user), rule=rule)
    return Way(f"team:{rule.team_id}", lambda user: user.team_id == rule.team_id and may(user), rule.team_id, rule)
