"""What a trial suggests, taken over into its draft because a person said so: points, line, or both."""

from django.db import transaction
from django.utils.translation import gettext as _

from core.errors import Conflict, Invalid
from scoring.drafts import edit_settings, locked_draft
from scoring.enums import Adopted
from scoring.models import Backtest, Rule, ScoringModel
from scoring.published import thresholds_of
from scoring.volume import moved


@transaction.atomic
def adopt(job: Backtest, what: str) -> ScoringModel:
    """The draft with the suggestions of its last trial; earlier signatures no longer count.

    A rule that is worth 0 points is put out of use. The line alone is the one for the points as they are. Raises
    Conflict when the draft has been edited since the trial, or is none any more; Invalid when there is nothing to take.
    """
    if what not in Adopted.values:
        raise Invalid(_("Choose points, line, or both."), code="invalid_choice", field="what")
    draft = locked_draft(job.model)
    if draft.revision != job.revision:
        message = _("The draft has been edited since this trial. Try it again, then take its suggestions.")
        raise Conflict(message, code="revision_changed", extra={"revision": draft.revision})
    points, line = job.report.get("suggested", {}), line_of(job, what)
    if (what != Adopted.LINE and not points) or (what != Adopted.POINTS and not line):
        raise Invalid(_("This trial suggests nothing of the kind."), code="nothing_suggested", field="what")
    if what != Adopted.LINE:
        _set_points(draft, points)
    return edit_settings(draft, _lines(draft, line) if what != Adopted.POINTS else {})


def line_of(job: Backtest, what: str) -> int:
    """The MQL line that keeps the number of hand-offs, with the suggested points or with those there are; else 0."""
    found = (job.report.get("balance") or {}).get("draft" if what == Adopted.LINE else "suggested")
    return int(found["mql"]) if found else 0


def _set_points(draft: ScoringModel, points: dict[str, int]) -> None:
    rules = list(draft.rules.filter(pk__in=points))
    for rule in rules:
        rule.is_active = points[str(rule.pk)] != 0
        rule.points = points[str(rule.pk)] or rule.points
    Rule.objects.bulk_update(rules, ["points", "is_active"])


def _lines(draft: ScoringModel, mql: int) -> dict[str, int]:
    """A line for Sales first that follows from the MQL line goes on doing so."""
    changes = moved(thresholds_of(draft), mql)
    if draft.sql_ready is None:
        changes.pop("sql_ready", None)
    return changes
