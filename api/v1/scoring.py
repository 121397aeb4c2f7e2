"""Scoring models: drafted, tried, signed, published."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext as _
from rest_framework.request import Request

from api.callers import Need, known
from api.enums import Scope
from api.idempotency import idempotent
from api.v1 import docs
from api.v1 import scoring_shapes as shapes
from api.v1.base import ApiView, answer, listing, read
from api.v1.scoring_shapes import backtest_json, job_json, model_json, publication_json
from core.errors import Invalid
from scoring import agreement, backtest, drafts
from scoring.models import Backtest, Rescoring, ScoringModel

LOOK = Need(Scope.REPORTS_READ, "scoring.view")
DRAFT = Need(Scope.ADMIN, "scoring.draft")
SIGN = Need(Scope.ADMIN, "scoring.sign")
PUBLISH = Need(Scope.ADMIN, "scoring.publish")
ORDERINGS = {"-version": "-version", "version": "version"}


class Models(ApiView):
    needs = {"GET": LOOK, "POST": DRAFT}

    @docs.list_models
    def get(self, request: Request) -> HttpResponse:
        rows = ScoringModel.objects.select_related("based_on").prefetch_related("rules")

        def show(page: list[ScoringModel]) -> list[dict[str, object]]:
            return [model_json(model) for model in page]

        return listing(request, rows, orderings=ORDERINGS, tie="id", show=show)

    @docs.create_model
    @idempotent
    def post(self, request: Request) -> HttpResponse:
        given = read(shapes.DraftBody, request)
        origin = ScoringModel.objects.filter(version=given.get("based_on", 0)).first()
        if origin is None and "based_on" in given:
            raise Invalid(_("There is no such version."), code="unknown_version", field="based_on")
        draft = drafts.create_draft(name=given["name"], by=self.caller.by, at=timezone.now(), based_on=origin)
        return answer(model_json(draft), status=201)


class OneModel(ApiView):
    needs = {"GET": LOOK, "PATCH": DRAFT}

    @docs.read_model
    def get(self, request: Request, model_id: int) -> HttpResponse:  # noqa: ARG002 - the framework's signature
        return answer(model_json(_model(model_id)))

    @docs.edit_model
    def patch(self, request: Request, model_id: int) -> HttpResponse:
        model, given = _model(model_id), read(shapes.ModelBody, request)
        drafts.edit_draft(model, {k: v for k, v in given.items() if k != "rules"}, rules=given.get("rules"))
        return answer(model_json(_model(model_id)))


class Backtests(ApiView):
    needs = {"POST": DRAFT}

    @docs.start_backtest
    @idempotent
    def post(self, request: Request, model_id: int) -> HttpResponse:
        given = read(shapes.BacktestBody, request)
        job = backtest.start_backtest(_model(model_id), **given, by=self.caller.by, at=timezone.now())
        job.refresh_from_db()
        return answer(backtest_json(job), status=201)


class OneBacktest(ApiView):
    needs = {"GET": LOOK}

    @docs.read_backtest
    def get(self, request: Request, job_id: int) -> HttpResponse:  # noqa: ARG002 - the framework's signature
        jobs = Backtest.objects.select_related("model", "against")
        return answer(backtest_json(get_object_or_404(jobs, pk=known(job_id))))


class Sign(ApiView):
    needs = {"POST": SIGN}

    @docs.sign_model
    @idempotent
    def post(self, request: Request, model_id: int) -> HttpResponse:
        model = _model(model_id)
        revision = read(shapes.SignBody, request).get("revision", model.revision)
        agreement.sign(model, revision=revision, by=self.caller.person, at=timezone.now())
        return answer(model_json(model))


class Publish(ApiView):
    needs = {"POST": PUBLISH}

    @docs.publish_model
    @idempotent
    def post(self, request: Request, model_id: int) -> HttpResponse:
        given = read(shapes.PublishBody, request)
        made = agreement.publish(_model(model_id), **given, by=self.caller.person, at=timezone.now())
        return answer(publication_json(made))


class Rollback(ApiView):
    needs = {"POST": PUBLISH}

    @docs.roll_model_back
    @idempotent
    def post(self, request: Request, model_id: int) -> HttpResponse:
        given = read(shapes.RollbackBody, request)
        made = agreement.roll_back(_model(model_id), **given, by=self.caller.person, at=timezone.now())
        return answer(publication_json(made))


class OneRescoring(ApiView):
    needs = {"GET": LOOK}

    @docs.read_rescoring
    def get(self, request: Request, job_id: int) -> HttpResponse:  # noqa: ARG002 - the framework's signature
        return answer(job_json(get_object_or_404(Rescoring, pk=known(job_id))))


def _model(model_id: int) -> ScoringModel:
    return get_object_or_404(ScoringModel.objects.select_related("based_on"), pk=known(model_id))
