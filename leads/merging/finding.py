"""Probable duplicates: found by a scan that follows the log, and at once for a lead typed in by hand."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from accounts.models import User
from core.errors import Conflict
from core.hints import push
from leads import sql
from leads.enums import DuplicateState
from leads.merging.likeness import Face, compare, keys
from leads.merging.sql import CHANGED, DROP_PAIRS, FORGET_KEYS, PAIRS, WRITE_KEYS, WRITE_PAIRS
from leads.models import Duplicate, JobRun, Lead, Standing

JOB, FOREVER = "scan_duplicates", "mark"
CHUNK = 5_000  # events
COMPARED = ("name", "company", "phone", "email")
ROUNDS = 20  # chunks a tick: the rest waits for the next one
SETTLED = timedelta(minutes=1)


def scan(*, at: datetime, rounds: int = ROUNDS, chunk: int = CHUNK) -> int:
    """Looks at every lead the log has spoken of since the last scan. Returns how many.

    Each chunk is one transaction under the mark's lock: two scans share the work, a killed one goes on there.
    """
    JobRun.objects.get_or_create(job=JOB, period=FOREVER, defaults={"started_at": at})
    looked_at = 0
    for _round in range(rounds):
        with transaction.atomic():
            mark = JobRun.objects.select_for_update().get(job=JOB, period=FOREVER)
            after = mark.result.get("event", 0)
            given = {"after": after, "until": at - SETTLED, "limit": chunk}
            last, lead_ids = sql.run_named(CHANGED, given)[0]
            if last is None:
                break
            find_for(lead_ids or [], at=at)
            mark.result, mark.finished_at = {"event": last}, at
            mark.save(update_fields=["result", "finished_at"])
            looked_at += len(lead_ids or [])
    return looked_at


@transaction.atomic
def find_for(lead_ids: Sequence[int], *, at: datetime) -> int:
    """Compares these leads with all others, and keeps the pairs that may be one person. Returns how many pairs."""
    faces = _faces(lead_ids)
    sql.run(FORGET_KEYS, list(lead_ids))
    pairs = [(pk, key) for pk, face in faces.items() for key in keys(face)]
    sql.run(WRITE_KEYS, [pk for pk, _key in pairs], [key for _pk, key in pairs])
    met = sql.run(PAIRS, list(faces))
    faces |= _faces({pk for pair in met for pk in pair} - faces.keys())
    alike = []
    for one, other in met:
        if one in faces and other in faces and (found := compare(faces[one], faces[other])):
            alike.append({"one": one, "other": other, "reason": found[0], "confidence": found[1]})
    sql.run_named(DROP_PAIRS, {"leads": list(lead_ids), "kept": sql.as_json(alike)})
    sql.run(WRITE_PAIRS, at, sql.as_json(alike))
    if alike:
        push(*(f"lead:{row['one']}" for row in alike[:50]))
    return len(alike)


def open_pairs(user: User) -> QuerySet[Duplicate]:
    """What waits to be looked at, of leads this person may see both of."""
    seen = Standing.objects.visible_to(user).values("lead")
    both = Q(one__in=seen, other__in=seen)
    return Duplicate.objects.filter(both, state=DuplicateState.OPEN).select_related("one__standing", "other__standing")


def pairs_of(lead_id: int) -> list[Duplicate]:
    """The open pairs of one lead, whoever asks; the surest first."""
    rows = Duplicate.objects.filter(Q(one=lead_id) | Q(other=lead_id), state=DuplicateState.OPEN)
    return list(rows.select_related("one", "other").order_by("-confidence", "-pk")[:20])


def duplicates_of(lead_id: int, user: User) -> list[Duplicate]:
    """The open pairs of one lead, the surest first. Most leads have none: then it is one small question."""
    of_lead = Q(one=lead_id) | Q(other=lead_id)
    if not Duplicate.objects.filter(of_lead, state=DuplicateState.OPEN).exists():
        return []
    return list(open_pairs(user).filter(of_lead).order_by("-confidence", "-pk")[:20])


def dismiss(pair: Duplicate, *, by: User | None, at: datetime) -> None:
    """These two are not one person: they are not suggested again. Raises Conflict when it is settled already."""
    waiting = Duplicate.objects.filter(pk=pair.pk, state=DuplicateState.OPEN)
    if not waiting.update(state=DuplicateState.DISMISSED, settled_at=at, settled_by=by):
        raise Conflict(_("Somebody has settled this pair already."), code="already_settled")


def _faces(lead_ids: Sequence[int] | set[int]) -> dict[int, Face]:
    rows = Lead.objects.live().filter(pk__in=lead_ids, standing__isnull=False)
    return {row.pk: Face(row.name, row.company, row.phone, row.email) for row in rows.only(*COMPARED)}
