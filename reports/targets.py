"""What the agreement asks of a period, where it says anything about it."""

from dataclasses import dataclass

from reports.scope import Scope
from sla.agreements import in_force, versions

MONTHS = {"month": 1, "quarter": 3, "6m": 6}


@dataclass(frozen=True)
class Targets:
    """Hand-offs asked for in the period (whole months of the whole company only), and shares of 1."""

    mql: int | None
    kept: float
    invalid: float


def targets_of(scope: Scope) -> Targets:
    """The targets of the version that holds at the moment the report is read."""
    agreement = in_force(versions(), at=scope.at)
    months = MONTHS.get(scope.period.key) if scope.everywhere() else None
    return Targets(
        mql=agreement.mql_per_month * months if months else None,
        kept=agreement.kept_rate / 100,
        invalid=agreement.invalid_rate / 100,
    )
