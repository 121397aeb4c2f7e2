"""What is asked of a period: the targets somebody has set, else what the agreement says about it."""

from dataclasses import dataclass

from reports.goals import whole_targets
from reports.scope import Scope
from sla.agreements import in_force, versions

MONTHS = {"month": 1, "quarter": 3, "6m": 6, "12m": 12}


@dataclass(frozen=True)
class Targets:
    """What is asked for in whole months, revenue in VND, and shares of 1; None where nothing is."""

    mql: int | None
    leads: int | None
    sql: int | None
    won: int | None
    revenue: int | None
    kept: float
    invalid: float


def targets_of(scope: Scope) -> Targets:
    """The targets of the version that holds at the moment the report is read."""
    agreement = in_force(versions(), at=scope.at)
    months = MONTHS.get(scope.period.key) if scope.everywhere() else None
    promised = agreement.mql_per_month * months if months else None
    own = whole_targets(scope)
    return Targets(
        mql=own.get("mql", promised),
        leads=own.get("leads"),
        sql=own.get("sql"),
        won=own.get("won"),
        revenue=own.get("revenue"),
        kept=agreement.kept_rate / 100,
        invalid=agreement.invalid_rate / 100,
    )
