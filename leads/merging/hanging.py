"""All that hangs on a lead, in whatever room: written down, moved to another lead, and brought back.

The foreign keys say what hangs where. What a room derives from the log (`derived_from_log`) is not moved: its room
makes it anew. Facts are told by number alone: they never change, they only change hands.
"""

from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from typing import Any

import orjson
from django.db import models

from leads import sql
from leads.erasing import erase
from leads.models import Duplicate, DuplicateKey, Event, Lead, Merge, Standing

Model = type[models.Model]
Rows = dict[str, dict[str, dict[str, Any]]]  # table, key, row
OWN = (Duplicate, DuplicateKey, Merge)  # the merge looks after these itself
BORN = "lead.created"  # stays with the lead it made


def snapshot(lead_ids: Sequence[int]) -> Rows:
    """Every row that hangs on these leads, the leads, and those that became part of them before, as JSON."""
    found: Rows = {}
    lead_ids = [*lead_ids, *Lead.objects.filter(merged_into__in=lead_ids).values_list("pk", flat=True)]
    for model, column in _with_leads():
        table, key = model._meta.db_table, _key(model)
        row = f"jsonb_build_object('id', t.id, '{column}', t.{column})" if model is Event else "to_jsonb(t)"
        select = f'SELECT t.{key}::text, ({row})::text FROM "{table}" t WHERE t.{column} = ANY(%s)'
        rows = sql.run(select, list(lead_ids))
        found[table] = {pk: orjson.loads(text) for pk, text in rows}
    return found


def move(other_id: int, survivor_id: int) -> None:
    """Puts what hangs on one lead under the other; what would be there twice stays behind."""
    for model, column in _tables():
        if model is Standing or getattr(model, "derived_from_log", False):
            continue
        table = model._meta.db_table
        born = f" AND t.kind <> '{BORN}'" if model is Event else ""
        clashes = list(_clashes(model, column))
        clash = " OR ".join(f"({condition})" for condition, _params in clashes)
        twice = f' AND NOT EXISTS (SELECT FROM "{table}" o WHERE o.{column} = %s AND ({clash}))' if clash else ""
        params = [survivor_id, other_id, *([survivor_id] if clash else [])]
        params += [param for _condition, given in clashes for param in given]
        sql.run(f'UPDATE "{table}" t SET {column} = %s WHERE t.{column} = %s{born}{twice}', *params)


def forget_derived(lead_ids: Sequence[int]) -> None:
    """Takes away what rooms derived from the logs of these leads."""
    for model, column in _tables():
        if getattr(model, "derived_from_log", False):
            sql.run(f'DELETE FROM "{model._meta.db_table}" WHERE {column} = ANY(%s)', list(lead_ids))


def bring_back(before: Rows, after: Rows) -> None:
    """Undoes, column by column, what nobody has changed since: rows the merge took come back, rows it made go."""
    for model, _column in _with_leads():
        if model is Standing:
            continue  # written by its own module
        table = model._meta.db_table
        old, new = before.get(table, {}), after.get(table, {})
        erase(model, [_as_key(model, pk) for pk in new.keys() - old.keys()])
        _revert(model, {pk: (row, new[pk]) for pk, row in old.items() if pk in new and row != new[pk]})
        _insert(model, [row for pk, row in old.items() if pk not in new])


