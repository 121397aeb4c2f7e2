import pytest
from django.db import connection
from django.template import Context, Template
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.translation import override

from accounts.enums import Role
from leads.decisions import decide
from leads.profile import update_profile
from scoring.decay import sweep_decay
from scoring.explain import Coming, why
from tests.factories import NOW, make_mql, make_user
from tests.scoring.makers import after, born, change_model, do, set_rules, standing

pytestmark = pytest.mark.django_db


def told(found) -> list[tuple[str, str, int]]:
    return [(line.kind, line.reason, line.points) for line in found.entries]


def test_why_lists_every_row_newest_first_and_what_comes_off_next():
    lead = born(title="Giám đốc", event={"kind": "form.contact"})
    sweep_decay(at=after(31))
    found = why(lead.pk, at=after(31))
    assert (found.score, found.fit, found.engagement, found.grade, found.model_version) == (50, 15, 35, "B3", 1)
    assert told(found) == [
        ("decay", "30 ngày không có hoạt động nào", -15),
        ("award", "Gửi biểu mẫu liên hệ", 50),
        ("profile", "Chức danh cấp giám đốc", 15),
    ]
    assert found.upcoming == [
        Coming(after(60), -30, "60 ngày không có hoạt động nào"),
        Coming(after(90), -20, "90 ngày không có hoạt động nào"),
    ]
    assert [line.category for line in found.entries] == ["engagement", "engagement", "fit"]


def test_why_speaks_the_reader_s_language():
    lead = born(event={"kind": "form.contact"})
    with override("en"):
        found = why(lead.pk, at=NOW)
    assert (found.entries[0].reason, found.entries[0].event) == ("Contact form", "Contact form")
    assert found.upcoming[0].why == "30 days without any action"


def test_why_at_an_earlier_moment_gives_the_score_of_then():
    lead = born(event={"kind": "form.contact"})
    do(lead, (10, "form.demo"))
    sweep_decay(at=after(100))
    days = (0, 9, 10, 39, 40, 69, 70, 99, 100)
    assert [why(lead.pk, at=after(day)).score for day in days] == [50, 50, 70, 70, 55, 55, 25, 25, 0]


def test_why_before_the_lead_came_is_nothing():
    found = why(born(event={"kind": "form.contact"}).pk, at=after(-1))
    assert (found.score, found.entries, found.upcoming) == (0, [], [])


def test_why_agrees_with_the_standing_until_the_sweep_has_come():
    lead = born(event={"kind": "form.contact"})
    found = why(lead.pk, at=after(30.01))
    assert (found.score, standing(lead).score) == (50, 50)
    assert found.upcoming[0] == Coming(after(30), -15, "30 ngày không có hoạt động nào")


def test_why_names_the_reasons_of_sales_profile_and_lapsing():
    change_model(decay="expiry", expiry_days=20)
    lead = make_mql(title="Giám đốc")
    decide(lead.pk, by=None, at=after(1), outcome="recycle", reason="bad_timing")
    update_profile(lead.pk, by=None, at=after(2), changes={"title": "Kế toán"})
    sweep_decay(at=after(21))
    assert told(why(lead.pk, at=after(21)))[:3] == [
        ("expiry", "Hết hạn: Đặt lịch hẹn, đăng ký sự kiện", -35),
        ("profile", "Không còn đúng: Chức danh cấp giám đốc", -15),
        ("recycle", "Sales trả lại: điểm về ngưỡng lead", -40),
    ]


def test_why_of_points_against_a_lead_tells_taking_from_giving_back():
    set_rules(
        {"event_kind": "form.contact", "points": 50},
        {"kind": "profile", "points": -9, "conditions": [{"field": "city", "op": "equals", "value": "Huế"}]},
    )
    lead = born(city="Huế", event={"kind": "form.contact"})
    update_profile(lead.pk, by=None, at=after(1), changes={"city": "Huế "})
    update_profile(lead.pk, by=None, at=after(2), changes={"title": "x"})
    update_profile(lead.pk, by=None, at=after(3), changes={"city": "Đà Nẵng"})
    assert told(why(lead.pk, at=after(3))) == [
        ("profile", "Không còn đúng: quy tắc 1", 9),
        ("profile", "quy tắc 1", -9),
        ("award", "quy tắc 0", 50),
    ]


def test_event_that_nobody_declared_shows_its_own_name():
    set_rules({"event_kind": "quiz.taken", "points": 5})
    assert why(born(event={"kind": "quiz.taken"}).pk, at=NOW).entries[0].event == "quiz.taken"


@pytest.mark.parametrize("count", [1, 60])
def test_why_takes_the_same_queries_for_short_lives_and_long(count):
    lead = born()
    do(lead, *[(n / 10, "page.viewed") for n in range(1, count + 1)])
    why(lead.pk, at=after(10))
    with CaptureQueriesContext(connection) as context:
        why(lead.pk, at=after(10))
    assert len(context.captured_queries) == 4


def panel(lead, **context) -> str:
    text = "{% load scoring_panel %}{% score_panel lead at %}"
    return Template(text).render(Context({"lead": lead, "at": after(0), **context}))


def test_panel_of_a_lead_without_points_says_what_will_come():
    assert "Chưa có điểm." in panel(born())


def test_panel_folds_long_stories():
    lead = born()
    do(lead, *[(n / 5, "page.viewed") for n in range(1, 13)])
    text = panel(lead, at=after(3))
    assert text.count("+3") == 8
    assert "4 dòng trước đó" in text
    assert "Sắp bị trừ" in text


def test_earlier_rows_come_when_they_are_unfolded():
    set_rules({"event_kind": "page.viewed", "points": 3})
    lead = born()
    do(lead, *[(n / 1000, "page.viewed") for n in range(1, 13)])
    client = Client()
    client.force_login(make_user(Role.MARKETER))
    assert client.get(reverse("score_older", args=[lead.pk])).content.decode().count("+3") == 4


def test_earlier_rows_of_somebody_elses_lead_are_not_found():
    client = Client()
    client.force_login(make_user(Role.REP))
    assert client.get(reverse("score_older", args=[born().pk])).status_code == 404
