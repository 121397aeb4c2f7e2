"""Somebody leaves: their leads are handed over in one step."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from accounts.models import User
from core.errors import Invalid
from leads.assigning.dealing import deal
from leads.assignment import hand_over, release
from leads.enums import Stage
from leads.models import Handoff, Standing
from leads.standing import Standings, lock


@dataclass(frozen=True, slots=True)
class HandedOver:
    """How many leads found somebody, and how many wait: open ones in the pool, accepted ones with nobody free."""

    given: int
    waiting: int


def leads_of(user: User) -> list[int]:
    """The leads that would be left behind: open hand-offs, and accepted ones that are not won yet."""
    rows = Standing.objects.filter(Q(handoff_open=True) | Q(stage=Stage.SQL), owner=user)
    return list(rows.order_by("lead").values_list("lead", flat=True))


@transaction.atomic
def hand_over_all(of: User, *, to: User | None, by: User | None, at: datetime) -> HandedOver:
    """Gives all leads of a person to a colleague, or without one to whoever the rules choose.

    The person is taken off duty first, so that nothing comes in meanwhile. What nobody is free for waits in the pool.
    Raises Invalid when the colleague takes no leads.
    """
    if to is not None and (to.pk == of.pk or not (to.is_active and to.is_seller)):
        raise Invalid(_("%(name)s takes no leads.") % {"name": to.full_name}, code="not_a_seller", field="to")
    User.objects.here().filter(pk=of.pk).update(on_duty=False)
    with lock(leads_of(of)) as rows:
        leads = [row.lead_id for row in rows.values() if row.owner_id == of.pk]
        if to is not None:
            hand_over(leads, to=to, by=by, at=at, rows=rows, why="left")
            return HandedOver(len(leads), 0)
        return _deal_out(leads, by=by, at=at, rows=rows)


def _deal_out(leads: Sequence[int], *, by: User | None, at: datetime, rows: Standings) -> HandedOver:
    current = [rows[lead_id].handoff_id or 0 for lead_id in leads]
    handoffs = list(Handoff.objects.filter(pk__in=current).order_by("offered_at", "pk"))
    owners = deal(handoffs, at=at, rows=rows).owners
    people = {user.pk: user for user in owners.values()}
    for pk, user in people.items():
        mine = [h.lead_id for h in handoffs if h.lead_id in owners and owners[h.lead_id].pk == pk]
        hand_over(mine, to=user, by=by, at=at, rows=rows, why="left")
    left = [h.lead_id for h in handoffs if h.lead_id not in owners]
    release(left, by=by, at=at, rows=rows)
    return HandedOver(len(owners), len(left))
