"""Who started a trial or put a version in force is told when it has ended: by a toast, and in the bell."""

from datetime import datetime

from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from leads.jobs import Work, done_elsewhere, register, report
from scoring.models import Backtest, Rescoring

TRIAL = register(Work("scoring.trial", gettext_lazy("Trial"), "flask-conical", done_elsewhere, "scoring_backtest"))
RESCORING = register(
    Work("scoring.rescoring", gettext_lazy("Re-scoring"), "refresh-cw", done_elsewhere, "scoring_rescoring")
)


def tell_trial(job: Backtest, *, at: datetime) -> None:
    """To whoever started it, in their language; nobody where no person did."""
    if job.by is None:
        return
    with translation.override(job.by.language):
        title = _("Trial of version %(number)s: %(name)s") % {"number": job.model.version, "name": job.model.name}
        report(TRIAL.name, about=job.pk, by=job.by, began=job.started_at, at=at, title=title, done=job.total)


def tell_rescoring(job: Rescoring, *, at: datetime) -> None:
    by, model = job.publication.by, job.publication.model
    with translation.override(by.language):
        title = _("Everybody re-scored by version %(number)s: %(name)s") % {"number": model.version, "name": model.name}
        report(RESCORING.name, about=job.pk, by=by, began=job.started_at, at=at, title=title, done=job.total)
