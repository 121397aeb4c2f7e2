"""Where a score puts a lead, below the line that Sales sees. Pure; the numbers come from the published model."""

from collections.abc import Callable
from dataclasses import dataclass

from leads.enums import Stage


@dataclass(frozen=True, slots=True)
class Thresholds:
    """Scores from which a lead counts as prospect, lead, MQL, and ready for Sales first (DOMAIN 2)."""

    prospect: int = 10
    lead: int = 50
    mql: int = 75
    sql_ready: int = 100

    def stage(self, score: int) -> Stage:
        """The stage of a lead without open hand-off or verdict: never higher than `lead`."""
        if score >= self.lead:
            return Stage.LEAD
        return Stage.PROSPECT if score >= self.prospect else Stage.CONTACT


@dataclass(frozen=True, slots=True)
class ScoreChange:
    """One lead's score before and after a batch of facts, under which model version."""

    lead_id: int
    before: int
    after: int
    product_qualified: bool
    model_version: int


@dataclass(frozen=True, slots=True)
class InForce:
    """The thresholds of the published model, and its version."""

    thresholds: Thresholds
    version: int


_provider: list[Callable[[], InForce]] = []


def provide(source: Callable[[], InForce]) -> None:
    """Scoring says here, once at start, where the thresholds in force are to be asked for."""
    _provider[:] = [source]


def in_force() -> InForce:
    """What the published model says now; the defaults of DOMAIN 2 where no room has published any."""
    return _provider[0]() if _provider else InForce(Thresholds(), 0)
