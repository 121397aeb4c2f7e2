"""Spend per day, source and campaign: the newest file says what a day cost."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from accounts.models import User
from leads import sql
from leads.enums import RowFate
from leads.importing.lines import Cost, Plan, Trouble, read_cost
from leads.importing.sql import RESTORE_SPEND, TAKE_BACK_SPEND, WRITE_SPEND

Numbered = tuple[int, list[str]]


def bring_in_costs(lines: Sequence[Numbered], plan: Plan, *, by: User | None, at: datetime) -> list[dict[str, Any]]:
    """Writes the good lines in one statement; several lines of one day and campaign are added up.

    Returns the lines as the staging table keeps them. `before` says what the undo needs: the key, and what was there.
    """
    read = [(number, *read_cost(cells, plan)) for number, cells in lines]
    sums: dict[tuple[str, str, str], int] = {}
    for _number, cost, _troubles in read:
        if cost:
            sums[_key(cost)] = sums.get(_key(cost), 0) + cost.amount
    given = [{"day": d, "source": s, "campaign": c, "amount": amount} for (d, s, c), amount in sums.items()]
    found = sql.run_named(WRITE_SPEND, {"rows": sql.as_json(given), "by": by and by.pk, "at": at})
    before = {(str(d), s, c): {"amount": a, "by_id": u, "old_at": t.isoformat()} for d, s, c, a, u, t in found}
    return [_row(number, cost, troubles, before) for number, cost, troubles in read]


def take_back_costs(befores: Sequence[dict[str, Any]], moments: Sequence[datetime]) -> int:
    """Removes or restores each day's spend where nobody has said anything newer. Returns how many lines it concerns."""
    keyed = [{**before, "at": at.isoformat()} for before, at in zip(befores, moments, strict=True)]
    sql.run(RESTORE_SPEND, sql.as_json([row for row in keyed if "amount" in row]))
    sql.run(TAKE_BACK_SPEND, sql.as_json([row for row in keyed if "amount" not in row]))
    return len(keyed)


def _key(cost: Cost) -> tuple[str, str, str]:
    return cost.day.isoformat(), cost.source, cost.campaign


def _row(
    number: int, cost: Cost | None, troubles: Sequence[Trouble], before: dict[tuple[str, str, str], dict[str, Any]]
) -> dict[str, Any]:
    problems = [trouble.as_dict() for trouble in troubles]
    line: dict[str, Any] = {"number": number, "lead_id": None, "submission_id": None, "problems": problems}
    if cost is None:
        return line | {"fate": RowFate.REJECTED, "before": None}
    day, source, campaign = _key(cost)
    old = before.get((day, source, campaign))
    here = {"day": day, "source": source, "campaign": campaign}
    return line | {"fate": RowFate.MATCHED if old else RowFate.CREATED, "before": here | (old or {})}
