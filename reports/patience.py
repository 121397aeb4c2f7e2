"""What is too much to read from the rows in the time a page has, because its days wait to be counted.

After a large import every day it touched is counted anew, which takes a minute or so; until then a long period may ask
too much of the rows. That is said, with how far the counting has come, and the figures come by themselves.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, TypeVar

from django.db import OperationalError
from django.utils.translation import gettext_lazy as _

from core.errors import DomainError
from reports import sql
from reports.kept import shape
from reports.periods import today
from reports.scope import Scope

GIVEN_UP = "57014"  # query_canceled: the statement took longer than a page may
LATE = "late"
Answer = TypeVar("Answer")


class StillCounting(DomainError):
    """The days are being counted. What was asked can be asked again in a minute."""

    status = 503
    retry_after = 60  # days of a large import are counted in that order


@dataclass(frozen=True, slots=True)
class Progress:
    """How many of the days (of each part on its own) hold their figures."""

    counted: int
    days: int


@contextmanager
def within_patience(scope: Scope) -> Iterator[None]:
    """Raises StillCounting where the database gave up, and from then on for this scope at once."""
    if LATE in scope.memo:
        raise _still_counting()
    try:
        yield
    except OperationalError as error:
        if getattr(error.__cause__, "pgcode", "") != GIVEN_UP:
            raise
        scope.memo[LATE] = True
        raise _still_counting() from error


def patiently(scope: Scope, read: Callable[[], Answer]) -> Answer | None:
    """What is read; None while its days are still being counted and are too many to read one by one."""
    try:
        with within_patience(scope):
            return read()
    except StillCounting:
        return None


def progress(scope: Scope) -> Progress:
    """Of the days of the period and the one before."""
    first = today(scope.before.start, scope.period.zone)
    given: dict[str, Any] = {"first": first, "last": scope.period.last, "shape": shape()}
    ((counted, days),) = sql.run(sql.PROGRESS, given)
    return Progress(counted, days)


def _still_counting() -> StillCounting:
    return StillCounting(
        _("These days are still being counted. Nothing is lost: ask again in a minute."), code="still_counting"
    )
