"""Who has to know of an event: the owner; for what nobody owns, or what was not kept, those who lead.

Pure: the people are given. Nobody who has left is ever told (they are not among the people).
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from accounts.enums import Role
from leads.models import Event
from notifications.enums import OF_LEADERS, OF_THE_MANAGER, OF_THE_TEAM_LEAD, PERSONAL, Kind


@dataclass(frozen=True, slots=True)
class Person:
    """As much of a user as it takes to decide who is told, and how."""

    pk: int
    role: str
    team_id: int | None
    mails: frozenset[str]  # the kinds this person wants by e-mail


def owners(events: Sequence[Event]) -> set[int]:
    """The owners these events name, who raised a dispute, and those a note mentions."""
    told = [event.properties.get(name) for event in events for name in ("owner", "raised_by")]
    named = {person for person in told if person}
    return named.union(*(_mentioned(event) for event in events))


def needs_leaders(events: Iterable[Event]) -> bool:
    """Whether some event goes beyond its owner."""
    return any(
        event.kind not in PERSONAL and (event.kind in OF_LEADERS or not event.properties.get("owner"))
        for event in events
    )


def recipients(event: Event, people: Sequence[Person]) -> list[Person]:
    """Whom this event concerns, among the people who work here.

    Assigned, warned, reminded, recalled: the owner. A note: who is mentioned in it. Breached, declined: the owner and
    the team's lead. Escalated: whom the step names. Held, disputed: the sales managers; a decided dispute: the owner
    and who raised it. Whatever is left without any of them (the pool, a team without lead): the sales managers.
    """
    if event.kind == Kind.MENTIONED:
        return [p for p in people if p.pk in _mentioned(event)]
    owner = [p for p in people if p.pk == event.properties.get("owner")]
    if event.kind in PERSONAL | {Kind.ASSIGNED, Kind.RECALLED} or (owner and event.kind == Kind.WARNED):
        return owner
    if event.kind == Kind.DISPUTE_DECIDED:
        return [p for p in people if p in owner or p.pk == event.properties.get("raised_by")]
    leaders = _leaders(event, people)
    if event.kind in OF_THE_MANAGER | {Kind.ESCALATED}:
        return leaders
    return owner + [p for p in leaders if p not in owner]


class Circles:
    """`recipients` of many events about the same few people: each circle is worked out once."""

    def __init__(self, people: Sequence[Person]) -> None:
        self._people = people
        self._known: dict[tuple[object, ...], list[Person]] = {}

    def of(self, event: Event) -> list[Person]:
        if event.kind == Kind.MENTIONED:
            return recipients(event, self._people)
        key = (event.kind, *(event.properties.get(name) for name in ("owner", "team", "to", "raised_by")))
        if key not in self._known:
            self._known[key] = recipients(event, self._people)
        return self._known[key]


def told_by_the_breach(events: Sequence[Event], circles: Circles) -> set[tuple[int, int]]:
    """(event, person) of each escalation in the same breath as its breach, for whom the breach itself is told.

    By day the first step of the escalation falls due with the breach: one message says both.
    """
    steps = [event for event in events if event.kind == Kind.ESCALATED]
    if not steps:
        return set()
    broken = {_promise(event): circles.of(event) for event in events if event.kind == Kind.BREACHED}
    return {(step.pk, person.pk) for step in steps for person in broken.get(_promise(step), ())}


def _promise(event: Event) -> tuple[object, object]:
    return event.properties.get("handoff"), event.properties.get("promise")


def _leaders(event: Event, people: Sequence[Person]) -> list[Person]:
    """The team's lead where the event is theirs and there is one; else the sales managers."""
    of_the_lead = event.kind in OF_THE_TEAM_LEAD or event.properties.get("to") == "team_lead"
    leads = _team_leads(event, people) if of_the_lead else []
    return leads or [p for p in people if p.role == Role.SALES_MANAGER]


def _mentioned(event: Event) -> set[int]:
    """Whom a note mentions, but not who wrote it."""
    if event.kind != Kind.MENTIONED:
        return set()
    return set(event.properties.get("mentioned", ())) - {event.actor_id}


def _team_leads(event: Event, people: Sequence[Person]) -> list[Person]:
    team = event.properties.get("team")
    return [p for p in people if p.role == Role.TEAM_LEAD and team is not None and p.team_id == team]
