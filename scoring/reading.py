"""A finished trial as the page and the API show it: totals, months, lines, rules with their evidence."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from core.charts import Chart, Series
from core.figures import number
from leads.models import Lead
from scoring.enums import Adopted, Unsuggested
from scoring.models import Backtest, Rule
from scoring.published import thresholds_of
from scoring.suggest import FEWEST_SQL, Lift, lift, why_none
from scoring.tally import SIDES

LINES_SHOWN = 24
WEEKS_A_MONTH = 365 / 12 / 7


@dataclass(frozen=True, slots=True)
class Side:
    """One model over the whole span. Shares are of 1, None where nothing can be divided."""

    handoffs: int
    sql: int
    won: int
    caught: int
    won_leads: int
    per_rep_week: float | None

    @property
    def to_sql(self) -> float | None:
        return _share(self.sql, self.handoffs)

    @property
    def to_won(self) -> float | None:
        return _share(self.won, self.handoffs)

    @property
    def recall(self) -> float | None:
        return _share(self.caught, self.won_leads)


@dataclass(frozen=True, slots=True)
class Month:
    """`name` as in the report, 2026-11."""

    name: str
    draft: Side
    published: Side

    @property
    def label(self) -> str:
        """11/2026, as people write it here."""
        year, _dash, month = self.name.partition("-")
        return f"{month}/{year}"


@dataclass(frozen=True, slots=True)
class Line:
    """What a threshold would have brought: leads that reached it, and what became of them."""

    score: int
    leads: int
    to_sql: float | None
    to_won: float | None
    chosen: bool


@dataclass(frozen=True, slots=True)
class Evidence:
    """What the past says of one rule. `lift` is None where there is too little data.

    `suggested` or `silent` is given, never both: the points, or why there are none.
    """

    rule: Rule
    times: int
    leads: int
    share: float | None
    lift: Lift | None
    suggested: int | None
    silent: Unsuggested | None


@dataclass(frozen=True, slots=True)
class BalancedLine:
    """An MQL line that would have made as many hand-offs as the model in force, and how many exactly.

    `now` is the line the version has. `adopts` is what is taken over with the line.
    """

    adopts: Adopted
    mql: int
    now: int
    handoffs: int
    in_force: int
    leads: int


@dataclass(frozen=True, slots=True)
class Differing:
    """A lead that only one of the models would have handed over."""

    lead: Lead
    score: int
    at: datetime
    draft_peak: int
    published_peak: int
    sql: bool
    won: bool


def totals(job: Backtest) -> dict[str, Side]:
    """Both models over the whole span."""
    return {side: _side(job, list(job.report["months"].values()), side, months=job.months) for side in SIDES}


def months(job: Backtest) -> list[Month]:
    """The same month by month, oldest first."""
    return [
        Month(month, _side(job, [figures], "draft", months=1), _side(job, [figures], "published", months=1))
        for month, figures in sorted(job.report["months"].items())
    ]


def lines(job: Backtest, side: str = "draft") -> list[Line]:
    """Thresholds in even steps, and the chosen one among them."""
    peaks = {int(peak): figures for peak, figures in job.report["peaks"][side].items()}
    chosen = thresholds_of(job.model if side == "draft" else job.against).mql
    step = max(5, -(-max(peaks, default=0) // LINES_SHOWN // 5) * 5)
    scores = sorted({chosen, *range(step, max([*peaks, chosen]) + 1, step)}) if peaks else []
    return [_line(score, peaks, chosen=score == chosen) for score in scores]


def evidence(job: Backtest, rules: Sequence[Rule]) -> list[Evidence]:
    """Every rule of the draft with what came of the leads it fired for."""
    return [_evidence(job.report, rule) for rule in rules]


def balanced(job: Backtest) -> list[BalancedLine]:
    """The line for the suggested points and the one for the points as they are; none where nothing was handed over."""
    found = job.report.get("balance") or {}
    now = thresholds_of(job.model).mql
    return [
        BalancedLine(adopts, one["mql"], now, one["handoffs"], found["handoffs"], found["leads"])
        for adopts, name in ((Adopted.BOTH, "suggested"), (Adopted.LINE, "draft"))
        if (one := found.get(name))
    ]


def offers(job: Backtest) -> list[Adopted]:
    """What of the suggestions the draft could take over."""
    lines = {one.adopts for one in balanced(job)}
    given = [Adopted.POINTS] if job.report["suggested"] else []
    return [one for one in Adopted if one in {*lines, *given}]


def enough(job: Backtest) -> bool:
    """Whether there were outcomes enough to suggest points at all."""
    return bool(min(job.report["sql"], job.report["leads"] - job.report["sql"]) >= FEWEST_SQL)


def differing(job: Backtest, side: str, visible: Mapping[int, Lead]) -> list[Differing]:
    """Leads that only this model would have handed over, highest scores first, as far as the reader may see them."""
    return [
        Differing(visible[lead_id], score, datetime.fromisoformat(at), draft, published, sql, won)
        for score, lead_id, at, draft, published, sql, won in job.report["shown"][side]
        if lead_id in visible
    ]


def lead_ids(job: Backtest) -> list[int]:
    return [row[1] for side in SIDES for row in job.report["shown"][side]]


def curve(job: Backtest) -> Chart:
    """Precision against volume: each point is a threshold, from all leads on the left to few on the right."""
    shown = [line for line in lines(job) if line.leads]
    return Chart(
        kind="line",
        labels=[f"≥ {line.score} · {number(line.leads)}" for line in shown],
        series=[
            Series(_("become SQL"), [line.to_sql for line in shown], "blue"),
            Series(_("are won"), [line.to_won for line in shown], "green"),
            Series(_("chosen threshold"), [line.to_sql if line.chosen else None for line in shown], "red"),
        ],
        unit="percent",
    )


def monthly(job: Backtest) -> Chart:
    """Hand-offs a month, side by side."""
    rows = months(job)
    return Chart(
        kind="bar",
        labels=[row.label for row in rows],
        series=[
            Series(_("this version"), [row.draft.handoffs for row in rows], "blue"),
            Series(_("in force"), [row.published.handoffs for row in rows], "secondary"),
        ],
    )


def _side(job: Backtest, rows: Sequence[Mapping[str, list[int]]], side: str, *, months: int) -> Side:
    handoffs, sql, won = (sum(row[side][place] for row in rows) for place in range(3))
    caught = 1 + SIDES.index(side)
    sellers = job.report["sellers"]
    return Side(
        handoffs=handoffs,
        sql=sql,
        won=won,
        caught=sum(row["won"][caught] for row in rows),
        won_leads=sum(row["won"][0] for row in rows),
        per_rep_week=handoffs / sellers / (months * WEEKS_A_MONTH) if sellers else None,
    )


def _line(score: int, peaks: Mapping[int, list[int]], *, chosen: bool) -> Line:
    leads, sql, won = (sum(f[place] for peak, f in peaks.items() if peak >= score) for place in range(3))
    return Line(score, leads, _share(sql, leads), _share(won, leads), chosen)


def _evidence(report: Mapping[str, Any], rule: Rule) -> Evidence:
    key = str(rule.pk)
    times, leads, sql = report["rules"].get(key, (0, 0, 0))
    counts = {"leads": leads, "sql": sql, "all_leads": report["leads"], "all_sql": report["sql"]}
    points = report["suggested"].get(key)
    silent = None if points is not None else why_none(rule, **counts) or Unsuggested.NOT_LEARNED
    return Evidence(rule, times, leads, _share(sql, leads), lift(**counts), points, silent)


def _share(part: int, whole: int) -> float | None:
    return part / whole if whole else None
