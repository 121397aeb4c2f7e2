"""The KPIs as cards: figures become texts in the active language."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from core import figures
from reports import links
from reports.kpis import Figure
from reports.models import Benchmark
from reports.planning import benchmarks
from reports.scope import Scope
from reports.tables import WRITE

MAIN = ("leads", "mql", "sql", "won", "mql_to_sql", "revenue", "first_touch_median", "sla_kept")
TENFOLD = 9.0  # as a change
SMALL = ("valid_leads", "invalid_rate", "sql_to_customer", "first_touch_p90", "open_now")


@dataclass(frozen=True)
class Card:
    """What the KPI component takes."""

    key: str
    label: str | Promise
    value: str
    trend: str
    good: bool | None
    sub: str
    target: str
    href: str
    how: str
    icon: str


def cards(scope: Scope, found: Sequence[Figure], keys: Sequence[str]) -> list[Card]:
    """The cards of these KPIs, in the order of `keys`."""
    by_key = {figure.kpi.key: figure for figure in found}
    published = benchmarks()
    return [_card(scope, by_key[key], published.get(key)) for key in keys]


def _card(scope: Scope, figure: Figure, published: Benchmark | None) -> Card:
    kpi = figure.kpi
    write = WRITE[kpi.unit]
    return Card(
        key=kpi.key,
        label=kpi.label,
        value=write(figure.value),
        trend=trend(figure),
        good=figure.good,
        sub="; ".join(part for part in (_sub(figure), _published(published)) if part),
        target=_target(figure),
        href=links.measured(scope, kpi.counts),
        how=f"{kpi.how} {kpi.view.rule}",
        icon=kpi.icon,
    )


def trend(figure: Figure) -> str:
    """+12,4 %, ×12 from tenfold on, or +1,8 points between two shares; nothing where nothing compares."""
    change = figure.change
    if change is None:
        return ""
    sign = "+" if change > 0 else ""
    if figure.kpi.unit == "percent":
        return pgettext("percentage points", "{number} pts").format(number=sign + figures.number(change * 100, 1))
    if change >= TENFOLD:
        return f"×{figures.number(change + 1)}"
    return sign + figures.percent(change)


def _sub(figure: Figure) -> str:
    if figure.still_open:
        return _("%(share)s still open") % {"share": figures.percent(figure.still_open)}
    if figure.before is None:
        return str(figure.kpi.view.label)
    return _("before: %(value)s") % {"value": WRITE[figure.kpi.unit](figure.before)}


def _published(found: Benchmark | None) -> str:
    if found is None:
        return ""
    return _("benchmark %(share)s (%(source)s)") % {"share": figures.percent(found.share), "source": found.source}


def _target(figure: Figure) -> str:
    if figure.target is None:
        return ""
    sign = {1: "≥", -1: "≤"}.get(figure.kpi.better, "")
    return f"{sign} {WRITE[figure.kpi.unit](figure.target)}"
