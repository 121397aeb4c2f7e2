from scoring.models.agreement import Publication, Signature
from scoring.models.jobs import Backtest, Listed, Rescoring, Slice, SlicedJob
from scoring.models.ledger_entry import LedgerEntry
from scoring.models.rules import Rule, ScoringModel, default_steps, new_code

__all__ = [
    "Backtest",
    "LedgerEntry",
    "Listed",
    "Publication",
    "Rescoring",
    "Rule",
    "ScoringModel",
    "Signature",
    "Slice",
    "SlicedJob",
    "default_steps",
    "new_code",
]
