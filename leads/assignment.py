"""Who gets the lead: whose turn it is among those who are there, on duty, and under their capacity.

Fair at any moment: every lead moves the rep's turn on by 2520 / share, and the lowest turn is next, so that
with equal shares nobody is ever more than one lead ahead. The rotation's row is the lock.
"""

import heapq
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import Count
from django.utils.translation import gettext as _

from accounts.availability import calendar, is_free
from accounts.models import User
from core import failpoints
from core.errors import Conflict, Invalid
from leads import sql
from leads.events import Fact, record
from leads.kinds import HANDOFF_POOLED, LEAD_ASSIGNED
from leads.models import Handoff, Rotation, Seat, Standing
from leads.standing import Standings, lock

STEP = 2520  # divisible by every share from 1 to 10
EVERYBODY = "sales"


@dataclass
class Candidate:
    """A rep at the table while leads are dealt out."""

    seat: Seat
    user: User
    open_handoffs: int

    def full(self) -> bool:
        return self.open_handoffs >= self.user.capacity


def place(handoffs: Sequence[Handoff], *, at: datetime, rows: Standings) -> None:
    """Gives each open hand-off to a rep, or to the pool when nobody is free; records either. Locks the rotation."""
    choices = _deal(handoffs, at=at, rows=rows)
    facts = []
    for handoff in handoffs:
        user = choices.get(handoff.pk)
        if user is None:
            rows.set_owner(handoff.lead_id, owner_id=None, team_id=None)
            facts.append(Fact(handoff.lead_id, HANDOFF_POOLED, at, properties={"handoff": handoff.pk}))
        else:
            facts.append(_give(handoff.lead_id, handoff, to=user, by=None, at=at, rows=rows, why="rotation"))
    _write([h for h in handoffs if h.pk in choices])
    record(facts, at=at, rows=rows)


def reassign(lead_ids: Iterable[int], *, to: User, by: User | None, at: datetime) -> int:
    """Gives these leads, and their open hand-offs, to one person. Returns how many changed hands.

    Raises Invalid when the person has left or takes no leads.
    """
    if not (to.is_active and to.is_seller):
        raise Invalid(_("%(name)s takes no leads.") % {"name": to.full_name}, code="not_a_seller", field="owner")
    with lock(lead_ids) as rows:
        moving = [row.lead_id for row in rows.values() if row.owner_id != to.pk]
        hand_over(moving, to=to, by=by, at=at, rows=rows, why="manual")
    return len(moving)


def assign_by_rules(lead_id: int, *, by: User | None, at: datetime) -> bool:
    """Deals the lead's open hand-off again. Who has it and is free keeps it. True when it changed hands.

    Raises Conflict when there is no open hand-off.
    """
    with lock([lead_id]) as rows:
        handoff = Handoff.objects.open().filter(lead=lead_id).first()
        if handoff is None:
            raise Conflict(_("This lead has no open hand-off."), code="no_open_handoff")
        chosen = _deal([handoff], at=at, rows=rows).get(handoff.pk)
        moves = chosen is not None and chosen.pk != rows[lead_id].owner_id
        if chosen and moves:
            hand_over([lead_id], to=chosen, by=by, at=at, rows=rows, why="rotation")
    return moves


def take(lead_id: int, *, by: User, at: datetime, rows: Standings) -> None:
    """A rep takes a lead out of the pool.

    Raises Invalid for somebody who takes no leads, Conflict when a colleague was faster.
    """
    if not by.is_seller:
        raise Invalid(_("%(name)s takes no leads.") % {"name": by.full_name}, code="not_a_seller", field="owner")
    row = rows[lead_id]
    if not row.handoff_open or row.owner_id not in (None, by.pk):
        raise Conflict(_("A colleague has already taken this lead."), code="already_taken")
    if row.owner_id is None:
        hand_over([lead_id], to=by, by=by, at=at, rows=rows, why="taken")


def hand_over(lead_ids: Sequence[int], *, to: User, by: User | None, at: datetime, rows: Standings, why: str) -> None:
    """The same for leads the caller holds locked, without asking whether the person may have them."""
    handoffs = {h.lead_id: h for h in Handoff.objects.open().filter(lead__in=lead_ids)}
    facts = [_give(i, handoffs.get(i), to=to, by=by, at=at, rows=rows, why=why) for i in lead_ids]
    _write(handoffs.values())
    record(facts, at=at, rows=rows)


