"""The only writer of `Standing`. Whoever changes where a lead stands holds its row locked, and says it here.

Everything said about a lead inside one `lock` is written once, at its end: score, stage, hand-off, owner and
clock of a new lead cost one statement together.
"""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime
from typing import Any

from django.db import connection, transaction

from leads import sql
from leads.enums import Stage, Status
from leads.models import Handoff, Standing

COLUMNS = {
    str(field.column): (field.attname, field.db_parameters(connection)["type"])
    for field in Standing._meta.concrete_fields
}


class Standings(dict[int, Standing]):
    """Locked rows by lead id, and what has been said about them so far."""

    def __init__(self, rows: Iterable[Standing] = ()) -> None:
        super().__init__((row.lead_id, row) for row in rows)
        self._changed: set[int] = set()
        self._new: set[int] = set()

    def add(self, lead_id: int, *, source: str, campaign: str, at: datetime) -> None:
        """A lead that comes to life in this transaction."""
        self[lead_id] = Standing(lead_id=lead_id, source=source, campaign=campaign, created_at=at, status_since=at)
        self._new.add(lead_id)

    def more(self, lead_ids: Sequence[int]) -> None:
        """Locks further leads. Only for a caller that cannot know all of them up front."""
        self.update(_locked([i for i in lead_ids if i not in self]))

    def set_score(self, lead_id: int, *, score: int, fit: int, grade: str) -> None:
        self._set(lead_id, score=score, fit=fit, engagement=score - fit, grade=grade)

    def set_activity(self, lead_id: int, *, last_activity_at: datetime, next_decay_at: datetime | None) -> None:
        self._set(lead_id, last_activity_at=last_activity_at, next_decay_at=next_decay_at)

    def set_next_decay(self, lead_id: int, *, next_decay_at: datetime | None) -> None:
        self._set(lead_id, next_decay_at=next_decay_at)

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

    def flush(self) -> None:
        """Writes what has been said: one INSERT for new leads, one UPDATE for the others."""
        new = [self[i] for i in sorted(self._new)]
        changed = [self[i] for i in sorted(self._changed - self._new)]
        self._new, self._changed = set(), set()
        if new:
            _write(INSERT, new)
        if changed:
            _write(UPDATE, changed)

    def _set(self, lead_id: int, **values: Any) -> None:
        row = self[lead_id]
        before = {name: getattr(row, name) for name in values}
        if before != values:
            for name, value in values.items():
                setattr(row, name, value)
            self._changed.add(lead_id)


@contextmanager
def lock(lead_ids: Iterable[int]) -> Iterator[Standings]:
    """The standings of these leads, locked in id order (so two callers never deadlock), written at the end.

    Opens a transaction, or joins the caller's without a savepoint: an error undoes the caller's work too.
    A lead that does not exist is left out.
    """
    with transaction.atomic(savepoint=False):
        rows = Standings(_locked(lead_ids).values())
        yield rows
        rows.flush()


def _locked(lead_ids: Iterable[int]) -> dict[int, Standing]:
    wanted = sorted(set(lead_ids))
    if not wanted:
        return {}
    return {s.lead_id: s for s in Standing.objects.filter(pk__in=wanted).order_by("pk").select_for_update(of=("self",))}


_TYPED = ", ".join(f"{column} {kind}" for column, (_attname, kind) in COLUMNS.items())
_NAMES = ", ".join(COLUMNS)

# Lock: the new rows. Runs once per new lead.
INSERT = f"""
INSERT INTO leads_standing ({_NAMES})
SELECT {_NAMES} FROM jsonb_to_recordset(%s::jsonb) AS r({_TYPED})
"""

# Index used: primary key. Lock: already held by `lock`. Idempotent: writes absolute values.
UPDATE = f"""
UPDATE leads_standing s SET {", ".join(f"{c} = r.{c}" for c in COLUMNS if c != "lead_id")}
FROM jsonb_to_recordset(%s::jsonb) AS r({_TYPED})
WHERE s.lead_id = r.lead_id
"""


def _write(statement: str, rows: Sequence[Standing]) -> None:
    given = [{column: getattr(row, attname) for column, (attname, _kind) in COLUMNS.items()} for row in rows]
    sql.run(statement, sql.as_json(given))
