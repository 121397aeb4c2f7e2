"""A merge undone: both leads as they were before it, and what has happened since where it belongs."""

from datetime import datetime
from typing import Any

import orjson
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from accounts.models import User
from core.errors import Conflict
from leads import sql
from leads.enums import SCORED_STAGES, DuplicateState
from leads.merging import hanging
from leads.merging.joining import WORK
from leads.models import Duplicate, Handoff, Merge, Standing
from leads.rescoring import derive_anew
from leads.standing import Standings, lock
from leads.thresholds import in_force

STANDING = Standing._meta.db_table


def undo_merge(made: Merge, *, by: User | None, at: datetime) -> None:
    """Brings both leads back.

    What came in since stays with the lead that stayed; what was done since on a hand-off goes with the hand-off; what
    somebody has changed since is left as it is.

    Raises Conflict when it is undone already, the lead has become part of another since, or somebody else has the
    other's phone or e-mail by now.
    """
    with lock([made.survivor_id]) as rows:
        made = Merge.objects.select_for_update().get(pk=made.pk)
        if made.undone_at is not None:
            raise Conflict(_("This merge has been undone already."), code="already_undone")
        if made.survivor_id not in rows:
            raise Conflict(_("This lead has become part of another since: undo that merge first."), code="merged_since")
        both = [made.survivor_id, made.other_id]
        now = _written(made.survivor_id)
        if _opened_by(made, now):
            rows.put_back({**now, "handoff_id": None, "handoff_open": False, "outcome": ""})
            rows.flush()
        _bring_back(made)
        hanging.follow_handoffs(both)
        _stand(made, rows, now)
        rows.flush()
        derive_anew(both, at=at, rows=rows)
        for lead_id in both:
            if rows[lead_id].stage in SCORED_STAGES:
                rows.set_stage(lead_id, in_force().thresholds.stage(rows[lead_id].score))
        _suggest_again(made)
        made.undone_at, made.undone_by = at, by
        made.save(update_fields=["undone_at", "undone_by"])


def _bring_back(made: Merge) -> None:
    try:
        with transaction.atomic():
            hanging.bring_back(made.before, made.moved)
    except IntegrityError as error:
        message = _("The other lead's phone or e-mail belongs to somebody else by now: the merge can't be undone.")
        raise Conflict(message, code="already_taken") from error


def _opened_by(made: Merge, now: dict[str, Any]) -> bool:
    """Whether the lead is worked on a hand-off that only the two scores together opened: it goes with the merge."""
    handoff, table = str(now["handoff_id"]), Handoff._meta.db_table
    return handoff in made.moved.get(table, {}) and handoff not in made.before.get(table, {})


def _stand(made: Merge, rows: Standings, now: dict[str, Any]) -> None:
    """Puts both standings back; where the lead is worked `now` goes with the hand-off it is worked on."""
    before, after = made.before[STANDING], made.moved[STANDING][str(made.survivor_id)]
    survivor, other = dict(before[str(made.survivor_id)]), dict(before[str(made.other_id)])
    if any(now[name] != after[name] for name in WORK) and not _opened_by(made, now):
        theirs = Handoff.objects.filter(pk=now["handoff_id"] or 0, lead=made.other_id).exists()
        (other if theirs else survivor).update({name: now[name] for name in WORK})
    rows.put_back(survivor)
    rows.put_back(other)


def _written(lead_id: int) -> dict[str, Any]:
    """The standing as `to_jsonb` writes it. Index used: primary key."""
    ((row,),) = sql.run(f"SELECT to_jsonb(s)::text FROM {STANDING} s WHERE lead_id = %s", lead_id)
    written: dict[str, Any] = orjson.loads(row)
    return written


def _suggest_again(made: Merge) -> None:
    one, two = sorted([made.survivor_id, made.other_id])
    pair = Duplicate.objects.filter(one=one, other=two, state=DuplicateState.MERGED)
    pair.update(state=DuplicateState.OPEN, settled_at=None, settled_by=None)
