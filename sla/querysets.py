from datetime import datetime
from typing import TYPE_CHECKING

from django.db import models

if TYPE_CHECKING:
    from sla.models import Clock  # noqa: F401 - the rows of the queryset below


class ClockQuerySet(models.QuerySet["Clock"]):
    def running(self) -> "ClockQuerySet":
        """Not stopped: also the overdue ones, which run until the attempt comes."""
        return self.filter(stopped_at=None)

    def due(self, *, at: datetime) -> "ClockQuerySet":
        """Those that have something to say by now: a warning or the breach."""
        return self.filter(next_at__lte=at)
