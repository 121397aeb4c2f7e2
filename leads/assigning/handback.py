"""Hand-offs that come back: a rep declines once with a reason; what nobody touches in time is recalled."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.availability import calendar
from accounts.models import User
from core import failpoints
from core.errors import Conflict, Invalid, Refused
from core.text import clean
from leads.assignment import place, pool, write
from leads.events import Fact, record
from leads.kinds import HANDOFF_DECLINED, HANDOFF_HELD, HANDOFF_RECALLED
from leads.models import Handback, Handoff, Policy
from leads.standing import Standings, lock

BATCH = 200
LONGEST_REASON = 500


def decline(lead_id: int, *, by: User, at: datetime, reason: str) -> Handoff:
    """The rep gives an untouched hand-off back, once, and says why; it is dealt to somebody else at once.

    Raises Refused for anybody but its owner, Conflict when nothing is open, it was touched already, or the rep has
    declined it before; Invalid without a reason.
    """
    why = clean(reason, LONGEST_REASON)
    if not why:
        raise Invalid(_("Say why you can't take this lead."), code="reason_required", field="reason")
    with lock([lead_id]) as rows:
        handoff = _declinable(lead_id, by=by)
        _note([handoff], Handback.Kind.DECLINED, at=at, reason=why)
        properties = {**_about(handoff), "reason": why}
        record([Fact(lead_id, HANDOFF_DECLINED, at, by.pk, properties=properties)], at=at, rows=rows)
        place([handoff], at=at, rows=rows, why="declined")
    return handoff


def recall_untouched(*, at: datetime) -> int:
    """Takes away what its rep has not touched within the agreed business hours; returns how many.

    To another rep; after so many recalls that the agreement names, to the manager. Running late, twice or on two
    machines recalls nothing twice: the lead is locked and asked again.
    """
    policy, hours = Policy.current(), calendar(at=at)
    allowed, count = timedelta(hours=policy.recall_hours), 0
    waiting = Handoff.objects.open().filter(owner__isnull=False, first_touch_at=None, assigned_at__lte=at - allowed)
    found = waiting.order_by("assigned_at", "pk").values_list("lead", "assigned_at")
    late = [lead_id for lead_id, since in found if since and hours.elapsed(since, at) >= allowed]
    for start in range(0, len(late), BATCH):
        count += _recall(late[start : start + BATCH], untouched_since=at - allowed, at=at, limit=policy.recalls)
    return count


def _declinable(lead_id: int, *, by: User) -> Handoff:
    handoff = Handoff.objects.open().filter(lead=lead_id).select_related("owner").first()
    if handoff is None:
        raise Conflict(_("This lead has no open hand-off."), code="no_open_handoff")
    if handoff.owner_id != by.pk:
        raise Refused(_("Only the rep who has this lead can decline it."), code="not_the_owner")
    if handoff.first_touch_at is not None:
        message = _("You have called this lead already. Decide on it instead.")
        raise Conflict(message, code="already_touched")
    if Handback.objects.filter(handoff=handoff, user=by, kind=Handback.Kind.DECLINED).exists():
        raise Conflict(_("You have declined this lead once already."), code="declined_already")
    return handoff


@transaction.atomic
def _recall(lead_ids: Sequence[int], *, untouched_since: datetime, at: datetime, limit: int) -> int:
    with lock(lead_ids) as rows:
        still = Handoff.objects.open().filter(
            lead__in=lead_ids, owner__isnull=False, first_touch_at=None, assigned_at__lte=untouched_since
        )
        handoffs = list(still.select_related("owner").order_by("offered_at", "pk"))
        notes = _note(handoffs, Handback.Kind.RECALLED, at=at)
        facts = [_recalled(handoff, notes[handoff.pk], at=at) for handoff in handoffs]
        record(facts, at=at, rows=rows)
        failpoints.reach("recalled")
        held = [handoff for handoff in handoffs if notes[handoff.pk] >= limit]
        _hold(held, notes, at=at, rows=rows)
        place([handoff for handoff in handoffs if notes[handoff.pk] < limit], at=at, rows=rows, why="recalled")
    return len(handoffs)


def _hold(handoffs: Sequence[Handoff], notes: dict[int, int], *, at: datetime, rows: Standings) -> None:
    """Nobody's for now, in its last team's name; a manager is told and gives it to somebody."""
    facts = []
    for handoff in handoffs:
        team_id = handoff.team_id
        facts.append(pool(handoff, team_id=team_id, at=at, rows=rows, why="held"))
        properties = {"handoff": handoff.pk, "team": team_id, "number": notes[handoff.pk]}
        facts.append(Fact(handoff.lead_id, HANDOFF_HELD, at, properties=properties))
    write(handoffs)
    record(facts, at=at, rows=rows)


def _note(handoffs: Sequence[Handoff], kind: str, *, at: datetime, reason: str = "") -> dict[int, int]:
    """Writes that they came back, and says for the how-manieth time each."""
    before = Handback.objects.filter(handoff__in=handoffs, kind=kind).order_by("number")
    numbers = dict(before.values_list("handoff", "number"))
    made = [
        Handback(handoff=h, user=h.owner, kind=kind, number=numbers.get(h.pk, 0) + 1, reason=reason, at=at)
        for h in handoffs
        if h.owner
    ]
    Handback.objects.bulk_create(made)
    return {row.handoff_id: row.number for row in made}


def _recalled(handoff: Handoff, number: int, *, at: datetime) -> Fact:
    return Fact(handoff.lead_id, HANDOFF_RECALLED, at, properties={**_about(handoff), "number": number})


def _about(handoff: Handoff) -> dict[str, object]:
    name = handoff.owner.full_name if handoff.owner else ""
    return {"handoff": handoff.pk, "owner": handoff.owner_id, "owner_name": name, "team": handoff.team_id}
