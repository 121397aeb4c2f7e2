"""The studio in a browser's eyes: every page answers, says what it must, and lets only the right people act."""

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.enums import Role
from scoring.backtest import start_backtest
from scoring.drafts import edit_settings, save_rule
from scoring.models import Backtest, Publication, Rule, ScoringModel
from tests.factories import NOW, make_lead
from tests.pages import EARLIER, as_role
from tests.scoring.studio import finish, make_draft, put_in_force

pytestmark = pytest.mark.django_db


def test_list_says_which_version_is_in_force_and_offers_a_draft_to_marketers():
    client, _user = as_role(Role.MARKETER, language="en")
    text = client.get(reverse("scoring_models")).content.decode()
    assert "In force" in text
    assert "New draft" in text
    rep, _rep = as_role(Role.REP, language="en")
    assert "New draft" not in rep.get(reverse("scoring_models")).content.decode()


def test_a_draft_is_a_copy_of_the_model_in_force():
    client, user = as_role(Role.MARKETER)
    answer = client.post(reverse("scoring_draft_new"), {"name": "Thử", "version": ""})
    draft = ScoringModel.objects.get(state="draft")
    assert answer.url == reverse("scoring_version", args=[draft.version])
    assert (draft.version, draft.name, draft.created_by, draft.based_on.version) == (2, "Thử", user, 1)
    assert list(draft.rules.values_list("code", "points")) == list(draft.based_on.rules.values_list("code", "points"))


def test_pages_of_a_draft_answer_everybody_and_editing_is_the_marketers():
    draft = make_draft()
    for role in Role.values:
        client, _user = as_role(role)
        assert client.get(reverse("scoring_version", args=[draft.version])).status_code == 200
        status = 200 if role in {"marketer", "marketing_manager", "admin"} else 403
        for name in ("scoring_settings", "scoring_rule_new"):
            assert client.get(reverse(name, args=[draft.version])).status_code == status


def rule_form(**more) -> dict[str, str]:
    return {
        "label_vi": "Xem bảng giá", "label_en": "Viewed prices", "kind": "behaviour", "event_kind": "page.viewed",
        "points": "8", "mode": "add", "category": "engagement", "repeat": "every", "is_active": "on",
        "field_0": "page", "op_0": "starts_with", "value_0": "/bang-gia, /gia", **more,
    }  # fmt: skip


def test_a_marketer_adds_changes_and_drops_a_rule():
    client, _user = as_role(Role.MARKETER)
    draft = make_draft()
    answer = client.post(reverse("scoring_rule_new", args=[draft.version]), rule_form())
    assert answer.url == reverse("scoring_version", args=[draft.version])
    rule = Rule.objects.get(model=draft, label_vi="Xem bảng giá")
    assert rule.conditions == [{"field": "page", "op": "starts_with", "value": ["/bang-gia", "/gia"]}]
    address = reverse("scoring_rule", args=[draft.version, rule.code])
    assert "/bang-gia, /gia" in client.get(address).content.decode()
    client.post(address, rule_form(points="9", field_1="duration", op_1="greater", value_1="30"))
    rule.refresh_from_db()
    assert (rule.points, rule.conditions[1]) == (9, {"field": "duration", "op": "greater", "value": 30})
    page = client.get(reverse("scoring_version", args=[draft.version])).content.decode()
    assert "tính cùng một sự kiện" in page
    assert "Trang bắt đầu bằng /bang-gia, /gia" in page
    client.post(reverse("scoring_rule_drop", args=[draft.version, rule.code]))
    assert not Rule.objects.filter(pk=rule.pk).exists()


@pytest.mark.parametrize(
    "wrong",
    [
        {"points": "0"},
        {"label_vi": ""},
        {"event_kind": ""},
        {"op_0": "greater", "value_0": "nhiều"},
        {"field_0": "", "value_0": "x"},
        {"kind": "profile", "field_0": "", "value_0": ""},
    ],
)
def test_a_wrong_rule_is_not_lost(wrong):
    client, _user = as_role(Role.MARKETER)
    draft = make_draft()
    answer = client.post(reverse("scoring_rule_new", args=[draft.version]), rule_form(**wrong, label_en="Kept words"))
    assert answer.status_code == 422
    assert "Kept words" in answer.content.decode()
    assert draft.rules.count() == 15


def settings_form(**more) -> dict[str, str]:
    return {
        "name": "Mới", "offers": "5", "prospect": "", "lead": "", "mql": "60", "sql_ready": "", "decay": "both",
        "cumulative": "on", "expiry_days": "30", "fit_a": "20", "fit_b": "10", "engagement_1": "75",
        "engagement_2": "50", "days_0": "20", "points_0": "10", **more,
    }  # fmt: skip


