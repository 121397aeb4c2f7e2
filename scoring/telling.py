"""Who started a trial or put a version in force is told when it has ended: by a toast, and in the bell.

And everybody whom new rules concern hears of them: the side that has not signed yet, and all when they are in force.
"""

from collections.abc import Collection
from datetime import datetime

from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.enums import Role
from accounts.models import User
from accounts.notices import News, announce, who_may
from leads.jobs import Work, done_elsewhere, register, report
from scoring import kinds
from scoring.models import Backtest, Publication, Rescoring, Signature

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


def tell_waiting(signature: Signature, *, roles: Collection[Role], at: datetime) -> None:
    """One signature is the other side's turn: said once for each revision."""
    model = signature.model
    path, to = reverse("scoring_version", args=[model.version]), User.objects.here().filter(role__in=roles)
    key, told = f"{model.pk}.{signature.revision}", {"version": model.version}
    pks = to.values_list("pk", flat=True)
    announce([News(kinds.MODEL_WAITS, key, list(pks), path, at, signature.by_id, told)], at=at)


def tell_in_force(publication: Publication, *, at: datetime) -> None:
    """To everybody whose leads are scored by it, but who did it knows."""
    version, by = publication.model.version, publication.by_id
    path, to = reverse("scoring_version", args=[version]), set(who_may("scoring.view")) - {by}
    announce([News(kinds.MODEL_IN_FORCE, str(publication.pk), to, path, at, by, {"version": version})], at=at)
