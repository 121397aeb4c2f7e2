"""The only writer of the ledger (the one statement of the sweep in `scoring/sql.py` apart)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from core import failpoints
from leads import sql as leads_sql
from scoring import sql
from scoring.engine import Entry
from scoring.models import LedgerEntry
from scoring.replay import Life

Key = tuple[Any, ...]  # a row's content, in the order of an entry's fields


def book(entries: Mapping[int, Sequence[Entry]], *, version: int, at: datetime) -> None:
    """Appends the entries of each lead, in one statement. The caller holds the leads locked."""
    rows = [{"lead_id": lead_id, **entry._asdict()} for lead_id, of_lead in entries.items() for entry in of_lead]
    if rows:
        leads_sql.run(sql.INSERT_ENTRIES, version, at, leads_sql.as_json(rows))
        failpoints.reach("ledger_written")


def rewrite(lives: Mapping[int, Life], *, version: int, at: datetime) -> set[int]:
    """Makes the ledger of each lead exactly what its life says: what differs is replaced, the rest stays as booked.

    Rows of older models stay; a `rescore` row makes up for what they lack of the score at that moment. Returns the
    leads of which rows had to go: their past looks different now.
    """
    stored = booked(lives)
    wrong: dict[int, list[int]] = {}
    missing: dict[int, list[Entry]] = {}
    for lead_id, life in lives.items():
        wanted, rows = life.booked, stored[lead_id].rows
        keys = set(wanted)
        wrong[lead_id] = [pk for key, pk in rows.items() if key not in keys]
        missing[lead_id] = stored[lead_id].lacking(life) + [entry for entry in wanted if entry not in rows]
    if gone := [pk for pks in wrong.values() for pk in pks]:
        LedgerEntry.objects.filter(pk__in=gone).delete()
    book(missing, version=version, at=at)
    return {lead_id for lead_id, pks in wrong.items() if pks}


@dataclass
class Booked:
    """What the ledger holds of a lead: rows by their content, and the sum of those of older models."""

    rows: dict[Key, int] = field(default_factory=dict)
    older: int = 0
    older_fit: int = 0

    def lacking(self, life: Life) -> list[Entry]:
        """The `rescore` row that the older rows need to come to what the present model says of that moment.

        Two where points only change sides between fit and engagement: every row changes the score.
        """
        if life.since is None:
            return []
        delta, fit = life.score_then - self.older, life.fit_then - self.older_fit
        parts = [(delta, fit)] if delta else [(fit, fit), (-fit, 0)] if fit else []
        return [Entry("rescore", life.since, delta=points, fit_delta=of_fit) for points, of_fit in parts]


def booked(lives: Mapping[int, Life]) -> dict[int, Booked]:
    """What stands in the ledger of each lead."""
    found: dict[int, Booked] = {lead_id: Booked() for lead_id in lives}
    sinces = [life.since for life in lives.values()]
    for lead_id, pk, *content in leads_sql.run(sql.BOOKED, list(lives), sinces):
        found[lead_id].rows[tuple(content)] = pk
    if older := {i: life.since for i, life in lives.items() if life.since}:
        for lead_id, total, fit in leads_sql.run(sql.OLDER_SUMS, list(older), list(older.values())):
            found[lead_id].older, found[lead_id].older_fit = total, fit
    return found