def test_a_marketer_edits_the_settings():
    client, _user = as_role(Role.MARKETER)
    draft = make_draft()
    address = reverse("scoring_settings", args=[draft.version])
    assert client.post(address, settings_form()).status_code == 302
    draft.refresh_from_db()
    assert (draft.name, draft.mql, draft.decay, draft.expiry_days, draft.pause_when_accepted) == (
        "Mới", 60, "both", 30, False,
    )  # fmt: skip
    assert draft.steps == [{"days": 20, "points": 10}]
    assert client.post(address, settings_form(points_1="5")).status_code == 422
    assert client.post(address, settings_form(lead="70")).status_code == 422


def test_one_lead_is_found_and_tried_under_a_draft():
    client, _user = as_role(Role.MARKETER, language="en")
    lead = make_lead(name="Trần Thị Hoa", at=EARLIER, event={"kind": "form.contact"})
    draft = make_draft()
    save_rule(draft, {"points": 33}, code=draft.rules.get(event_kind="form.contact").code)
    address = reverse("scoring_try", args=[draft.version])
    assert "Which lead?" in client.get(address).content.decode()
    assert "Nobody found" in client.get(address, {"q": "không ai cả"}).content.decode()
    assert "Trần Thị Hoa" in client.get(address, {"q": "tran thi hoa"}).content.decode()
    page = client.get(address, {"lead": lead.pk}).content.decode()
    assert "+33" in page
    assert "+50" in page
    assert "Which lead?" in client.get(address, {"lead": "x"}).content.decode()


def test_a_foreign_lead_is_not_tried():
    lead = make_lead(name="Bí Mật", at=EARLIER, event={"kind": "form.contact"})
    client, _user = as_role(Role.REP)
    page = client.get(reverse("scoring_try", args=[1]), {"lead": lead.pk}).content.decode()
    assert "Bí Mật" not in page


def test_trial_is_started_watched_and_read():
    client, user = as_role(Role.MARKETER, language="en")
    make_lead(at=EARLIER, event={"kind": "meeting.booked"})
    draft = make_draft()
    edit_settings(draft, {"mql": 200})
    answer = client.post(reverse("scoring_backtest_start", args=[draft.version]), {"months": "6"})
    job = Backtest.objects.get()
    assert (answer.url, job.by, job.months) == (reverse("scoring_backtest", args=[job.pk]), user, 6)
    running = client.get(answer.url).content.decode()
    assert "every 1s" in running
    finish(at=timezone.now())
    report = client.get(answer.url).content.decode()
    assert "Precision against volume" in report
    assert "Only the one in force handed over" in report
    piece = client.get(answer.url, headers={"HX-Request": "true"}).content.decode()
    assert "<html" not in piece
    assert "n = 1: too little data" in client.get(reverse("scoring_version", args=[draft.version])).content.decode()
    edit_settings(draft, {"mql": 90})
    assert "edited since" in client.get(answer.url).content.decode()


def test_trial_is_stopped_and_needs_a_known_span():
    client, _user = as_role(Role.MARKETER, language="en")
    make_lead(at=EARLIER)
    draft = make_draft()
    assert client.post(reverse("scoring_backtest_start", args=[draft.version]), {"months": "7"}).status_code == 422
    client.post(reverse("scoring_backtest_start", args=[draft.version]), {"months": "3"})
    job = Backtest.objects.get()
    client.post(reverse("scoring_backtest_cancel", args=[job.pk]))
    assert "This trial was stopped" in client.get(reverse("scoring_backtest", args=[job.pk])).content.decode()


def test_trial_is_paused_and_goes_on():
    client, _user = as_role(Role.MARKETER, language="en")
    make_lead(at=EARLIER)
    draft = make_draft()
    client.post(reverse("scoring_backtest_start", args=[draft.version]), {"months": "3"})
    job = Backtest.objects.get()
    page = reverse("scoring_backtest", args=[job.pk])
    client.post(reverse("scoring_backtest_pause", args=[job.pk]))
    assert finish(at=timezone.now()) == 0
    assert "Go on" in client.get(page, headers={"HX-Request": "true"}).content.decode()
    other, _other = as_role(Role.REP, language="en")
    assert "Go on" not in other.get(page).content.decode()
    assert other.post(reverse("scoring_backtest_resume", args=[job.pk])).status_code == 403
    client.post(reverse("scoring_backtest_resume", args=[job.pk]))
    assert finish(at=timezone.now()) == 1
    assert "Precision against volume" in client.get(page).content.decode()


