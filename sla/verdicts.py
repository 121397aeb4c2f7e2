"""Who answers for a period (DOMAIN 5), and what the month will come to. Pure: figures in, findings out."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from sla.enums import Answers, Promise
from sla.models import Agreement


class Code(StrEnum):
    """What is judged; each opens into its hand-offs."""

    VOLUME = "volume"
    QUALIFIED = "qualified_rate"
    INVALID = "invalid_rate"
    PROCESS = "process"
    LATE = "late"
    CLOSING = "closing"


MARKETING = (Code.VOLUME, Code.QUALIFIED, Code.INVALID)
SALES = (Code.PROCESS, Code.LATE, Code.CLOSING)
PROCESS = (Promise.FIRST_TOUCH, Promise.NEXT_ATTEMPT)
LATE = (Promise.DECISION, Promise.CARE)
OF_SALES = {Code.PROCESS: PROCESS, Code.LATE: LATE}


@dataclass(frozen=True, slots=True)
class Figures:
    """What happened in the period. `kept` and `broken` count promises that fell due, per promise."""

    offered: int = 0
    judged: int = 0
    qualified: int = 0
    invalid: int = 0
    accepted: int = 0
    won: int = 0
    kept: dict[str, int] = field(default_factory=dict)
    broken: dict[str, int] = field(default_factory=dict)
    feedback_kept: int = 0
    feedback_broken: int = 0

    def counts(self, code: Code) -> tuple[int, int]:
        """How many promises were kept and how many broken, of those that finding is about; feedback is process."""
        wanted, process = OF_SALES[code], code == Code.PROCESS
        kept = sum(self.kept.get(p, 0) for p in wanted) + (self.feedback_kept if process else 0)
        broken = sum(self.broken.get(p, 0) for p in wanted) + (self.feedback_broken if process else 0)
        return kept, broken

    def share_kept(self, code: Code) -> float | None:
        """Kept among those that can be judged; None where nothing fell due."""
        kept, broken = self.counts(code)
        return kept / (kept + broken) if kept + broken else None


@dataclass(frozen=True, slots=True)
class Finding:
    """One commitment against what came of it; `kept` is None where there is nothing to judge yet."""

    code: Code
    actual: float | None
    promised: float
    kept: bool | None

    @property
    def of_marketing(self) -> bool:
        return self.code in MARKETING


@dataclass(frozen=True, slots=True)
class Judgement:
    """The verdict on the days from `first` to `last` under one version of the agreement."""

    agreement: Agreement
    first: date
    last: date
    figures: Figures
    findings: list[Finding]

    @property
    def who(self) -> Answers:
        return answers(self.findings)


def judge(figures: Figures, agreement: Agreement, *, volume: float | None) -> list[Finding]:
    """Every commitment of one version.

    `volume`: qualified hand-offs owed in the period; None judges no volume, because the period still runs, or only a
    team or a source is looked at.
    """
    judged = figures.judged
    return [
        Finding(Code.VOLUME, figures.qualified, volume or 0, None if volume is None else figures.qualified >= volume),
        _at_least(Code.QUALIFIED, _ratio(figures.qualified, judged), agreement.qualified_rate),
        _at_most(Code.INVALID, _ratio(figures.invalid, judged), agreement.invalid_rate),
        _at_least(Code.PROCESS, figures.share_kept(Code.PROCESS), agreement.kept_rate),
        _at_least(Code.LATE, figures.share_kept(Code.LATE), agreement.kept_rate),
        _at_least(
            Code.CLOSING,
            _ratio(figures.won, figures.accepted) if agreement.won_rate else None,
            agreement.won_rate,
        ),
    ]


def answers(findings: Iterable[Finding]) -> Answers:
    """Whoever broke a commitment answers: one side, both, or nobody."""
    broken = [finding for finding in findings if finding.kept is False]
    marketing = any(finding.of_marketing for finding in broken)
    sales = any(not finding.of_marketing for finding in broken)
    if marketing and sales:
        return Answers.BOTH
    if marketing:
        return Answers.MARKETING
    return Answers.SALES if sales else Answers.NOBODY


def parts(known: Sequence[Agreement], first: date, last: date) -> list[tuple[Agreement, date, date]]:
    """The days from `first` to `last`, cut where another version came into force; before the first, the first."""
    starts = [v.in_force_from for v in known if v.in_force_from and first < v.in_force_from <= last]
    edges = [first, *starts]
    found = []
    for index, start in enumerate(edges):
        end = date.fromordinal(edges[index + 1].toordinal() - 1) if index + 1 < len(edges) else last
        holding = next((v for v in reversed(known) if v.in_force_from and v.in_force_from <= start), known[0])
        found.append((holding, start, end))
    return found


def forecast(count: int, *, passed: float, total: float) -> float | None:
    """What the count comes to at the end of the month at the rate so far; business time passed and in all.

    None before any business time has passed.
    """
    return count * total / passed if passed > 0 else None


def _ratio(part: int, whole: int) -> float | None:
    return part / whole if whole else None


def _at_least(code: Code, actual: float | None, percentage: int) -> Finding:
    return Finding(code, actual, percentage / 100, None if actual is None else actual * 100 >= percentage)


def _at_most(code: Code, actual: float | None, percentage: int) -> Finding:
    return Finding(code, actual, percentage / 100, None if actual is None else actual * 100 <= percentage)
