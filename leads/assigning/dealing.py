"""Deals hand-offs out: by the rules' ways, by turn, among those who are there, on duty and under their capacity.

Fair at any moment: every lead moves the rep's turn on by 2520 / share, and the lowest turn is next, so that
with equal shares nobody is ever more than one lead ahead. One row is the lock of all groups, so that capacities are
exact whoever deals.
"""

import heapq
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from accounts.availability import calendar, is_free
from accounts.models import User
from core import failpoints
from core.statements import run
from leads import sql as leads_sql
from leads.assigning import sql
from leads.assigning.house import house
from leads.assigning.plan import EVERYBODY, Fits, Plan, Way, plan
from leads.models import Handoff, Rotation, Seat
from leads.standing import Standings

STEP = 2520  # divisible by every share from 1 to 10


@dataclass(frozen=True, slots=True)
class Dealt:
    """Lead to rep; and for those nobody was free for, in which team's pool they wait."""

    owners: dict[int, User] = field(default_factory=dict)
    pools: dict[int, int | None] = field(default_factory=dict)


@dataclass(slots=True)
class Candidate:
    """A rep at a table while leads are dealt out; `loads` is shared by all tables."""

    seat: Seat
    user: User
    loads: dict[int, int]

    def full(self) -> bool:
        return self.loads.get(self.user.pk, 0) >= self.user.capacity


class Table:
    """One group that takes turns, the lowest turn first."""

    def __init__(self, candidates: Iterable[Candidate]) -> None:
        self.by_user = {c.user.pk: c for c in candidates}
        self._turns = [(c.seat.turn, c.user.pk) for c in self.by_user.values()]
        heapq.heapify(self._turns)

    def next(self, fits: Fits) -> Candidate | None:
        """Whose turn it is among those who may have it; the others keep their turn."""
        passed, found = [], None
        while self._turns and found is None:
            turn, user_id = heapq.heappop(self._turns)
            candidate = self.by_user[user_id]
            if candidate.full():
                continue
            if not fits(candidate.user):
                passed.append((turn, user_id))
                continue
            found = candidate
            found.seat.turn = turn + STEP // found.user.weight
            heapq.heappush(self._turns, (found.seat.turn, user_id))
        for entry in passed:
            heapq.heappush(self._turns, entry)
        return found


def deal(handoffs: Sequence[Handoff], *, at: datetime, rows: Standings, fresh: bool = False) -> Dealt:
    """Who gets which. Who already looks after the lead and is free keeps it. Holds the rotation until the commit.

    `fresh`: the hand-offs are being opened and perhaps not stored yet, so nobody can have given one back.
    """
    dealt = Dealt()
    if not handoffs:
        return dealt
    now = house(at=at)
    users = now.present(at=at)
    planned = plan(handoffs, now, rows=rows, fresh=fresh)
    ways = {handoff.lead_id: planned.ways(handoff) for handoff in handoffs}
    _locked()
    failpoints.reach("rotation_locked")
    tables = _tables({way.key for found in ways.values() for way in found}, users, at=at)
    for handoff in handoffs:
        chosen = _choose(handoff, ways[handoff.lead_id], tables, planned, keeper=rows[handoff.lead_id].owner_id)
        if chosen:
            chosen.loads[chosen.user.pk] = chosen.loads.get(chosen.user.pk, 0) + 1
            dealt.owners[handoff.lead_id] = chosen.user
        else:
            dealt.pools[handoff.lead_id] = ways[handoff.lead_id][-1].team_id
    seats = [c.seat for table in tables.values() for c in table.by_user.values() if c.seat.pk]
    if seats:
        leads_sql.run(leads_sql.TAKE_TURNS, leads_sql.as_json([{"id": seat.pk, "turn": seat.turn} for seat in seats]))
    return dealt


def open_loads(users: Iterable[User]) -> dict[int, int]:
    """Open hand-offs per person, counted up to the capacity: whether somebody is full is all that matters."""
    return dict(leads_sql.run(leads_sql.OPEN_LOADS, [user.pk for user in users]))


def _choose(
    handoff: Handoff, ways: Sequence[Way], tables: dict[str, Table], planned: Plan, *, keeper: int | None
) -> Candidate | None:
    kept = tables[EVERYBODY].by_user.get(keeper or 0)
    if kept and not kept.full() and planned.may(handoff, kept.user):
        return kept
    for way in ways:
        if chosen := tables[way.key].next(way.fits):
            return chosen
    return None


def _locked() -> None:
    """The rotation, held until the commit: what needs no lock is read before, so that others wait less."""
    if not run(sql.LOCK_ROTATION, [EVERYBODY]):  # nobody has been dealt a lead yet
        Rotation.objects.get_or_create(key=EVERYBODY)
        Rotation.objects.select_for_update().get(key=EVERYBODY)


def _tables(keys: set[str], users: Sequence[User], *, at: datetime) -> dict[str, Table]:
    """One table per group with those who are free now; a person's own table has no turns to remember."""
    loads = open_loads(users)
    hours = calendar(at=at) if any(u.team and u.team.in_hours_only for u in users) else None
    free = [u for u in users if is_free(u, open_handoffs=loads.get(u.pk, 0), at=at, hours=hours)]
    groups = {key for key in keys | {EVERYBODY} if not key.startswith("person:")}
    seats: dict[str, list[Seat]] = {key: [] for key in groups}
    for pk, rotation_id, user_id, turn in run(sql.SEATS, [sorted(groups)]):
        seats[rotation_id].append(Seat(id=pk, rotation_id=rotation_id, user_id=user_id, turn=turn))
    tables = {key: Table(_seated(key, seats[key], users, free, loads)) for key in groups}
    for key in keys - groups:
        tables[key] = Table(Candidate(Seat(user=u), u, loads) for u in free if key == f"person:{u.pk}")
    return tables


def _seated(
    key: str, known: Sequence[Seat], users: Sequence[User], free: Sequence[User], loads: dict[int, int]
) -> list[Candidate]:
    """The free ones of a group with their seats. Who was away does not get all the missed leads at once."""
    members = {u.pk for u in users if key in {EVERYBODY, f"team:{u.team_id}"}}
    seats = {seat.user_id: seat for seat in known}
    floor = max((seat.turn for seat in known), default=0) - STEP
    missing = [Seat(rotation_id=key, user_id=pk, turn=max(floor, 0)) for pk in sorted(members - seats.keys())]
    if missing and key != EVERYBODY:
        Rotation.objects.get_or_create(key=key)
    seats |= {seat.user_id: seat for seat in Seat.objects.bulk_create(missing)}
    found = [Candidate(seats[u.pk], u, loads) for u in free if u.pk in members]
    for candidate in found:
        candidate.seat.turn = max(candidate.seat.turn, floor)
    return found
