"""An import taken back: leads it made go with everything about them, leads it met become what they were.

A lead somebody has worked on since stays as it is, and is named.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import orjson

from leads import sql
from leads.enums import ImportKind, RowFate
from leads.erasing import erase
from leads.importing import snapshots
from leads.importing.spending import take_back_costs
from leads.importing.sql import SUBMISSIONS_OF, WORKED_ON
from leads.kinds import LEAD_ACTIONS, RESERVED
from leads.models import Import, Lead, Submission
from leads.standing import lock

NAMED = 200  # leads that stay are listed up to here
_RESERVED = "^(" + "|".join(prefix.replace(".", r"\.") for prefix in RESERVED) + ")"


def take_back(
    found: Import, lines: Sequence[Any], tally: dict[str, Any], moments: Sequence[datetime], *, at: datetime
) -> None:
    """Takes these lines back, in the caller's transaction, and adds to the tally: removed, restored, kept.

    `lines` are (number, fate, lead, submission, at, before) as `sql.LAST_LINES` gives them; `moments` are those at
    which this import recorded anything: what it said itself is nobody's work.
    """
    if found.kind == ImportKind.SPEND:
        tally["removed"] += take_back_costs([_json(line[5]) for line in lines], [line[4] for line in lines])
        return
    with lock({line[2] for line in lines if line[2]}) as rows:
        worked_on = _worked_on(lines, moments) | {line[2] for line in lines if line[2] and line[2] not in rows}
        free = [line for line in lines if line[2] and line[2] not in worked_on]
        made = [line[2] for line in free if line[1] == RowFate.CREATED]
        met = {line[2]: line for line in free if line[2] not in set(made) and line[5]}
        _restore(met, free, at=at, rows=rows)
        rows.take_off(made)
        mine = [line[3] for line in free if line[3]]
        erase(Submission, [pk for (pk,) in sql.run(SUBMISSIONS_OF, mine, f"import:{found.pk}")])
        tally["removed"] += erase(Lead, made)
        tally["restored"] += len(met)
    kept = [lead_id for lead_id in sorted(worked_on) if lead_id not in tally["kept"]]
    tally["kept"] = [*tally["kept"], *kept][:NAMED]
    tally["stayed"] = tally.get("stayed", 0) + len(kept)


def _restore(met: dict[int, Any], free: Sequence[Any], *, at: datetime, rows: Any) -> None:
    """Each lead as it was before the earliest of these lines: they come the last first."""
    moments: dict[int, list[datetime]] = {}
    for line in free:
        moments.setdefault(line[2], []).append(line[4])
    befores = {lead_id: _json(line[5]) for lead_id, line in met.items()}
    snapshots.put_back(befores, {i: moments[i] for i in met}, rows=rows)
    snapshots.derive(list(met), at=at, rows=rows)


def _worked_on(lines: Sequence[Any], moments: Sequence[datetime]) -> set[int]:
    given = [{"lead_id": line[2], "at": line[4]} for line in lines if line[2]]
    found = sql.run(WORKED_ON, sql.as_json(given), list(moments), sorted(LEAD_ACTIONS), _RESERVED)
    return {lead_id for (lead_id,) in found}


def _json(value: Any) -> Any:
    return orjson.loads(value) if value else {}
