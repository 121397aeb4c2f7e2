"""Taking a bulk act back: row by row, only where the row still is what the act made of it."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from core.errors import Conflict
from leads.assignment import hand_over, release
from leads.bulk.acts import moved
from leads.bulk.rows import CHUNK, Result, changed, refused, through
from leads.chain import MOVES
from leads.enums import RowOutcome, Status
from leads.jobs import WORKS, Clock, Work, register, start
from leads.models import Job, JobRow, Standing
from leads.standing import lock
from leads.tags import tag_leads

AT_ONCE = 200


def may_undo(job: Job) -> bool:
    """Whether there is something to take back: it has ended, changed leads, and was not taken back yet."""
    if job.is_open or not WORKS[job.kind].undo or hasattr(job, "undone_by"):
        return False
    if job.kind == "bulk.status" and not MOVES[Status(job.params["to"])]:
        return False
    return job.rows.filter(outcome=RowOutcome.DONE).exists()


def undo(job: Job, *, by: User, at: datetime, clock: Clock) -> Job:
    """Starts the opposite work, or does it at once up to 200 leads. Raises Conflict when there is nothing to undo."""
    if not may_undo(job):
        raise Conflict(_("There is nothing to undo here (any more)."), code="nothing_to_undo")
    total = job.rows.filter(outcome=RowOutcome.DONE).count()
    title = _("Undo: %(title)s") % {"title": job.title}
    at_once = clock if total <= AT_ONCE else None
    kind = WORKS[job.kind].undo
    return start(kind, by=by, at=at, title=title, params={"of": job.pk}, total=total, undoes=job, at_once=at_once)


def assign_back(ids: Sequence[int], job: Job, at: datetime) -> Iterable[Result]:
    """To whoever had the lead before; who had none goes back to nobody, or to the pool."""
    given_to, rows_of = _undone(job).params["owner"], _before(job, ids)
    with lock(ids) as rows:
        still = [i for i in ids if rows[i].owner_id == given_to]
        by_owner = defaultdict[int | None, list[int]](list)
        for lead_id in still:
            by_owner[rows_of[lead_id]["owner"]].append(lead_id)
        release(by_owner.pop(None, []), by=job.by, at=at, rows=rows)
        people = {user.pk: user for user in User.objects.here().filter(pk__in=list(by_owner))}
        for owner, leads in by_owner.items():
            if owner in people:
                hand_over(leads, to=people[owner], by=job.by, at=at, rows=rows, why="undone")
    gone = {i for owner, leads in by_owner.items() if owner not in people for i in leads}
    for lead_id in ids:
        if lead_id in gone:
            yield refused(lead_id, _("Who had it before has left."))
        else:
            yield changed(lead_id) if lead_id in still else refused(lead_id, _("Somebody has changed it since."))


def tag_back(ids: Sequence[int], job: Job, at: datetime) -> Iterable[Result]:
    """The words that were added go, those that were removed come back."""
    by_change = defaultdict[tuple[tuple[str, ...], tuple[str, ...]], list[int]](list)
    for lead_id, change in _before(job, ids).items():
        by_change[tuple(change["added"]), tuple(change["removed"])].append(lead_id)
    for (added, removed), leads in by_change.items():
        tagged = tag_leads(leads, by=job.by, at=at, add=removed, remove=added)
        for lead_id in leads:
            why = tagged.refused.get(lead_id)
            yield refused(lead_id, why) if why else changed(lead_id)


def move_back(ids: Sequence[int], job: Job, at: datetime) -> Iterable[Result]:
    """Where the chain knows the way back."""
    made = _undone(job).params["to"]
    status = dict(Standing.objects.filter(pk__in=ids).values_list("pk", "status"))
    by_status = defaultdict[str, list[int]](list)
    for lead_id, before in _before(job, ids).items():
        by_status[before["status"] if status[lead_id] == made else ""].append(lead_id)
    yield from (refused(i, _("Somebody has changed it since.")) for i in by_status.pop("", []))
    for to, leads in by_status.items():
        yield from moved(leads, Status(to), by=job.by, at=at, reason=_("Taken back"))


def _undone(job: Job) -> Job:
    return Job.objects.get(pk=job.params["of"])


def _before(job: Job, ids: Sequence[int]) -> dict[int, Any]:
    """What stood there before, by lead."""
    rows = JobRow.objects.filter(job=job.params["of"], lead__in=ids, outcome=RowOutcome.DONE)
    return dict(rows.values_list("lead_id", "before"))


def _changed_rows(job: Job, last: int) -> Iterator[list[int]]:
    """The leads the undone job had changed, in the order of their ids. Index: job_row_once."""
    while True:
        rows = JobRow.objects.filter(job=job.params["of"], outcome=RowOutcome.DONE, lead__gt=last).order_by("lead")
        ids = list(rows.values_list("lead", flat=True)[:CHUNK])
        if not ids:
            return
        last = ids[-1]
        yield ids


register(Work("undo.assign", gettext_lazy("Undo"), "undo-2", through(assign_back, _changed_rows)))
register(Work("undo.tag", gettext_lazy("Undo"), "undo-2", through(tag_back, _changed_rows)))
register(Work("undo.status", gettext_lazy("Undo"), "undo-2", through(move_back, _changed_rows)))
