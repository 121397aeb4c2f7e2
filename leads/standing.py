"""The only writer of `Standing`. Whoever changes where a lead stands holds its row locked, and says it here.

Everything said about a lead inside one `lock` is written once, at its end: score, stage, hand-off, owner and
clock of a new lead cost one statement together.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date, datetime
from typing import Any

from django.db import connection, transaction

from core.errors import NotFound
from core.statements import Often, array
from leads import sql
from leads.enums import Stage, Status
from leads.models import Handoff, Standing
from leads.rows import row_of

COLUMNS = {field.attname: field.db_parameters(connection)["type"] for field in Standing._meta.concrete_fields}
DEFAULTS = {field.attname: field.get_default() for field in Standing._meta.concrete_fields}


class Standings(dict[int, Standing]):
    """Locked rows by lead id, and what has been said about them so far."""

    def __init__(self, rows: Iterable[Standing] = ()) -> None:
        super().__init__((vars(row)["lead_id"], row) for row in rows)
        self._changed: set[int] = set()
        self._beyond: set[int] = set()  # of these, more than `SCORED` says
        self._new: set[int] = set()

    def __missing__(self, lead_id: int) -> Standing:
        """Merged into another lead or erased while the caller waited for the lock: as if it had never been here."""
        raise NotFound

    def add(self, lead_id: int, *, source: str, campaign: str, at: datetime) -> None:
        """A lead that comes to life in this transaction."""
        given = {"lead_id": lead_id, "source": source, "campaign": campaign, "created_at": at, "status_since": at}
        self[lead_id] = row_of(Standing, DEFAULTS | given)
        self._new.add(lead_id)

    def is_new(self, lead_id: int) -> bool:
        """Whether the lead came to life in this transaction: nothing about it is stored yet."""
        return lead_id in self._new

    def set_score(self, lead_id: int, *, score: int, fit: int, grade: str) -> None:
        self._set(lead_id, score=score, fit=fit, engagement=score - fit, grade=grade)

    def set_activity(
        self,
        lead_id: int,
        *,
        last_activity_at: datetime | None,
        quiet_since: datetime | None,
        next_decay_at: datetime | None,
    ) -> None:
        """The last own action, since when the lead is quiet (None: nothing decays now), what is due next."""
        self._set(lead_id, last_activity_at=last_activity_at, quiet_since=quiet_since, next_decay_at=next_decay_at)

    def set_stage(self, lead_id: int, stage: Stage, *, cooling: bool = False) -> None:
        self._set(lead_id, stage=stage, cooling=cooling)

    def set_status(self, lead_id: int, status: Status, *, at: datetime, won_amount: int | None = None) -> None:
        self._set(lead_id, status=status, status_since=at, won_amount=won_amount)

    def set_handoff(self, lead_id: int, handoff: Handoff) -> None:
        """The lead's current hand-off, open or just decided."""
        self._set(
            lead_id,
            handoff_id=handoff.pk,
            handoff_open=handoff.is_open,
            outcome=handoff.outcome,
            cycle=handoff.cycle,
            mql_at=handoff.offered_at,
        )

    def set_owner(self, lead_id: int, *, owner_id: int | None, team_id: int | None) -> None:
        self._set(lead_id, owner_id=owner_id, team_id=team_id)

    def set_next_step(self, lead_id: int, *, at: datetime | None) -> None:
        self._set(lead_id, next_step_at=at)

    def set_wake(self, lead_id: int, *, on: date | None) -> None:
        self._set(lead_id, wake_on=on)

    def set_sla(self, lead_id: int, *, due_at: datetime | None, warn_at: datetime | None) -> None:
        """The next promise that falls due for this lead, or none."""
        self._set(lead_id, sla_due_at=due_at, sla_warn_at=warn_at)

    def put_back(self, values: Mapping[str, Any]) -> None:
        """The row as it was written down earlier (`as_written`): for a change that is taken back."""
        row = Standing(**{f.attname: f.to_python(values[f.attname]) for f in Standing._meta.concrete_fields})
        (self._changed if row.lead_id in self else self._new).add(row.lead_id)
        self._beyond.add(row.lead_id)
        self[row.lead_id] = row

    def take_off(self, lead_ids: Iterable[int]) -> None:
        """These leads stand nowhere any more: they have become part of others, or go altogether."""
        gone = list(lead_ids)
        for lead_id in gone:
            del self[lead_id]
        self._new.difference_update(gone)
        self._changed.difference_update(gone)
        sql.run(DELETE, gone)

    def unite(self, lead_id: int, *, work: Mapping[str, Any], cycle: int) -> None:
        """The lead takes over where another was worked: status, hand-off, owner and promises together."""
        self._set(lead_id, cycle=cycle, **work)

    def flush(self, *, but: Collection[int] = ()) -> None:
        """Writes what has been said: one INSERT for new leads, one UPDATE for the others. `but` these wait."""
        new = [self[i] for i in sorted(self._new.difference(but))]
        changed = sorted((self._changed - self._new).difference(but))
        scored = [self[i] for i in changed if i not in self._beyond]
        others = [self[i] for i in changed if i in self._beyond]
        self._new, self._changed = self._new.intersection(but), self._changed.intersection(but)
        if new:
            _write(INSERT, new, COLUMNS)
        if scored:
            _write(UPDATE_SCORED, scored, SCORED)
        if others:
            _write(UPDATE, others, COLUMNS)

    def _set(self, lead_id: int, **values: Any) -> None:
        row = self[lead_id]
        known = vars(row)
        for name, value in values.items():
            if known[name] != value:
                setattr(row, name, value)
                self._changed.add(lead_id)
                if name not in SCORED:
                    self._beyond.add(lead_id)