def drain_pool(*, at: datetime, limit: int = 500) -> int:
    """Deals the pool out to whoever has become free, oldest first. Returns how many found an owner."""
    with transaction.atomic():
        waiting = list(
            Standing.objects.select_for_update(skip_locked=True, of=("self",))
            .filter(handoff_open=True, owner=None)
            .order_by("lead")
            .values_list("lead", flat=True)[:limit]
        )
        with lock(waiting) as rows:
            handoffs = list(Handoff.objects.pool().filter(lead__in=waiting).order_by("offered_at", "pk"))
            choices = _deal(handoffs, at=at, rows=rows)
            given = [h for h in handoffs if h.pk in choices]
            facts = [_give(h.lead_id, h, to=choices[h.pk], by=None, at=at, rows=rows, why="pool") for h in given]
            _write(given)
            record(facts, at=at, rows=rows)
    return len(given)


def _deal(handoffs: Sequence[Handoff], *, at: datetime, rows: Standings) -> dict[int, User]:
    """Hand-off to rep, by turn. Who already looks after the lead and is free keeps it."""
    if not handoffs:
        return {}
    users = list(User.objects.sellers().filter(on_duty=True, capacity__gt=0).select_related("team"))
    rotation = _locked()
    failpoints.reach("rotation_locked")
    table = _candidates(rotation, users, at=at)
    by_user = {c.user.pk: c for c in table}
    turns = [(c.seat.turn, c.user.pk) for c in table]
    heapq.heapify(turns)
    choices: dict[int, User] = {}
    for handoff in handoffs:
        keeper = by_user.get(rows[handoff.lead_id].owner_id or 0)
        chosen = keeper if keeper and not keeper.full() else _next(turns, by_user)
        if chosen:
            chosen.open_handoffs += 1
            choices[handoff.pk] = chosen.user
    if table:
        sql.run(sql.TAKE_TURNS, sql.as_json([{"id": c.seat.pk, "turn": c.seat.turn} for c in table]))
    return choices


def _next(turns: list[tuple[int, int]], by_user: dict[int, Candidate]) -> Candidate | None:
    while turns:
        turn, user_id = heapq.heappop(turns)
        candidate = by_user[user_id]
        if not candidate.full():
            candidate.seat.turn = turn + STEP // candidate.user.weight
            heapq.heappush(turns, (candidate.seat.turn, user_id))
            return candidate
    return None


def _locked() -> Rotation:
    """The rotation, held until the commit: what needs no lock is read before, so that others wait less."""
    rotation = Rotation.objects.select_for_update().filter(key=EVERYBODY).first()
    if rotation is None:  # nobody has been dealt a lead yet
        Rotation.objects.get_or_create(key=EVERYBODY)
        rotation = Rotation.objects.select_for_update().get(key=EVERYBODY)
    return rotation


def _candidates(rotation: Rotation, users: Sequence[User], *, at: datetime) -> list[Candidate]:
    """Those of the users who are free now, with their seats. Who was away does not get all the missed leads at once."""
    seats = {s.user_id: s for s in rotation.seats.all()}
    floor = max((s.turn for s in seats.values()), default=0) - STEP
    missing = [Seat(rotation=rotation, user=u, turn=max(floor, 0)) for u in users if u.pk not in seats]
    seats |= {s.user_id: s for s in Seat.objects.bulk_create(missing)}
    load = dict(Handoff.objects.open().filter(owner__in=users).values_list("owner").annotate(n=Count("pk")).order_by())
    hours = calendar(at=at) if any(u.team and u.team.in_hours_only for u in users) else None
    free = []
    for user in users:
        if is_free(user, open_handoffs=load.get(user.pk, 0), at=at, hours=hours):
            seat = seats[user.pk]
            seat.turn = max(seat.turn, floor)
            free.append(Candidate(seat, user, load.get(user.pk, 0)))
    return free


def _write(given: Iterable[Handoff]) -> None:
    """Writes the owners just given, in one statement."""
    rows = [{"id": h.pk, "owner_id": h.owner_id, "team_id": h.team_id, "assigned_at": h.assigned_at} for h in given]
    if rows:
        sql.run(sql.GIVE_HANDOFFS, sql.as_json(rows))


def _give(
    lead_id: int,
    handoff: Handoff | None,
    *,
    to: User,
    by: User | None,
    at: datetime,
    rows: Standings,
    why: str,
) -> Fact:
    properties = {
        "handoff": handoff.pk if handoff else None,
        "owner": to.pk,
        "owner_name": to.full_name,
        "team": to.team_id,
        "previous": rows[lead_id].owner_id,
        "why": why,
    }
    if handoff:
        handoff.owner, handoff.team, handoff.assigned_at = to, to.team, at
    rows.set_owner(lead_id, owner_id=to.pk, team_id=to.team_id)
    return Fact(lead_id, LEAD_ASSIGNED, at, by.pk if by else None, properties=properties)
