"""The only writer of the ledger (the one statement of the sweep in `scoring/sql.py` apart)."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from core import failpoints
from leads import sql as leads_sql
from scoring import sql
from scoring.engine import Entry
from scoring.models import LedgerEntry

Key = tuple[Any, ...]  # a row's content, in the order of an entry's fields


def book(entries: Mapping[int, Sequence[Entry]], *, version: int, at: datetime) -> None:
    """Appends the entries of each lead, in one statement. The caller holds the leads locked."""
    rows = [{"lead_id": lead_id, **entry._asdict()} for lead_id, of_lead in entries.items() for entry in of_lead]
    if rows:
        leads_sql.run(sql.INSERT_ENTRIES, version, at, leads_sql.as_json(rows))
        failpoints.reach("ledger_written")


def rewrite(entries: Mapping[int, Sequence[Entry]], *, version: int, at: datetime) -> set[int]:
    """Makes the ledger of each lead exactly these entries: what differs is replaced, the rest stays as booked.

    Returns the leads of which rows had to go: their past looks different now.
    """
    stored = booked(list(entries))
    wrong: dict[int, list[int]] = {}
    missing: dict[int, list[Entry]] = {}
    for lead_id, wanted in entries.items():
        keys = set(wanted)
        wrong[lead_id] = [pk for key, pk in stored[lead_id].items() if key not in keys]
        missing[lead_id] = [entry for entry in wanted if entry not in stored[lead_id]]
    if gone := [pk for pks in wrong.values() for pk in pks]:
        LedgerEntry.objects.filter(pk__in=gone).delete()
    book(missing, version=version, at=at)
    return {lead_id for lead_id, pks in wrong.items() if pks}


def booked(lead_ids: Sequence[int]) -> dict[int, dict[Key, int]]:
    """The rows of each lead: their numbers by their content."""
    found: dict[int, dict[Key, int]] = {lead_id: {} for lead_id in lead_ids}
    rows = LedgerEntry.objects.filter(lead__in=lead_ids).values_list("lead", "pk", *Entry._fields)
    for lead_id, pk, *content in rows:
        found[lead_id][tuple(content)] = pk
    return found