@contextmanager
def lock(lead_ids: Iterable[int], *, savepoint: bool = True) -> Iterator[Standings]:
    """The standings of these leads, locked in id order (so two callers never deadlock), written at the end.

    Opens a transaction of its own, or a savepoint of the caller's; without `savepoint` an error inside ends the
    caller's transaction too. A lead that does not exist is left out.
    """
    with transaction.atomic(savepoint=savepoint):
        rows = Standings(_locked(lead_ids))
        yield rows
        rows.flush()


@contextmanager
def claim(statement: str, parameters: Sequence[Any]) -> Iterator[Standings]:
    """The standings that a statement of an `sql.py` locks and answers with, as `COLUMNS` says, written at the end.

    For sweeps: the statement decides what is due and skips what somebody else holds. A transaction of its own.
    """
    with transaction.atomic():
        rows = Standings(map(_row, sql.run(statement, *parameters)))
        yield rows
        rows.flush()


def _locked(lead_ids: Iterable[int]) -> list[Standing]:
    wanted = sorted(set(lead_ids))
    return [_row(values) for values in sql.run(LOCK, array(wanted))] if wanted else []


def _row(values: Sequence[Any]) -> Standing:
    return row_of(Standing, dict(zip(COLUMNS, values, strict=True)))


SCORED = {  # what an action of the lead changes, and most of what ever changes
    name: COLUMNS[name]
    for name in (
        "lead_id", "score", "fit", "engagement", "grade", "stage", "cooling", "last_activity_at", "quiet_since",
        "next_decay_at",
    )
}  # fmt: skip

_TYPED = ", ".join(f"{column} {kind}" for column, kind in COLUMNS.items())
_NAMES = ", ".join(COLUMNS)

# Index used: primary key. Lock: these rows, in the order of their ids like everybody else.
LOCK = f"SELECT {_NAMES} FROM leads_standing WHERE lead_id = ANY(%s) ORDER BY lead_id FOR UPDATE"

# Lock: the new rows. Runs once per new lead.
INSERT = Often(f"""
INSERT INTO leads_standing ({_NAMES})
SELECT {_NAMES} FROM jsonb_to_recordset(%s::jsonb) AS r({_TYPED})
""")

# Index used: primary key. Lock: already held by `lock`. Idempotent: writes absolute values.
_UPDATE = """
UPDATE leads_standing s SET {written}
FROM jsonb_to_recordset(%s::jsonb) AS r({typed})
WHERE s.lead_id = r.lead_id
"""


def _update(columns: Mapping[str, str | None]) -> Often:
    written = ", ".join(f"{name} = r.{name}" for name in columns if name != "lead_id")
    return Often(_UPDATE.format(written=written, typed=", ".join(f"{name} {kind}" for name, kind in columns.items())))


UPDATE = _update(COLUMNS)
UPDATE_SCORED = _update(SCORED)

# Index used: primary key. Lock: the caller has locked the rows. Idempotent.
DELETE = "DELETE FROM leads_standing WHERE lead_id = ANY(%s)"

# Index used: primary key. Lock: the caller has locked the rows. Runs once per booked change: the changes come from
# the INSERT ... RETURNING of the ledger in the same statement. `changed` must hold one row per lead.
APPLY_SCORES = """
UPDATE leads_standing s
SET score = s.score + c.delta,
    fit = s.fit + c.fit_delta,
    engagement = s.engagement + c.delta - c.fit_delta,
    grade = CASE WHEN s.fit + c.fit_delta >= %(fit_a)s THEN 'A'
                 WHEN s.fit + c.fit_delta >= %(fit_b)s THEN 'B' ELSE 'C' END
         || CASE WHEN s.engagement + c.delta - c.fit_delta >= %(engagement_1)s THEN '1'
                 WHEN s.engagement + c.delta - c.fit_delta >= %(engagement_2)s THEN '2' ELSE '3' END,
    stage = CASE WHEN s.stage NOT IN ('contact', 'prospect', 'lead') THEN s.stage
                 WHEN s.score + c.delta >= %(lead)s THEN 'lead'
                 WHEN s.score + c.delta >= %(prospect)s THEN 'prospect' ELSE 'contact' END,
    cooling = s.stage IN ('mql', 'pql', 'sql') AND s.score + c.delta < %(mql)s,
    next_decay_at = c.next_decay_at
FROM changed c
WHERE s.lead_id = c.lead_id
RETURNING s.lead_id
"""

# Index used: primary key. Lock: the caller has locked the rows. Idempotent: writes absolute values.
RESTATE = """
UPDATE leads_standing s
SET score = c.score, fit = c.fit, engagement = c.score - c.fit, grade = c.grade, stage = c.stage, cooling = c.cooling,
    quiet_since = c.quiet_since, next_decay_at = c.next_decay_at
FROM unnest(%s::bigint[], %s::integer[], %s::integer[], %s::text[], %s::text[], %s::boolean[], %s::timestamptz[],
            %s::timestamptz[])
     AS c(lead_id, score, fit, grade, stage, cooling, quiet_since, next_decay_at)
WHERE s.lead_id = c.lead_id
"""


def restate(rows: Sequence[tuple[Any, ...]]) -> None:
    """Writes lead, score, fit, grade, stage, cooling, quiet since and next decay of many locked leads at once."""
    if rows:
        sql.run(RESTATE, *(list(column) for column in zip(*rows, strict=True)))


def _write(statement: str, rows: Sequence[Standing], columns: Collection[str]) -> None:
    # What is left out arrives as NULL: most columns of most leads, and a third of the JSON.
    given = [{name: value for name in columns if (value := values[name]) is not None} for values in map(vars, rows)]
    sql.run(statement, sql.as_json(given))
