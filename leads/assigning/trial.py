"""Who would get this lead, and why: the deal tried without dealing."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from accounts.availability import calendar, is_free
from accounts.models import User
from leads.assigning.dealing import STEP, open_loads
from leads.assigning.house import house
from leads.assigning.plan import EVERYBODY, profile_of
from leads.assigning.rules import Miss, Profile, fitting, miss, suits
from leads.models import AssignmentRule, Handback, Lead, Seat, Speciality, Standing


class Bar(StrEnum):
    """Why a rep would not get it."""

    OFF_DUTY = "off_duty"
    ABSENT = "absent"
    FULL = "full"
    CLOSED = "closed"  # outside working hours, which the team asks for
    SKILLS = "skills"
    GAVE_BACK = "gave_back"


@dataclass(frozen=True, slots=True)
class TriedRule:
    """One rule, and what keeps it from fitting (None: it fits)."""

    rule: AssignmentRule
    miss: Miss | None


@dataclass(frozen=True, slots=True)
class TriedRep:
    """One rep of the group that decides; `turn` counts from 1 among those who may have it."""

    user: User
    open_handoffs: int
    bar: Bar | None
    turn: int | None


@dataclass(frozen=True, slots=True)
class Trial:
    """`rule` decides (None: everybody takes turns); `keeps`: who has the lead now simply keeps it."""

    profile: Profile
    rules: list[TriedRule]
    rule: AssignmentRule | None
    reps: list[TriedRep]
    chosen: User | None
    keeps: bool


@dataclass(frozen=True, slots=True)
class _World:
    """Everything a rep's chances depend on, read once."""

    at: datetime
    users: list[User]
    loads: dict[int, int]
    absent: set[int]
    refused: set[int]
    specialities: Mapping[int, Speciality]

    def bar(self, user: User, profile: Profile) -> Bar | None:
        hours = calendar(at=self.at) if user.team and user.team.in_hours_only else None
        load = self.loads.get(user.pk, 0)
        checks = (
            (Bar.OFF_DUTY, not user.on_duty),
            (Bar.ABSENT, user.pk in self.absent),
            (Bar.FULL, load >= user.capacity),
            (Bar.CLOSED, not is_free(user, open_handoffs=min(load, user.capacity - 1), at=self.at, hours=hours)),
            (Bar.GAVE_BACK, user.pk in self.refused),
            (Bar.SKILLS, not suits(self.specialities.get(user.pk), profile)),
        )
        return next((bar for bar, hinders in checks if hinders), None)


def try_lead(lead: Lead, *, at: datetime) -> Trial:
    """The deal as it would be now for this lead; writes and locks nothing."""
    standing = Standing.objects.select_related("owner").get(pk=lead.pk)
    profile = profile_of(lead, score=standing.score)
    world = _world(standing.handoff_id, at=at)
    keeper = next((u for u in world.users if u.pk == standing.owner_id), None)
    keeps = keeper is not None and world.bar(keeper, profile) in {None, Bar.SKILLS}
    return _trial(profile, world, keeper if keeps else None)


def _trial(profile: Profile, world: _World, keeper: User | None) -> Trial:
    rules = list(AssignmentRule.objects.select_related("team", "person"))
    tried = [TriedRule(rule, miss(rule, profile)) for rule in rules]
    ways: list[AssignmentRule | None] = [*fitting(rules, profile)]
    if not ways or (ways[-1] is not None and ways[-1].team_id is None):
        ways.append(None)
    rule: AssignmentRule | None = None
    reps: list[TriedRep] = []
    for rule in ways:
        reps = _reps(rule, profile, world)
        if any(rep.turn == 1 for rep in reps):
            break
    first = next((rep.user for rep in reps if rep.turn == 1), None)
    return Trial(profile, tried, rule, reps, keeper or first, keeps=keeper is not None)


def _reps(rule: AssignmentRule | None, profile: Profile, world: _World) -> list[TriedRep]:
    group = [user for user in world.users if _belongs(user, rule)]
    barred = {user.pk: world.bar(user, profile) for user in group}
    key = EVERYBODY if rule is None else f"team:{rule.team_id}"
    order = _order([user for user in group if barred[user.pk] is None], key)
    return [
        TriedRep(user, world.loads.get(user.pk, 0), barred[user.pk], order.get(user.pk))
        for user in sorted(group, key=lambda u: (order.get(u.pk, len(group) + 1), u.full_name))
    ]


def _order(users: Sequence[User], key: str) -> dict[int, int]:
    """Whose turn comes first, as the deal would see it: who never sat there begins one step behind the last."""
    turns = dict(Seat.objects.filter(rotation=key).values_list("user", "turn"))
    floor = max(turns.values(), default=0) - STEP
    ranked = sorted(users, key=lambda u: (max(turns.get(u.pk, max(floor, 0)), floor), u.pk))
    return {user.pk: number for number, user in enumerate(ranked, start=1)}


def _belongs(user: User, rule: AssignmentRule | None) -> bool:
    if rule is None:
        return True
    return user.pk == rule.person_id if rule.team_id is None else user.team_id == rule.team_id


def _world(handoff_id: int | None, *, at: datetime) -> _World:
    users, now = list(User.objects.sellers().select_related("team")), house(at=at)
    return _World(
        at=at,
        users=users,
        loads=open_loads(users),
        absent=now.away(at=at),
        refused=set(Handback.objects.filter(handoff=handoff_id).values_list("user", flat=True)),
        specialities=now.specialities,
    )
