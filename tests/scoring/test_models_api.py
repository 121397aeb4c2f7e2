"""Scoring models over the API, from the draft to the re-scoring."""

import pytest
from django.utils import timezone

from accounts.enums import Role
from scoring.models import ScoringModel
from tests.api.caller import Caller, problem
from tests.factories import make_lead, make_user
from tests.pages import EARLIER
from tests.scoring.studio import finish, make_draft, put_in_force

pytestmark = pytest.mark.django_db
RULE = {
    "code": "gia",
    "label_vi": "Xem bảng giá",
    "event_kind": "page.viewed",
    "points": 12,
    "conditions": [{"field": "page", "op": "starts_with", "value": "/bang-gia"}],
}


def test_from_draft_to_rescoring():
    lead = make_lead(at=EARLIER, event={"kind": "form.contact"})
    marketer = Caller(user=make_user(Role.MARKETER))
    made = marketer.post("scoring/models/", {"name": "Quý 4"})
    assert (made.status_code, made.data["version"], made.data["state"], made.data["revision"]) == (201, 2, "draft", 1)
    path = f"scoring/models/{made.data['id']}/"
    contact = next(rule for rule in made.data["rules"] if rule["event_kind"] == "form.contact")
    edited = marketer.patch(
        path, {"mql": 60, "rules": [{"code": contact["code"], "points": 30, "label_vi": "LH"}, RULE]}
    )
    assert edited.status_code == 200
    assert (edited.data["mql"], edited.data["thresholds"]["sql_ready"]) == (60, 85)
    assert [(rule["code"], rule["points"]) for rule in edited.data["rules"]] == [(contact["code"], 30), ("gia", 12)]
    trial = marketer.post(f"{path}backtest/", {"months": 3})
    assert (trial.status_code, trial.data["state"], trial.data["total"], trial.data["report"]) == (
        201,
        "running",
        1,
        None,
    )
    finish(at=timezone.now())
    report = marketer.get(f"scoring/backtests/{trial.data['id']}/").data["report"]
    assert (report["totals"]["draft"]["handoffs"], report["over_the_line_now"], report["only_draft"]) == (0, 0, 0)
    assert {"score", "leads", "to_sql", "to_won", "chosen"} == set(report["thresholds"][0])
    assert report["rules"][0]["leads"] == 1
    bosses = [Caller(user=make_user(role)) for role in (Role.MARKETING_MANAGER, Role.SALES_MANAGER)]
    signed = [boss.post(f"{path}sign/", {"revision": edited.data["revision"]}).data["signatures"] for boss in bosses]
    assert [[one["side"] for one in rows] for rows in signed] == [["marketing"], ["marketing", "sales"]]
    published = bosses[0].post(f"{path}publish/", {})
    assert (published.status_code, published.data["version"], published.data["replaced"]) == (200, 2, 1)
    finish(at=timezone.now())
    job = bosses[1].get(f"scoring/rescorings/{published.data['rescoring']['id']}/").data
    assert (job["state"], job["done"], job["total"]) == ("done", 1, 1)
    score = marketer.get(f"leads/{lead.pk}/score/").data
    assert (score["score"], score["model_version"]) == (30, 2)
    assert [(one["kind"], one["points"]) for one in score["entries"]] == [("rescore", -20), ("award", 50)]


def test_models_are_listed_newest_first():
    make_draft()
    page = Caller("reports:read").get("scoring/models/")
    assert [model["version"] for model in page.data["results"]] == [2, 1]
    assert page.data["results"][1]["findings"] == []
    assert [m["version"] for m in Caller("admin").get("scoring/models/?ordering=version").data["results"]] == [1, 2]


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"mql": "x"}, "invalid"),
        ({"mql": 10, "lead": 50}, "order"),
        ({"state": "published"}, "unknown_field"),
        ({"steps": [{"days": 5, "points": 5}, {"days": 5, "points": 6}]}, "invalid"),
        ({"rules": [{"label_vi": "x", "points": 5}]}, "required"),
        ({"rules": [RULE, RULE]}, "doubled"),
        ({"rules": [{**RULE, "conditions": [{"field": "a", "op": "greater", "value": "b"}]}]}, "invalid"),
    ],
)
def test_edits_that_can_not_be(body, code):
    draft = make_draft()
    answer = Caller("admin").patch(f"scoring/models/{draft.pk}/", body)
    assert answer.status_code == 422
    assert code in {problem(answer)[1], *(error["code"] for error in answer.data["errors"])}
    draft.refresh_from_db()
    assert (draft.revision, draft.rules.count()) == (1, 15)


def test_a_signature_is_for_what_was_seen():
    draft = make_draft()
    boss = Caller(user=make_user(Role.SALES_MANAGER))
    Caller("admin").patch(f"scoring/models/{draft.pk}/", {"mql": 66})
    assert problem(boss.post(f"scoring/models/{draft.pk}/sign/", {"revision": 1})) == (409, "revision_changed")
    assert boss.post(f"scoring/models/{draft.pk}/sign/", {}).status_code == 200
    assert problem(boss.post(f"scoring/models/{draft.pk}/publish/", {})) == (409, "not_signed")


def test_rolling_back():
    put_in_force(make_draft(), at=timezone.now())
    old = ScoringModel.objects.get(version=1)
    answer = Caller(user=make_user(Role.MARKETING_MANAGER)).post(
        f"scoring/models/{old.pk}/rollback/", {"reason": "Quá ít"}
    )
    assert (answer.status_code, answer.data["kind"], answer.data["version"]) == (200, "rollback", 3)


def test_a_draft_of_a_version_that_is_not_there_and_models_that_are_not():
    admin = Caller("admin")
    assert problem(admin.post("scoring/models/", {"name": "x", "based_on": 77})) == (422, "unknown_version")
    assert admin.post("scoring/models/", {"name": "x", "based_on": 1}).data["based_on"] == 1
    for path in (f"scoring/models/{2**63}/", "scoring/models/999/", "scoring/backtests/999/", "scoring/rescorings/9/"):
        assert problem(admin.get(path)) == (404, "not_found")
