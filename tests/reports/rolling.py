"""Rolling the past up in a test, whose one transaction cannot be older than itself."""

from datetime import date, datetime

from reports.models import Mark, RolledDay
from reports.rollups import Swept, differing, sweep


def roll(*, at: datetime) -> Swept:
    """Everything that is over by `at` is counted."""
    swept = sweep(at=at)
    assert not RolledDay.objects.filter(ready=False).exists()
    assert not Mark.objects.exists()
    return swept


def marked() -> set[tuple[str, date]]:
    return set(Mark.objects.values_list("part", "day"))


def wrong(*, at: datetime) -> list[tuple[str, date]]:
    return list(differing(at=at))
