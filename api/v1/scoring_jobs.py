"""Trials and re-scoring while they run: held, gone on with, given up; and what a trial suggests, taken over."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from rest_framework.request import Request

from api.callers import Need, known
from api.idempotency import idempotent
from api.v1 import docs
from api.v1 import scoring_shapes as shapes
from api.v1.base import ApiView, answer, read
from api.v1.scoring import DRAFT, PUBLISH
from api.v1.scoring_shapes import backtest_json, job_json, model_json
from scoring import slices
from scoring.adopt import adopt
from scoring.models import Backtest, Rescoring


@dataclass(frozen=True)
class Kind:
    """A kind of long job: how it is called, who may steer it, where it is found and how it is shown."""

    name: str
    need: Need
    found: Callable[[int], Any]
    shown: Callable[[Any], dict[str, Any]]
    answers: dict[int, Any]


def _backtest(job_id: int) -> Backtest:
    return get_object_or_404(Backtest.objects.select_related("model", "against"), pk=known(job_id))


def _rescoring(job_id: int) -> Rescoring:
    return get_object_or_404(Rescoring, pk=known(job_id))


BACKTEST = Kind("scoring_backtests", DRAFT, _backtest, backtest_json, {200: shapes.BacktestShape})
RESCORING = Kind("scoring_rescorings", PUBLISH, _rescoring, job_json, {200: shapes.JobShape})


def steering(act: str, summary: str, *, of: Kind) -> type[ApiView]:
    """The call that does this to one such job, and answers with the job."""

    class Steering(ApiView):
        needs = {"POST": of.need}

        @docs.call(f"{of.name}_{act}", summary, of.answers, once=True)
        @idempotent
        def post(self, request: Request, job_id: int) -> HttpResponse:  # noqa: ARG002 - the framework's signature
            slices.steer(of.found(job_id), act, at=timezone.now())
            return answer(of.shown(of.found(job_id)))

    return Steering


PauseBacktest = steering("pause", "Pause a trial", of=BACKTEST)
ResumeBacktest = steering("resume", "Go on with a paused trial", of=BACKTEST)
CancelBacktest = steering("cancel", "Give a trial up", of=BACKTEST)
PauseRescoring = steering("pause", "Pause the re-scoring", of=RESCORING)
ResumeRescoring = steering("resume", "Go on with paused re-scoring", of=RESCORING)


class AdoptSuggestions(ApiView):
    needs = {"POST": DRAFT}

    @docs.call(
        "scoring_backtests_adopt",
        "Take the points or the MQL line that a trial suggests over into its draft",
        {200: shapes.ModelShape},
        body=shapes.AdoptBody,
        once=True,
    )
    @idempotent
    def post(self, request: Request, job_id: int) -> HttpResponse:
        what = read(shapes.AdoptBody, request)["what"]
        return answer(model_json(adopt(_backtest(job_id), what)))
