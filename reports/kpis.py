"""The KPIs, each defined once: the cards, the API, the downloads and the help page all read this list.

Two views, never mixed silently. Flow: what happened in the period. Cohort: what became, until now, of the hand-offs
offered in the period. Live: as things stand now, whatever the period.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from reports.counting import Value, Values, ratio
from reports.measures import READINGS
from reports.questions import Ask
from reports.reading import totals
from reports.scope import Scope
from reports.tables import Column, Row, Table, Unit
from reports.targets import Targets, targets_of
from reports.views_of_time import COHORT, DUE, FLOW, LIVE, View


@dataclass(frozen=True)
class Kpi:
    """One figure. `how` is its definition in words, `counts` the measure whose rows stand behind it.

    `better` is 1 when more is better, -1 when less is, 0 when neither. Shares are of 1, money is VND, times are
    elapsed seconds (not business time).
    """

    key: str
    label: str | Promise
    how: str | Promise
    unit: Unit
    view: View
    counts: str
    value: Callable[[Values], Value]
    better: int = 1
    icon: str = ""
    target: Callable[[Targets], Value] = lambda _targets: None


@dataclass(frozen=True)
class Figure:
    """A KPI of one period, and of the one before. `still_open`: the share of the cohort that may yet join."""

    kpi: Kpi
    value: Value
    before: Value
    target: Value
    still_open: float | None = None

    @property
    def change(self) -> float | None:
        """Since the period before: the difference of two shares, for anything else the relative change."""
        if self.value is None or self.before is None:
            return None
        if self.kpi.unit == "percent":
            return self.value - self.before
        return (self.value - self.before) / self.before if self.before else None

    @property
    def good(self) -> bool | None:
        """Whether the change is for the better; None when there is none, or neither is better."""
        if not self.change or not self.kpi.better:
            return None
        return (self.change > 0) == (self.kpi.better > 0)


def _of(key: str) -> Callable[[Values], Value]:
    return lambda values: values[key] or 0


def _share(part: str, whole: str) -> Callable[[Values], Value]:
    return lambda values: ratio(values[part] or 0, values[whole])


def _either(part: str, other: str) -> Callable[[Values], Value]:
    return lambda values: ratio(values[part] or 0, (values[part] or 0) + (values[other] or 0))


KPIS: tuple[Kpi, ...] = (
    Kpi(
        "leads",
        _("Leads received"),
        _("Leads created in the period. A person who enquires again is the same lead and does not count twice."),
        "number",
        FLOW,
        "leads",
        _of("leads"),
        icon="users",
        target=lambda targets: targets.leads,
    ),
    Kpi(
        "valid_leads",
        _("Valid leads"),
        _(
            "Leads created in the period, less those Sales has found invalid until now: wrong phone in the"
            " qualified-lead check, or given back for wrong contact data."
        ),
        "number",
        FLOW,
        "leads_valid",
        lambda values: (values["leads"] or 0) - (values["leads_invalid"] or 0),
        icon="user-check",
    ),
    Kpi(
        "mql",
        _("MQL handed over"),
        _("Hand-offs (MQL and PQL) offered to Sales in the period. A lead that comes back counts once per cycle."),
        "number",
        FLOW,
        "offered",
        _of("offered"),
        icon="target",
        target=lambda targets: targets.mql,
    ),
    Kpi(
        "sql",
        _("SQL accepted"),
        _("Hand-offs that Sales accepted in the period, whenever they were offered."),
        "number",
        FLOW,
        "accepted",
        _of("accepted"),
        icon="badge-check",
        target=lambda targets: targets.sql,
    ),
    Kpi(
        "won",
        _("Contracts won"),
        _("Hand-offs whose contract was won in the period, whenever they were offered."),
        "number",
        FLOW,
        "won",
        _of("won"),
        icon="trophy",
        target=lambda targets: targets.won,
    ),
    Kpi(
        "revenue",
        _("Revenue"),
        _("Contract amounts, in VND, of the contracts won in the period."),
        "money",
        FLOW,
        "won",
        _of("revenue"),
        icon="banknote",
        target=lambda targets: targets.revenue,
    ),
    Kpi(
        "mql_to_sql",
        _("MQL to SQL"),
        _(
            "Of the hand-offs offered in the period, the share Sales has accepted until now. Those still open may yet"
            " join, so a young cohort reads low: their share stands beside it."
        ),
        "percent",
        COHORT,
        "offered_accepted",
        _share("offered_accepted", "offered"),
        icon="percent",
    ),
    Kpi(
        "sql_to_customer",
        _("SQL to customer"),
        _("Of the hand-offs offered in the period that Sales accepted, the share whose contract is won until now."),
        "percent",
        COHORT,
        "offered_won",
        _share("offered_won", "offered_accepted"),
        icon="handshake",
    ),
    Kpi(
        "first_touch_median",
        _("Time to first touch"),
        _(
            "Median time from the offer to the first attempt by a person, over the hand-offs offered in the period that"
            " have been touched. Elapsed time, nights and holidays included; promises kept count business time."
        ),
        "duration",
        COHORT,
        "offered_touched",
        lambda values: values["touch_median"],
        better=-1,
        icon="timer",
    ),
    Kpi(
        "first_touch_p90",
        _("First touch, slowest tenth"),
        _("The time to the first touch that nine in ten touched hand-offs of the period stay under. Elapsed time."),
        "duration",
        COHORT,
        "offered_touched",
        lambda values: values["touch_p90"],
        better=-1,
        icon="hourglass",
    ),
    Kpi(
        "sla_kept",
        _("Promises kept"),
        _(
            "Of the first-touch promises that fell due in the period and were kept or broken, the share that was kept,"
            " in business time. A hand-off decided in time without an attempt counts as neither."
        ),
        "percent",
        DUE,
        "promises_kept",
        _either("promises_kept", "promises_broken"),
        icon="shield-check",
        target=lambda targets: targets.kept,
    ),
    Kpi(
        "invalid_rate",
        _("Invalid leads"),
        _(
            "Of the hand-offs offered in the period that Sales has judged (decided, or phone checked), the share with a"
            " wrong phone or wrong contact data. 10-20 % is usual in digital advertising."
        ),
        "percent",
        COHORT,
        "offered_invalid",
        _share("offered_invalid", "offered_judged"),
        better=-1,
        icon="user-x",
        target=lambda targets: targets.invalid,
    ),
    Kpi(
        "open_now",
        _("Open hand-offs"),
        _("Hand-offs that wait for Sales' decision right now, whenever they were offered."),
        "number",
        LIVE,
        "open",
        _of("open"),
        better=0,
        icon="inbox",
    ),
)
BY_KEY = {kpi.key: kpi for kpi in KPIS}
ASKS = tuple(Ask(reading) for reading in READINGS)


def kpis(scope: Scope) -> list[Figure]:
    """Every KPI of the period beside the period before, in the order of KPIS."""
    now, before = totals(scope, READINGS)
    targets = targets_of(scope)
    return [_figure(kpi, now, before, targets) for kpi in KPIS]


def kpi_table(figures: Sequence[Figure]) -> Table:
    """The figures as they are downloaded and answered: one row per KPI, values of different units in one column."""
    columns = [
        Column("key", _("Key"), "text"),
        Column("label", _("KPI"), "text"),
        Column("value", _("Value"), "mixed"),
        Column("before", _("Period before"), "mixed"),
        Column("target", _("Target"), "mixed"),
        Column("unit", _("Unit"), "text"),
        Column("view", _("View"), "text"),
        Column("still_open", _("Still open"), "percent"),
        Column("how", _("How it is counted"), "text"),
    ]
    return Table("kpis", _("Key figures"), columns, [_row(figure) for figure in figures])


def _figure(kpi: Kpi, now: Values, before: Values, targets: Targets) -> Figure:
    live = kpi.view == LIVE
    return Figure(
        kpi=kpi,
        value=kpi.value(now),
        before=None if live else kpi.value(before),
        target=kpi.target(targets),
        still_open=ratio(now["offered_open"], now["offered"]) if kpi.key == "mql_to_sql" else None,
    )


def _row(figure: Figure) -> Row:
    kpi = figure.kpi
    return Row(
        {
            "key": kpi.key,
            "label": str(kpi.label),
            "value": figure.value,
            "before": figure.before,
            "target": figure.target,
            "unit": kpi.unit,
            "view": kpi.view.key,
            "still_open": figure.still_open,
            "how": str(kpi.how),
        },
        unit=kpi.unit,
    )