def test_managers_sign_and_publish_and_everybody_watches():
    make_lead(at=EARLIER, event={"kind": "form.contact"})
    draft = make_draft()
    page = reverse("scoring_version", args=[draft.version])
    for role in (Role.MARKETING_MANAGER, Role.SALES_MANAGER):
        client, _user = as_role(role, language="en")
        assert "Sign this version" in client.get(page).content.decode()
        assert client.post(reverse("scoring_sign", args=[draft.version]), {"revision": "1"}).status_code == 302
    text = client.get(page).content.decode()
    assert "Sign this version" not in text
    assert "Publish …" in text
    publish_url = reverse("scoring_publish", args=[draft.version])
    assert "has not been tried" in client.get(publish_url).content.decode()
    assert client.post(publish_url, {"handovers": "now"}).status_code == 422
    answer = client.post(publish_url, {"handovers": "from_now_on"})
    job = Publication.objects.get().rescoring
    assert answer.url == reverse("scoring_rescoring", args=[job.pk])
    assert "Pause" in client.get(answer.url).content.decode()
    client.post(reverse("scoring_rescoring_pause", args=[job.pk]))
    assert "Go on" in client.get(answer.url, headers={"HX-Request": "true"}).content.decode()
    assert "being re-scored" in client.get(reverse("scoring_models")).content.decode()
    client.post(reverse("scoring_rescoring_resume", args=[job.pk]))
    finish(at=timezone.now())
    assert "Stages that changed" in client.get(answer.url).content.decode()
    assert "in the place of" in client.get(reverse("scoring_models")).content.decode()


def test_publish_page_says_how_many_are_over_the_line():
    make_lead(at=EARLIER, event={"kind": "form.contact"})
    draft = make_draft()
    edit_settings(draft, {"mql": 50})
    start_backtest(draft, months=3, by=None, at=timezone.now())
    finish(at=timezone.now())
    client, _user = as_role(Role.ADMIN, language="en")
    text = client.get(reverse("scoring_publish", args=[draft.version])).content.decode()
    assert "1 lead would be over the line today" in text
    assert client.post(reverse("scoring_publish", args=[draft.version]), {"handovers": "now"}).status_code == 422


def test_a_manager_goes_back_to_an_earlier_version():
    put_in_force(make_draft(), at=NOW)
    client, _user = as_role(Role.SALES_MANAGER, language="en")
    assert "Go back to this version" in client.get(reverse("scoring_version", args=[1])).content.decode()
    address = reverse("scoring_roll_back", args=[1])
    assert client.get(address).status_code == 200
    assert client.post(address, {"reason": ""}).status_code == 422
    assert client.post(address, {"reason": "Quá nhiều MQL"}).status_code == 302
    assert Publication.objects.first().reason == "Quá nhiều MQL"
    finish(at=timezone.now())
    assert "cancelled" in set(Publication.objects.values_list("rescoring__state", flat=True))
    cancelled = Publication.objects.get(kind="publish").rescoring
    assert "newer version took over" in client.get(reverse("scoring_rescoring", args=[cancelled.pk])).content.decode()


def test_a_draft_is_thrown_away_and_needs_a_name():
    client, _user = as_role(Role.MARKETER)
    draft = make_draft()
    assert client.post(reverse("scoring_draft_new"), {"name": ""}).status_code == 422
    assert client.post(reverse("scoring_draft_drop", args=[draft.version])).status_code == 302
    assert ScoringModel.objects.count() == 1


@pytest.mark.parametrize(
    ("name", "open_to"),
    [
        ("scoring_draft_drop", {"marketer", "marketing_manager", "admin"}),
        ("scoring_backtest_start", {"marketer", "marketing_manager", "admin"}),
        ("scoring_sign", {"marketing_manager", "sales_manager"}),
        ("scoring_publish", {"marketing_manager", "sales_manager", "admin"}),
    ],
)
def test_acts_are_closed_to_everybody_else(name, open_to):
    draft = make_draft()
    for role in set(Role.values) - open_to:
        client, _user = as_role(role)
        assert client.post(reverse(name, args=[draft.version])).status_code == 403
    draft.refresh_from_db()


def test_what_is_not_there_is_a_404():
    client, _user = as_role(Role.ADMIN)
    for name, args in (
        ("scoring_version", [99]), ("scoring_backtest", [99]), ("scoring_rescoring", [99]), ("scoring_rule", [1, "x"]),
    ):  # fmt: skip
        assert client.get(reverse(name, args=args)).status_code == 404


def test_the_version_page_asks_as_much_for_few_rules_as_for_many(django_assert_max_num_queries):
    client, _user = as_role(Role.MARKETER)
    draft = make_draft()
    for number in range(20):
        save_rule(draft, {"label_vi": f"r{number}", "event_kind": f"x.{number}", "points": 1})
    with django_assert_max_num_queries(25):
        client.get(reverse("scoring_version", args=[draft.version]))
