"""The only writer of the ledger (the decay sweep's one statement in `scoring/sql.py` apart)."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from leads import sql as leads_sql
from scoring import sql
from scoring.engine import Entry
from scoring.models import LedgerEntry

Key = tuple[Any, ...]


def book(entries: Mapping[int, Sequence[Entry]], *, version: int, at: datetime) -> None:
    """Appends the entries of each lead, in one statement. What is already booked is left out."""
    rows = [_row(lead_id, entry) for lead_id, of_lead in entries.items() for entry in of_lead]
    if rows:
        leads_sql.run(sql.INSERT_ENTRIES, version, at, leads_sql.as_json(rows))


def rewrite(entries: Mapping[int, Sequence[Entry]], *, version: int, at: datetime) -> set[int]:
    """Makes the ledger of each lead exactly these entries: what differs is replaced, the rest stays as booked.

    Returns the leads of which rows had to go: their past looks different now.
    """
    stored: dict[int, dict[Key, int]] = {lead_id: {} for lead_id in entries}
    for row in LedgerEntry.objects.filter(lead__in=entries):
        stored[row.lead_id][_key(row)] = row.pk
    wrong: dict[int, list[int]] = {}
    missing: dict[int, list[Entry]] = {}
    for lead_id, wanted in entries.items():
        keys = {_key(entry) for entry in wanted}
        wrong[lead_id] = [pk for key, pk in stored[lead_id].items() if key not in keys]
        missing[lead_id] = [entry for entry in wanted if _key(entry) not in stored[lead_id]]
    LedgerEntry.objects.filter(pk__in=[pk for pks in wrong.values() for pk in pks]).delete()
    book(missing, version=version, at=at)
    return {lead_id for lead_id, pks in wrong.items() if pks}


def history(lead_ids: Iterable[int]) -> list[tuple[Any, ...]]:
    """What the live path needs to know of these leads: see LIVE_STATE."""
    return leads_sql.run(sql.LIVE_STATE, list(lead_ids))


def keys_of_leads(lead_ids: Sequence[int]) -> dict[int, set[Key]]:
    """The booked entries of each lead as (kind, rule, event, delta, moment)."""
    booked: dict[int, set[Key]] = {lead_id: set() for lead_id in lead_ids}
    rows = LedgerEntry.objects.filter(lead__in=lead_ids)
    for lead_id, *key in rows.values_list("lead", "kind", "rule", "event", "delta", "effective_at"):
        booked[lead_id].add(tuple(key))
    return booked


def _row(lead_id: int, entry: Entry) -> dict[str, Any]:
    return {
        "lead_id": lead_id,
        "kind": entry.kind,
        "rule_id": entry.rule_id,
        "event_id": entry.event_id,
        "delta": entry.delta,
        "fit_delta": entry.fit_delta,
        "effective_at": entry.effective_at,
        "step": entry.step,
        "spell": entry.spell,
        "repeat_key": entry.repeat_key,
    }


def _key(row: Entry | LedgerEntry) -> Key:
    return (
        row.kind, row.rule_id, row.event_id, row.delta, row.fit_delta, row.effective_at, row.step, row.spell,
        row.repeat_key,
    )  # fmt: skip
