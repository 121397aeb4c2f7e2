"""Drafts, signatures and finished jobs for the tests of the studio."""

from datetime import datetime, timedelta

from accounts.enums import Role
from accounts.models import User
from scoring import slices
from scoring.agreement import publish, sign
from scoring.drafts import create_draft
from scoring.models import Backtest, Publication, Rescoring, ScoringModel
from scoring.tasks import DOES, ENDS
from tests.factories import NOW, make_user


def make_draft(name: str = "Bản thử", *, at: datetime = NOW) -> ScoringModel:
    return create_draft(name=name, by=make_user(Role.MARKETER), at=at)


def managers() -> tuple[User, User]:
    return make_user(Role.MARKETING_MANAGER), make_user(Role.SALES_MANAGER)


def signed(model: ScoringModel, *, at: datetime = NOW) -> ScoringModel:
    """The model as it is now, signed by both sides."""
    model.refresh_from_db()
    for manager in managers():
        sign(model, revision=model.revision, by=manager, at=at)
    return model


def put_in_force(model: ScoringModel, *, at: datetime, handovers: str = "from_now_on") -> Publication:
    return publish(signed(model, at=at), handovers=handovers, by=make_user(Role.MARKETING_MANAGER), at=at)


def finish(*, at: datetime) -> int:
    """Works on all slices that are due, as the worker would at that moment. Returns how many there were."""
    return slices.work(DOES, ENDS, clock=lambda: at, budget=timedelta(seconds=1))


def signed_draft() -> ScoringModel:
    return signed(make_draft())


def retired_model() -> ScoringModel:
    """A version that was in force before."""
    return ScoringModel.objects.create(version=90, name="Cũ", state="retired", published_at=NOW)


def stopped_backtest() -> Backtest:
    draft = make_draft()
    line = {"mql": 70, "handoffs": 1}
    report = {"suggested": {str(draft.rules.earliest("pk").pk): 7}, "balance": {"suggested": line, "draft": line}}
    return Backtest.objects.create(
        model=draft, revision=1, against=ScoringModel.objects.get(version=1), months=3, since=NOW, until=NOW,
        started_at=NOW, finished_at=NOW, state="cancelled", report=report,
    )  # fmt: skip


def stopped_rescoring() -> Rescoring:
    old = retired_model()
    publication = Publication.objects.create(
        model=ScoringModel.objects.get(version=1), replaced=old, kind="publish", by=make_user(Role.ADMIN), at=NOW
    )
    return Rescoring.objects.create(publication=publication, started_at=NOW, finished_at=NOW, state="cancelled")


SCORED = {
    "draft": signed_draft,
    "retired": retired_model,
    "backtest": stopped_backtest,
    "rescoring": stopped_rescoring,
}
