import re
from datetime import timedelta

import pytest
from django.template import Context, Template
from django.utils import translation

from leads.calls import log_call
from leads.decisions import decide
from leads.models import Lead
from sla.sweep import sweep
from tests.factories import NOW, make_lead, make_user
from tests.sla.makers import MINUTE, make_clock

pytestmark = pytest.mark.django_db

PANEL = "{% load sla_panel %}{% sla_panel lead at %}"


def words(lead: Lead, at=NOW) -> str:
    """The panel as a reader hears it."""
    with translation.override("vi"):
        html = Template(PANEL).render(Context({"lead": lead, "at": at}))
    return " ".join(re.sub(r"<[^>]+>", " ", html).replace("\xa0", " ").split())


def test_panel_of_a_lead_without_clock_says_so():
    assert "Lead này không có hạn nào đang chạy." in words(make_lead())


def test_panel_shows_who_answers_and_until_when():
    rep = make_user()
    text = words(make_clock().lead)
    assert rep.full_name in text
    assert "12:00 23/11/2026" in text
    assert "2 giờ làm việc" in text


def test_panel_shows_whose_breach_it_was():
    clock = make_clock()
    sweep(at=clock.due_at)
    assert "Hàng chờ bàn giao" in words(clock.lead, at=clock.due_at + MINUTE)


def test_panel_shows_earlier_clocks_with_business_time():
    rep = make_user()
    clock = make_clock()
    log_call(clock.lead_id, by=rep, at=NOW + 7 * MINUTE, outcome="no_answer")
    text = words(clock.lead)
    assert "Đúng hạn bàn giao lần 1, 7 phút làm việc" in text


def test_panel_shows_a_broken_promise_with_its_owner():
    rep = make_user()
    clock = make_clock()
    log_call(clock.lead_id, by=rep, at=NOW + timedelta(days=2), outcome="no_answer")
    text = words(clock.lead)
    assert "Trễ hạn" in text
    assert rep.full_name in text


def test_panel_shows_a_clock_that_ended_without_an_attempt():
    clock = make_clock()
    decide(clock.lead_id, by=make_user(), at=NOW + MINUTE, outcome="discard", reason="duplicate")
    assert "Kết thúc khi chưa liên hệ" in words(clock.lead)


def test_panel_asks_little(django_assert_max_num_queries):
    lead = make_clock().lead
    with django_assert_max_num_queries(3):
        words(lead)
