"""Trials and re-scoring while they run: stopped for a while, gone on with, given up."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from rest_framework.request import Request

from api.callers import known
from api.idempotency import idempotent
from api.v1 import docs, scoring_shapes
from api.v1.base import ApiView, answer
from api.v1.scoring import DRAFT, PUBLISH
from api.v1.scoring_shapes import backtest_json, job_json
from scoring import slices
from scoring.models import Backtest, Rescoring

BACKTEST, JOB = {200: scoring_shapes.BacktestShape}, {200: scoring_shapes.JobShape}


class PauseBacktest(ApiView):
    needs = {"POST": DRAFT}

    @docs.call("scoring_backtests_pause", "Pause a trial", BACKTEST, once=True)
    @idempotent
    def post(self, request: Request, job_id: int) -> HttpResponse:  # noqa: ARG002 - the framework's signature
        slices.pause(_backtest(job_id))
        return answer(backtest_json(_backtest(job_id)))


class ResumeBacktest(ApiView):
    needs = {"POST": DRAFT}

    @docs.call("scoring_backtests_resume", "Go on with a paused trial", BACKTEST, once=True)
    @idempotent
    def post(self, request: Request, job_id: int) -> HttpResponse:  # noqa: ARG002 - the framework's signature
        slices.resume(_backtest(job_id))
        return answer(backtest_json(_backtest(job_id)))


class CancelBacktest(ApiView):
    needs = {"POST": DRAFT}

    @docs.call("scoring_backtests_cancel", "Give a trial up", BACKTEST, once=True)
    @idempotent
    def post(self, request: Request, job_id: int) -> HttpResponse:  # noqa: ARG002 - the framework's signature
        slices.cancel(_backtest(job_id), at=timezone.now())
        return answer(backtest_json(_backtest(job_id)))


class PauseRescoring(ApiView):
    needs = {"POST": PUBLISH}

    @docs.call("scoring_rescorings_pause", "Pause the re-scoring", JOB, once=True)
    @idempotent
    def post(self, request: Request, job_id: int) -> HttpResponse:  # noqa: ARG002 - the framework's signature
        slices.pause(_rescoring(job_id))
        return answer(job_json(_rescoring(job_id)))


class ResumeRescoring(ApiView):
    needs = {"POST": PUBLISH}

    @docs.call("scoring_rescorings_resume", "Go on with paused re-scoring", JOB, once=True)
    @idempotent
    def post(self, request: Request, job_id: int) -> HttpResponse:  # noqa: ARG002 - the framework's signature
        slices.resume(_rescoring(job_id))
        return answer(job_json(_rescoring(job_id)))


def _backtest(job_id: int) -> Backtest:
    return get_object_or_404(Backtest.objects.select_related("model", "against"), pk=known(job_id))


def _rescoring(job_id: int) -> Rescoring:
    return get_object_or_404(Rescoring, pk=known(job_id))
