from django.db import models


class JobRun(models.Model):
    """A periodic job takes its period here, once: two beats at the same time do no harm."""

    job = models.CharField(max_length=60)
    period = models.CharField(max_length=20)
    started_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True, blank=True)
    result = models.JSONField(default=dict, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["job", "period"], name="job_period_once")]

    def __str__(self) -> str:
        return f"{self.job} {self.period}"
