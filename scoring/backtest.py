"""A draft tried on history before anybody signs it, side by side with the model in force."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from django.utils.translation import gettext as _

from accounts.enums import SELLERS
from accounts.models import User
from core.errors import Invalid
from leads import sql as leads_sql
from scoring import slices, sql
from scoring.balance import balance
from scoring.enums import JobState, ModelState
from scoring.models import Backtest, ScoringModel, Slice
from scoring.published import spec_of
from scoring.span import play_span
from scoring.suggest import suggest_points
from scoring.tally import Outcome, Tally, merge
from scoring.telling import tell_trial

MOST_MONTHS = 36
MONTH = timedelta(days=365) / 12


def start_backtest(model: ScoringModel, *, months: int, by: User | None, at: datetime) -> Backtest:
    """Puts a trial over the last `months` in line. Raises Invalid unless it is 1 to 36 whole months."""
    if not 1 <= months <= MOST_MONTHS:
        message = _("Choose 1 to %(most)s months.") % {"most": MOST_MONTHS}
        raise Invalid(message, code="invalid", field="months")
    tried = ScoringModel.objects.get(pk=model.pk)  # as it is now: the caller's may be older
    job = Backtest.objects.create(
        model=tried,
        revision=tried.revision,
        against=ScoringModel.objects.get(state=ModelState.PUBLISHED),
        months=months,
        since=at - months * MONTH,
        until=at,
        by=by,
        started_at=at,
    )
    slices.cut(job, born_by=at, at=at)
    return job


def try_slice(piece: Slice, clock: slices.Clock) -> Mapping[str, Any]:
    """The leads of one slice under both models. An edit of the draft stops the trial: it would be of neither."""
    job = Backtest.objects.select_related("model", "against").get(slices=piece)
    if job.model.revision != job.revision:
        slices.cancel(job, at=clock())
        return {}
    draft, published = spec_of(job.model), spec_of(job.against)
    outcomes = {
        lead_id: Outcome(sql_at, won_at, free)
        for lead_id, sql_at, won_at, free in leads_sql.run(sql.OUTCOMES_OF_SPAN, piece.first, piece.last)
    }
    tally = Tally()
    for lead_id, played, beside in play_span(
        piece.first, piece.last, draft, published, since=job.since, until=job.until
    ):
        tally.add(lead_id, played, beside, outcomes.get(lead_id, Outcome()))
    return tally.as_json() | {"lists": tally.lists}


def end_backtest(pk: int, at: datetime) -> None:
    """Adds the slices up, and asks the past what points and line could be. The caller holds the job locked."""
    job = Backtest.objects.select_related("model", "against", "by").get(pk=pk)
    if job.model.revision != job.revision:
        slices.cancel(job, at=at)
        return
    total = merge(Slice.objects.filter(backtest=pk).order_by("first").values_list("result", flat=True).iterator())
    suggested = suggest_points(total, job.model.rules.filter(is_active=True))
    lines = balance(spec_of(job.model), spec_of(job.against), suggested, since=job.since, until=job.until)
    sellers = User.objects.here().filter(role__in=SELLERS).count()
    report = total.as_json() | {"suggested": suggested, "balance": lines, "sellers": sellers}
    del report["patterns"]
    Backtest.objects.filter(pk=pk).update(
        state=JobState.DONE, finished_at=at, report={**report, "shown": _highest_first(total)}
    )
    tell_trial(job, at=at)


def _highest_first(total: Tally) -> dict[str, list[list[Any]]]:
    return {side: sorted(rows, reverse=True) for side, rows in total.shown.items()}


def latest(model: ScoringModel) -> Backtest | None:
    """The last finished trial of exactly this revision."""
    return model.backtests.filter(state=JobState.DONE, revision=model.revision).first()
