"""What known leads were before a file or a merge touched them, and bringing them back exactly there."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import orjson
from django.db import connection, models

from leads import sql
from leads.erasing import erase
from leads.importing.sql import EVENTS_OF, IDENTITIES_BEYOND, SNAPSHOT
from leads.models import Event, Handoff, Identity, Lead
from leads.rescoring import derive_anew
from leads.standing import Standings

Before = Mapping[str, Any]


def taken(lead_ids: Sequence[int]) -> dict[int, Before]:
    """Lead, standing, hand-offs and identities of each, as JSON. The caller holds the leads locked."""
    return {pk: orjson.loads(before) for pk, before in sql.run(SNAPSHOT, list(lead_ids))} if lead_ids else {}


def put_back(befores: Mapping[int, Before], moments: Mapping[int, Sequence[datetime]], *, rows: Standings) -> None:
    """Makes each lead what it was: what was recorded at `moments` goes, and what that opened or claimed.

    The caller holds the leads locked, and derives the scores after it.
    """
    _restore(Lead, [before["lead"] for before in befores.values()])
    for before in befores.values():
        rows.put_back(before["standing"])
    rows.flush()  # first: a lead does not stand with an open hand-off that is gone
    kept = {pk: [row["id"] for row in before["handoffs"]] for pk, before in befores.items()}
    later = Handoff.objects.filter(lead__in=befores).values_list("lead", "pk")
    opened = [pk for lead, pk in later if pk not in kept[lead]]
    given = [{"lead_id": pk, "at": at} for pk, times in moments.items() for at in times]
    erase(Event, [pk for (pk,) in sql.run(EVENTS_OF, sql.as_json(given), [str(pk) for pk in opened], list(befores))])
    erase(Handoff, opened)
    _restore(Handoff, [row for before in befores.values() for row in before["handoffs"]])
    claimed = [{"lead_id": pk, "ids": before["identities"]} for pk, before in befores.items()]
    erase(Identity, [pk for (pk,) in sql.run(IDENTITIES_BEYOND, sql.as_json(claimed))])


def derive(lead_ids: Sequence[int], *, at: datetime, rows: Standings) -> None:
    """Ledger and score from what is left of the log; where the lead stands was put back before."""
    rows.flush()
    derive_anew(lead_ids, at=at, rows=rows)


def _restore(model: type[models.Model], written: Sequence[Mapping[str, Any]]) -> None:
    """Writes rows back as `to_jsonb` wrote them down, in one statement. Index used: primary key."""
    if not written:
        return
    columns = [str(f.column) for f in model._meta.concrete_fields if not f.primary_key]
    quoted = [connection.ops.quote_name(column) for column in columns]
    table = connection.ops.quote_name(model._meta.db_table)
    sql.run(
        f"UPDATE {table} t SET {', '.join(f'{c} = r.{c}' for c in quoted)} "
        f"FROM jsonb_populate_recordset(NULL::{table}, %s::jsonb) AS r WHERE t.id = r.id",
        sql.as_json(list(written)),
    )
