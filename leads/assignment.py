"""Who gets the lead: placed by the rules and by turn, given by hand, taken out of the pool, or put back there."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from core.errors import Conflict, Invalid
from leads import sql
from leads.assigning.dealing import Dealt, deal
from leads.assigning.held import held
from leads.enums import Outcome
from leads.events import Fact, record
from leads.kinds import HANDOFF_POOLED, LEAD_ASSIGNED, LEAD_RELEASED
from leads.models import Handoff, Standing
from leads.standing import Standings, lock


def seat(handoffs: Sequence[Handoff], *, at: datetime, rows: Standings) -> Dealt:
    """Chooses for hand-offs about to be stored: each gets its owner, or the pool it waits in. Locks the rotation."""
    dealt = deal(handoffs, at=at, rows=rows, fresh=True)
    for handoff in handoffs:
        if user := dealt.owners.get(handoff.lead_id):
            handoff.owner, handoff.team, handoff.assigned_at = user, user.team, at
        else:
            handoff.team_id = dealt.pools[handoff.lead_id]
    return dealt


def seated(handoffs: Sequence[Handoff], dealt: Dealt, *, at: datetime, rows: Standings, why: str) -> list[Fact]:
    """Who has each from now on, as facts to be recorded; the standings follow."""
    return [
        _give(h.lead_id, h, to=dealt.owners[h.lead_id], by=None, at=at, rows=rows, why=why)
        if h.lead_id in dealt.owners
        else pool(h, team_id=dealt.pools[h.lead_id], at=at, rows=rows)
        for h in handoffs
    ]


def place(handoffs: Sequence[Handoff], *, at: datetime, rows: Standings, why: str) -> None:
    """Deals stored open hand-offs again: to a rep, or to the pool when nobody is free; records either."""
    facts = seated(handoffs, deal(handoffs, at=at, rows=rows), at=at, rows=rows, why=why)
    write(handoffs)
    record(facts, at=at, rows=rows)


def pool(handoff: Handoff, *, team_id: int | None, at: datetime, rows: Standings, why: str = "") -> Fact:
    """The fact that a hand-off waits for a free rep, in its team's pool if a rule sent it there."""
    previous = rows[handoff.lead_id].owner_id
    handoff.owner, handoff.team_id, handoff.assigned_at = None, team_id, None
    rows.set_owner(handoff.lead_id, owner_id=None, team_id=team_id)
    properties = {"handoff": handoff.pk, "team": team_id, "previous": previous, "why": why}
    return Fact(handoff.lead_id, HANDOFF_POOLED, at, properties=properties)


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
        chosen = deal([handoff], at=at, rows=rows).owners.get(lead_id)
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
    write(handoffs.values())
    record(facts, at=at, rows=rows)


def release(lead_ids: Sequence[int], *, by: User | None, at: datetime, rows: Standings) -> None:
    """Takes the owner off leads the caller holds locked; an open hand-off goes back to the pool."""
    handoffs = {h.lead_id: h for h in Handoff.objects.open().filter(lead__in=lead_ids)}
    facts = []
    for lead_id in lead_ids:
        handoff = handoffs.get(lead_id)
        properties = {"handoff": handoff.pk if handoff else None, "previous": rows[lead_id].owner_id}
        kind = HANDOFF_POOLED if handoff else LEAD_RELEASED
        if handoff:
            handoff.owner = handoff.team = handoff.assigned_at = None
        rows.set_owner(lead_id, owner_id=None, team_id=None)
        facts.append(Fact(lead_id, kind, at, by.pk if by else None, properties=properties))
    write(handoffs.values())
    record(facts, at=at, rows=rows)


def drain_pool(*, at: datetime, limit: int = 500) -> int:
    """Deals the pool out to whoever has become free, oldest first. Returns how many found an owner.

    What was recalled too often is left to the manager.
    """
    with transaction.atomic():
        waiting = list(
            Standing.objects.select_for_update(skip_locked=True, of=("self",))
            .filter(outcome=Outcome.OPEN, owner=None)
            .exclude(held("handoff"))
            .order_by("lead")
            .values_list("lead", flat=True)[:limit]
        )
        with lock(waiting) as rows:
            handoffs = list(Handoff.objects.pool().filter(lead__in=waiting).order_by("offered_at", "pk"))
            choices = deal(handoffs, at=at, rows=rows).owners
            given = [h for h in handoffs if h.lead_id in choices]
            facts = [_give(h.lead_id, h, to=choices[h.lead_id], by=None, at=at, rows=rows, why="pool") for h in given]
            write(given)
            record(facts, at=at, rows=rows)
    return len(given)


def write(given: Iterable[Handoff]) -> None:
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
