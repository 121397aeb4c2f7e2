from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class ReportPolicy(models.Model):
    """What the administrator allows: one row."""

    reps_see_ranking = models.BooleanField(_("reps see their team's ranking"), default=True)
    show_benchmarks = models.BooleanField(_("show published benchmarks"), default=False)

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(pk=1), name="report_policy_one_row")]

    def __str__(self) -> str:
        return "report policy"

    @classmethod
    def current(cls) -> "ReportPolicy":
        """What holds; the defaults until somebody changes them."""
        return cls.objects.filter(pk=1).first() or cls(pk=1)


class Benchmark(models.Model):
    """A figure somebody has published, with who published it: shown as a line only where that is switched on."""

    class Of(models.TextChoices):
        MQL_TO_SQL = "mql_to_sql", _("MQL to SQL")
        SQL_TO_CUSTOMER = "sql_to_customer", _("SQL to customer")
        INVALID_RATE = "invalid_rate", _("Invalid leads")

    kpi = models.CharField(_("figure"), max_length=16, choices=Of, unique=True)
    percent = models.DecimalField(_("percent"), max_digits=5, decimal_places=2)
    source = models.CharField(_("published by"), max_length=200)

    class Meta:
        ordering = ["kpi"]
        verbose_name = _("benchmark")
        constraints = [
            models.CheckConstraint(condition=Q(percent__gte=0, percent__lte=100), name="benchmark_is_a_share"),
            models.CheckConstraint(condition=~Q(source=""), name="benchmark_has_source"),
        ]

    def __str__(self) -> str:
        return f"{self.kpi}: {self.percent} % ({self.source})"

    @property
    def share(self) -> float:
        return float(self.percent) / 100
