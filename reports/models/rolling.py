"""What the reports keep: days already counted, the days that must be counted again, and what they came to."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q


class RolledDay(models.Model):
    """A local day of one part of the books that is announced, then counted.

    From its announcement on, whoever changes the day leaves a mark (a trigger sees to it). `barrier` is a transaction
    begun after the announcement: once all older ones are over, nobody can have changed the day without a mark.
    """

    part = models.CharField(max_length=10)
    day = models.DateField()
    shape = models.CharField(max_length=12, help_text="Of the measures it was counted with.")
    barrier = models.BigIntegerField(null=True)
    ready = models.BooleanField(default=False)
    version = models.BigIntegerField(db_default=0, help_text="Another one, by chance, whenever it is counted.")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["part", "day"], name="rolled_day_once"),
            models.CheckConstraint(
                condition=Q(ready=False) | Q(barrier__isnull=False), name="rolled_day_ready_after_barrier"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.part} {self.day}"


class Mark(models.Model):
    """Something of this day has changed since. Only ever added, so that no writer waits for another."""

    part = models.CharField(max_length=10)
    day = models.DateField()

    class Meta:
        indexes = [models.Index(fields=["part", "day"], name="mark_day")]

    def __str__(self) -> str:
        return f"{self.part} {self.day}"


class Slice(models.Model):
    """One day seen by some of the dimensions; `mask` says which (a bit each, as GROUPING gives them)."""

    part = models.CharField(max_length=10)
    day = models.DateField()
    mask = models.PositiveSmallIntegerField()
    team = models.BigIntegerField(null=True)
    owner = models.BigIntegerField(null=True)
    source = models.CharField(max_length=120, null=True)
    campaign = models.CharField(max_length=120, null=True)
    product = models.CharField(max_length=120, null=True)
    city = models.CharField(max_length=120, null=True)

    class Meta:
        abstract = True


class Rollup(Slice):
    """The counts and sums of a slice, in the order of the part's measures."""

    counts = ArrayField(models.BigIntegerField())

    class Meta:
        indexes = [models.Index(fields=["part", "mask", "day"], name="rollup_slice")]

    def __str__(self) -> str:
        return f"{self.part} {self.day}/{self.mask}"


class RollupTime(Slice):
    """How many elapsed times of a slice lie in one step."""

    spread = models.CharField(max_length=24)
    step = models.BigIntegerField()
    count = models.IntegerField()

    class Meta:
        indexes = [  # holds whole rows: a year of spreads is tens of thousands, read without a look at the table
            models.Index(
                fields=["part", "mask", "spread", "day"],
                include=["team", "owner", "source", "campaign", "product", "city", "step", "count"],
                name="rollup_time_whole",
            )
        ]

    def __str__(self) -> str:
        return f"{self.spread} {self.day}/{self.mask}: {self.step}"


class RolledMonth(models.Model):
    """A month whose days have been summed. It speaks for them only while every one of them holds."""

    part = models.CharField(max_length=10)
    month = models.DateField(help_text="Its first day.")
    shape = models.CharField(max_length=12, help_text="Of the measures its days were counted with; empty until then.")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["part", "month"], name="rolled_month_once")]

    def __str__(self) -> str:
        return f"{self.part} {self.month:%Y-%m}"


class MonthRollup(Slice):
    """The roll-ups of a month's days added up; `day` is its first."""

    counts = ArrayField(models.BigIntegerField())

    class Meta:
        indexes = [models.Index(fields=["part", "mask", "day"], name="month_rollup_slice")]

    def __str__(self) -> str:
        return f"{self.part} {self.day:%Y-%m}/{self.mask}"


class MonthRollupTime(Slice):
    """The elapsed times of a month's days added up."""

    spread = models.CharField(max_length=24)
    step = models.BigIntegerField()
    count = models.IntegerField()

    class Meta:
        indexes = [
            models.Index(
                fields=["part", "mask", "spread", "day"],
                include=["team", "owner", "source", "campaign", "product", "city", "step", "count"],
                name="month_rollup_time_whole",
            )
        ]

    def __str__(self) -> str:
        return f"{self.spread} {self.day:%Y-%m}/{self.mask}: {self.step}"
