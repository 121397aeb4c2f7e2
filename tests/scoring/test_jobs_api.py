"""Trials and re-scoring held, gone on with and given up over the API."""

import pytest
from django.utils import timezone

from accounts.enums import Role
from scoring.models import Backtest, Rescoring
from tests.api.caller import Caller, problem
from tests.factories import make_lead, make_user
from tests.pages import EARLIER
from tests.scoring.studio import finish, make_draft, put_in_force

pytestmark = pytest.mark.django_db


def test_a_trial_is_paused_and_goes_on():
    make_lead(at=EARLIER)
    caller = Caller(user=make_user(Role.MARKETER))
    job = caller.post(f"scoring/models/{make_draft().pk}/backtest/", {"months": 3}).data
    path = f"scoring/backtests/{job['id']}/"
    paused = caller.post(f"{path}pause/")
    assert (paused.status_code, paused.data["state"], paused.data["done"]) == (200, "paused", 0)
    assert finish(at=timezone.now()) == 0
    assert caller.post(f"{path}resume/").data["state"] == "running"
    assert finish(at=timezone.now()) == 1
    assert caller.get(path).data["state"] == "done"
    assert [caller.post(f"{path}{act}/").data["state"] for act in ("pause", "resume", "cancel")] == ["done"] * 3


def test_a_paused_trial_is_given_up():
    make_lead(at=EARLIER)
    caller = Caller("admin")
    path = f"scoring/backtests/{caller.post(f'scoring/models/{make_draft().pk}/backtest/', {'months': 3}).data['id']}/"
    caller.post(f"{path}pause/")
    assert caller.post(f"{path}cancel/").data["state"] == "cancelled"
    assert caller.post(f"{path}resume/").data["state"] == "cancelled"
    assert Backtest.objects.get().slices.count() == 0


def test_rescoring_is_paused_and_goes_on():
    make_lead(at=EARLIER, event={"kind": "form.contact"})
    job = put_in_force(make_draft(), at=timezone.now()).rescoring
    path, boss = f"scoring/rescorings/{job.pk}/", Caller(user=make_user(Role.SALES_MANAGER))
    assert boss.post(f"{path}pause/").data == {"id": job.pk, "state": "paused", "done": 0, "total": 1}
    assert finish(at=timezone.now()) == 0
    assert boss.post(f"{path}resume/").data["state"] == "running"
    assert finish(at=timezone.now()) == 1
    assert Rescoring.objects.get().state == "done"


def test_a_marketer_leaves_the_rescoring_alone_and_unknown_jobs_are_not_found():
    job = put_in_force(make_draft(), at=timezone.now()).rescoring
    marketer, admin = Caller(user=make_user(Role.MARKETER)), Caller("admin")
    assert marketer.post(f"scoring/rescorings/{job.pk}/pause/").status_code == 403
    for path in ("backtests/9/pause/", "backtests/9/cancel/", "rescorings/9/resume/", f"rescorings/{2**63}/pause/"):
        assert problem(admin.post(f"scoring/{path}")) == (404, "not_found")
