"""What managers and marketers write down for the reports: spend, benchmarks, what reps may see."""

from datetime import date, datetime
from typing import Any

from accounts.models import User
from core.errors import NotFound
from core.hints import push
from core.text import clean
from leads.models import Spend
from reports.models import Benchmark, Goal, ReportPolicy


def set_spend(*, day: date, source: str, campaign: str, amount: int, by: User, at: datetime) -> Spend:
    """What a campaign of a source cost on a day, in whole VND. Typed in again it replaces what was there."""
    key: dict[str, Any] = {"day": day, "source": clean(source, 120), "campaign": clean(campaign, 120)}
    spend, _created = Spend.objects.update_or_create(**key, defaults={"amount": amount, "by": by, "at": at})
    push("dashboard")
    return spend


def take_spend_back(pk: int) -> None:
    """Raises NotFound."""
    _delete(Spend, pk)


def take_goal_back(pk: int) -> None:
    """Raises NotFound."""
    _delete(Goal, pk)


def set_benchmark(*, kpi: str, percent: Any, source: str) -> None:
    """A published figure and who published it; typed in again it replaces the one there was."""
    Benchmark.objects.update_or_create(kpi=kpi, defaults={"percent": percent, "source": source})


def take_benchmark_back(pk: int) -> None:
    """Raises NotFound."""
    _delete(Benchmark, pk)


def set_policy(*, reps_see_ranking: bool, show_benchmarks: bool) -> None:
    said = {"reps_see_ranking": reps_see_ranking, "show_benchmarks": show_benchmarks}
    ReportPolicy.objects.update_or_create(pk=1, defaults=said)


def benchmarks() -> dict[str, Benchmark]:
    """The published figures to show beside a KPI, where that is switched on. At most two queries."""
    return {row.kpi: row for row in Benchmark.objects.all()} if ReportPolicy.current().show_benchmarks else {}


def _delete(model: type[Any], pk: int) -> None:
    gone, _each = model.objects.filter(pk=pk).delete()
    if not gone:
        raise NotFound
    push("dashboard")
