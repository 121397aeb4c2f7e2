"""What must always be true of scores: standing == sum of ledger == replay."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from itertools import islice
from typing import TypeVar

from core.due import DueState
from leads import sql as leads_sql
from leads.models import Standing
from leads.standing import lock
from scoring import sql
from scoring.enums import JobState
from scoring.ledger import booked
from scoring.models import Slice
from scoring.published import published
from scoring.replay import replay_many

CHUNK = 1000
LATEST_SWEEP = timedelta(hours=3)
SHOWN = 20
MOMENT = timedelta(microseconds=1)
Item = TypeVar("Item")


def violations(*, at: datetime, sample: int | None = None) -> Iterator[str]:
    """Yields what is wrong, and what mends it."""
    for lead_id, wrong in wrong_books(at=at, sample=sample):
        yield f"lead {lead_id}: {wrong}; mended by: manage.py mend_scores {lead_id}"
    overdue = Standing.objects.filter(next_decay_at__lt=at - LATEST_SWEEP).order_by("next_decay_at")
    for row in overdue[:SHOWN]:
        yield f"lead {row.pk}: points were due to go at {row.next_decay_at:%Y-%m-%d %H:%M}, and no sweep has taken them"


def wrong_books(*, at: datetime, sample: int | None = None) -> Iterator[tuple[int, str]]:
    """Leads whose score is not what their ledger and history say, and how it is wrong; a lead may come twice.

    The sums are checked for every lead (at most twenty are named), the replay for all or for the newest `sample`.
    """
    for lead_id, score, fit, total, total_fit in leads_sql.run(sql.SUMS_THAT_DIFFER):
        yield lead_id, f"score {score} (fit {fit}), but its ledger says {total} ({total_fit})"
    newest = Standing.objects.order_by("-created_at").values_list("pk", flat=True)[:sample]
    for lead_ids in batched(newest.iterator(), CHUNK):
        if suspects := _differing(lead_ids, at=at):
            # Somebody may have acted between our two looks: only what differs under the lock is wrong.
            with lock(suspects):
                for lead_id in _differing(suspects, at=at):
                    yield lead_id, "ledger and replay differ"


def settled(next_decay_at: datetime | None, *, at: datetime) -> datetime:
    """The moment up to which the ledger of a lead is complete: now, or just before what no sweep has taken yet."""
    return at if next_decay_at is None or next_decay_at > at else next_decay_at - MOMENT


def _differing(lead_ids: Sequence[int], *, at: datetime) -> list[int]:
    """Leads whose ledger is not what a replay says; those that a new model has yet to reach are left out."""
    due = Standing.objects.filter(pk__in=lead_ids).values_list("pk", "next_decay_at")
    waiting = still_to_rescore([pk for pk, _moment in due])
    moments = {lead_id: settled(moment, at=at) for lead_id, moment in due if lead_id not in waiting}
    lives = replay_many(moments, published())
    ledgers = booked(lives)
    return [i for i, life in lives.items() if set(life.booked) != set(ledgers[i].rows) or ledgers[i].lacking(life)]


def still_to_rescore(lead_ids: Sequence[int]) -> set[int]:
    """Those of these leads whose scores are still the last model's: their slice has not been done."""
    spans = Slice.objects.filter(
        rescoring__state__in=[JobState.RUNNING, JobState.PAUSED], state__in=[DueState.PENDING, DueState.DEAD]
    ).values_list("first", "last")
    return {i for first, last in spans for i in lead_ids if first <= i <= last}


def batched(items: Iterable[Item], size: int) -> Iterator[list[Item]]:
    """Lists of at most `size` (itertools.batched comes with Python 3.12)."""
    rest = iter(items)
    while batch := list(islice(rest, size)):
        yield batch
