"""Scores put right where an earlier mistake left them wrong: the log is the truth, everything else follows from it."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from leads.handoffs import follow_scores
from leads.standing import lock
from scoring.award import derive_anew
from scoring.checks import batched
from scoring.published import published

CHUNK = 500  # leads locked at a time


def mend(lead_ids: Iterable[int], *, at: datetime) -> int:
    """Derives ledger and score of these leads anew; stages follow. Returns how many scores changed.

    Nobody is handed over by it: a lead that comes to stand over the line is so with its next points, as after a new
    model. Doing it twice changes nothing.
    """
    changed, limits = 0, published().thresholds
    for part in batched(sorted(set(lead_ids)), CHUNK):
        with lock(part) as rows:
            changes = derive_anew([i for i in part if i in rows], at=at, rows=rows)
            changed += sum(change.before != change.after for change in changes)
            settled = [replace(change, before=change.after) for change in changes]
            follow_scores(settled, thresholds=limits, at=at, rows=rows)
    return changed
