"""What can be done to many leads: give, tag, move, give back. Each says what became of every lead."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from core.errors import Invalid
from leads.assignment import hand_over
from leads.bulk.rows import Result, changed, refused, same, through
from leads.decisions import recycle_all
from leads.enums import Status
from leads.jobs import Work, register
from leads.models import Handoff, Job, Standing
from leads.moves import move_many
from leads.queries import colleagues
from leads.standing import lock
from leads.tags import tag_leads


def assign(ids: Sequence[int], job: Job, at: datetime) -> Iterable[Result]:
    """Gives the leads and their open hand-offs to one person. Raises Invalid when that person may have none (now)."""
    to = colleagues(job.by).filter(pk=job.params["owner"]).first()
    if to is None:
        raise Invalid(_("This person takes no leads (any more)."), code="not_a_seller", field="owner")
    with lock(ids) as rows:
        before = {lead_id: row.owner_id for lead_id, row in rows.items()}
        moving = [lead_id for lead_id in ids if before.get(lead_id, to.pk) != to.pk]
        hand_over(moving, to=to, by=job.by, at=at, rows=rows, why="manual")
    return [changed(i, {"owner": before[i]}) if i in set(moving) else same(i) for i in ids]


def tag(ids: Sequence[int], job: Job, at: datetime) -> Iterable[Result]:
    """Pins and unpins words."""
    tagged = tag_leads(ids, by=job.by, at=at, add=job.params["add"], remove=job.params["remove"])
    for lead_id in ids:
        if lead_id in tagged.refused:
            yield refused(lead_id, tagged.refused[lead_id])
        elif lead_id in tagged.changed:
            yield changed(lead_id, tagged.changed[lead_id])
        else:
            yield same(lead_id)


def move(ids: Sequence[int], job: Job, at: datetime) -> Iterable[Result]:
    """Moves the status where the chain lets each lead go."""
    return moved(ids, Status(job.params["to"]), by=job.by, at=at, reason=job.params["reason"])


def moved(ids: Sequence[int], to: Status, *, by: User, at: datetime, reason: str) -> Iterable[Result]:
    before = dict(Standing.objects.filter(pk__in=ids).values_list("pk", "status"))
    there = [lead_id for lead_id in ids if before[lead_id] == to]
    stay = move_many([lead_id for lead_id in ids if lead_id not in there], to, by=by, at=at, reason=reason)
    for lead_id in ids:
        if lead_id in there:
            yield same(lead_id)
        elif lead_id in stay:
            yield refused(lead_id, stay[lead_id])
        else:
            yield changed(lead_id, {"status": before[lead_id]})


def recycle(ids: Sequence[int], job: Job, at: datetime) -> Iterable[Result]:
    """Gives the open hand-offs back to Marketing for one reason; a lead without one is refused."""
    with lock(ids) as rows:
        handoffs = list(Handoff.objects.open().filter(lead__in=ids))
        recycle_all(handoffs, by=job.by, at=at, rows=rows, reason=job.params["reason"], note=job.params["note"])
    given_back = {handoff.lead_id for handoff in handoffs}
    why = _("It has no open hand-off to give back.")
    return [changed(i) if i in given_back else refused(i, why) for i in ids]


ASSIGN = register(Work("bulk.assign", gettext_lazy("Assign"), "user-check", through(assign), undo="undo.assign"))
TAG = register(Work("bulk.tag", gettext_lazy("Tags"), "tag", through(tag), undo="undo.tag"))
STATUS = register(Work("bulk.status", gettext_lazy("Status"), "move-right", through(move), undo="undo.status"))
RECYCLE = register(Work("bulk.recycle", gettext_lazy("Give back to Marketing"), "recycle", through(recycle)))
