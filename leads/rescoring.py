"""Scores anew, when the log of a lead has changed under it: a merge, or an import taken back.

Scoring lives in a room above; it says here, once at start, how it is done.
"""

from collections.abc import Callable, Sequence
from datetime import datetime

from leads.standing import Standings
from leads.thresholds import ScoreChange

Deriver = Callable[..., list[ScoreChange]]
_provider: list[Deriver] = []


def provide(deriver: Deriver) -> None:
    """Takes the place of whoever provided before."""
    _provider[:] = [deriver]


def derive_anew(lead_ids: Sequence[int], *, at: datetime, rows: Standings) -> list[ScoreChange]:
    """Makes ledger and score of these leads what their logs say now. The caller holds them locked.

    Returns the scores before and after; stages and hand-offs are left to the caller.
    """
    return _provider[0](lead_ids, at=at, rows=rows) if _provider and lead_ids else []
