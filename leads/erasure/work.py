"""The erasure itself: rows and log in one transaction, then the files, tried again until they are gone."""

from collections.abc import Sequence
from datetime import datetime

from django.core.files.storage import default_storage
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from leads.enums import RequestKind, RequestState, Stage, Status
from leads.erasure.carrying_out import ERASURE
from leads.erasure.holdings import exports_of, held
from leads.erasure.people import meant
from leads.erasure.scrubbing import scrub, stored_files
from leads.events import Fact, record
from leads.export_files import folder
from leads.jobs import Clock, Step, Steps, Work, cancel, register
from leads.kinds import LEAD_ERASED
from leads.lifecycle import Move, shift
from leads.models import Job, Lead, PersonRequest
from leads.rescoring import derive_anew
from leads.standing import Standings, lock
from leads.withdrawing import withdraw_open

STAY = {Status.WON, Status.WRONG_TARGET}


def steps(job: Job, clock: Clock) -> Steps:
    found = PersonRequest.objects.get(pk=job.params["erasure"])
    if not job.position:
        files = erase_person(found, by=job.by, at=clock())
        yield Step(1, position={"files": files})
    _remove(job.position["files"], meant(found.lead_id), at=clock())
    PersonRequest.objects.filter(pk=found.pk).update(state=RequestState.DONE, closed_at=clock())
    yield Step(2)


def erase_person(found: PersonRequest, *, by: User, at: datetime) -> list[str]:
    """Everything but the files, whose names it returns; in the caller's transaction.

    Rooms above hear `lead.erased` while the person is still known here, and empty their own rows.
    """
    with lock([found.lead_id]) as rows:
        leads = list(Lead.objects.select_for_update().filter(pk__in=[lead.pk for lead in meant(found.lead_id)]))
        files = stored_files(leads)
        _proof(found, leads, by=by, at=at)
        _end_work(found.lead_id, by=by, at=at, rows=rows)
        fact = Fact(found.lead_id, LEAD_ERASED, at, by.pk, properties={"erasure": found.pk})
        record([fact], at=at, rows=rows)
        rows.flush()
        scrub(leads, at=at)
        _end_requests(leads, by=by, at=at)
        derive_anew([found.lead_id], at=at, rows=rows)
    return files


def _proof(found: PersonRequest, leads: Sequence[Lead], *, by: User, at: datetime) -> None:
    counted = {one.key: one.count for one in held(leads, at=at)}
    PersonRequest.objects.filter(pk=found.pk).update(closed_by=by, held=counted)


def _end_requests(leads: Sequence[Lead], *, by: User, at: datetime) -> None:
    """What else the person had asked can't be answered any more, nor need it be."""
    others = PersonRequest.objects.filter(lead__in=leads, state=RequestState.OPEN).exclude(kind=RequestKind.DELETE)
    others.update(state=RequestState.REFUSED, reason=_("The person has been erased."), closed_by=by, closed_at=at)


def _end_work(lead_id: int, *, by: User, at: datetime, rows: Standings) -> None:
    """Nobody works the person any more: an open hand-off is withdrawn, a lead that is no customer drops out."""
    withdraw_open(lead_id, by=by, at=at, rows=rows)
    status = Status(rows[lead_id].status)
    if status not in STAY:
        shift([Move(lead_id, Status.WRONG_TARGET, extra={"why": "erased"})], by=by, at=at, rows=rows)
    if status != Status.WON:
        rows.set_stage(lead_id, Stage.DISQUALIFIED)
    rows.set_next_step(lead_id, at=None)
    rows.set_wake(lead_id, on=None)


def _remove(files: Sequence[str], leads: Sequence[Lead], *, at: datetime) -> None:
    """A file that is gone already is fine: the step may come twice."""
    for name in files:
        default_storage.delete(name)
    for job in exports_of(leads, at=at):
        if job.is_open:
            cancel(job, at=at)
        if name := job.result.get("file"):
            (folder() / name).unlink(missing_ok=True)


register(Work(ERASURE, gettext_lazy("Erasure"), "eraser", steps))