def _revert(model: Model, changed: Mapping[str, tuple[dict[str, Any], dict[str, Any]]]) -> None:
    """Sets the columns that differ where they still hold what the merge left there, all of a row in one statement.

    A lead that comes back to life comes last: by then the other one has given up what it took from it.
    """
    groups: dict[tuple[str, ...], list[dict[str, Any]]] = {}
    for was, became in changed.values():
        names = tuple(name for name in was if was[name] != became[name])
        row = {"k": str(was[_key(model)]), "old": {n: was[n] for n in names}, "new": {n: became[n] for n in names}}
        groups.setdefault(names, []).append(row)
    table, key = model._meta.db_table, _key(model)
    for names, rows in sorted(groups.items(), key=lambda group: "merged_into_id" in group[0]):
        kept = ", ".join(
            f"\"{n}\" = CASE WHEN coalesce(to_jsonb(t.\"{n}\"), 'null') = r.new->'{n}' "
            f'THEN (jsonb_populate_record(NULL::"{table}", r.old))."{n}" ELSE t."{n}" END'
            for n in names
        )
        source = "jsonb_to_recordset(%s::jsonb) AS r(k text, old jsonb, new jsonb)"
        sql.run(f'UPDATE "{table}" t SET {kept} FROM {source} WHERE t.{key}::text = r.k', sql.as_json(rows))


def follow_handoffs(lead_ids: Sequence[int]) -> None:
    """What was done on a hand-off since goes to the lead the hand-off is of."""
    for model, column in _tables():
        names = {f.name: f for f in model._meta.concrete_fields}
        if "handoff" in names and model is not Standing:
            sql.run(
                f'UPDATE "{model._meta.db_table}" t SET {column} = h.lead_id FROM leads_handoff h '
                f"WHERE t.handoff_id = h.id AND h.lead_id = ANY(%s) AND t.{column} <> h.lead_id",
                list(lead_ids),
            )
    sql.run(sql.EVENTS_FOLLOW, list(lead_ids), list(lead_ids))


def _insert(model: Model, rows: Sequence[dict[str, Any]]) -> None:
    if rows:
        table = model._meta.db_table
        sql.run(
            f'INSERT INTO "{table}" SELECT * FROM jsonb_populate_recordset(NULL::"{table}", %s::jsonb) '
            "ON CONFLICT DO NOTHING",
            sql.as_json(list(rows)),
        )


@cache
def _tables() -> tuple[tuple[Model, str], ...]:
    """The tables with a foreign key to the lead, and its column; those of the merge itself left out."""
    return tuple(sorted(_relations(), key=lambda found: found[0]._meta.db_table))


def _with_leads() -> tuple[tuple[Model, str], ...]:
    return ((Lead, "id"), *_tables())


def _relations() -> Iterator[tuple[Model, str]]:
    for relation in Lead._meta.get_fields(include_hidden=True):
        if not isinstance(relation, models.ManyToOneRel) or relation.on_delete is not models.CASCADE:
            continue
        model = relation.related_model
        if model not in OWN:
            yield model, str(relation.field.column)


def _clashes(model: Model, column: str) -> Iterator[tuple[str, tuple[Any, ...]]]:
    """What a row `o` of the survivor would have in common with `t`, if both can't be there: unique with the lead."""
    for field in model._meta.concrete_fields:
        if field.column == column and field.unique:
            yield "TRUE", ()
    for constraint in model._meta.constraints:
        if not isinstance(constraint, models.UniqueConstraint):
            continue
        columns = [str(model._meta.get_field(name).column) for name in constraint.fields]  # type: ignore[union-attr]
        if column in columns:
            same = [f'o."{c}" IS NOT DISTINCT FROM t."{c}"' for c in columns if c != column]
            held, given = _held(model, constraint)
            yield " AND ".join([*same, *held]) or "TRUE", given


def _held(model: Model, constraint: models.UniqueConstraint) -> tuple[list[str], tuple[Any, ...]]:
    """Where the constraint has a condition: that both rows meet it."""
    if constraint.condition is None:
        return [], ()
    meeting = model._default_manager.filter(constraint.condition).values("pk")
    select, params = meeting.query.sql_with_params()
    key = _key(model)
    return [f"t.{key} IN ({select})", f"o.{key} IN ({select})"], (*params, *params)


def _key(model: Model) -> str:
    assert model._meta.pk is not None  # noqa: S101 - every table has one
    return str(model._meta.pk.column)


def _as_key(model: Model, text: str) -> Any:
    assert model._meta.pk is not None  # noqa: S101 - every table has one
    return model._meta.pk.to_python(text)
