"""How the timeline tells what clocks had to say."""

import re
from datetime import timedelta

import pytest
from django.utils import translation

from leads.calls import log_call
from leads.models import Event
from leads.templatetags.lead_pages import event_row
from sla.office import set_office_hours
from sla.sweep import sweep
from tests.factories import NOW, make_user
from tests.sla.makers import MINUTE, make_clock
from tests.sla.test_office import MORNINGS

pytestmark = pytest.mark.django_db


def row(kind: str, language: str = "vi") -> str:
    with translation.override(language):
        html = event_row(Event.objects.get(kind=kind))
    return " ".join(re.sub(r"<[^>]+>", " ", html).replace("\xa0", " ").split())


def test_row_of_a_breach_names_the_rep():
    make_user(full_name="Trần Huy")
    make_clock()
    sweep(at=NOW + timedelta(days=1))
    assert "Vi phạm SLA" in row("sla.breached")
    assert "Trần Huy đã để quá hạn chạm lần đầu" in row("sla.breached")
    assert "Trần Huy let the first touch pass" in row("sla.breached", "en")


def test_row_of_a_breach_in_the_queue_says_nobody_had_it():
    make_clock()
    sweep(at=NOW + timedelta(days=1))
    assert "chưa ai nhận lead này" in row("sla.breached")


def test_row_of_a_warning_says_how_much_is_left():
    clock = make_clock()
    sweep(at=clock.warn80_at)
    assert "đã qua 80 % thời gian Hạn 12:00 23/11/2026" in row("sla.warned")


def test_row_of_a_retraction_says_why():
    rep = make_user()
    clock = make_clock()
    sweep(at=clock.due_at)
    log_call(clock.lead_id, by=rep, at=clock.due_at + MINUTE, occurred_at=NOW, outcome="no_answer")
    assert "cam kết vẫn được giữ" in row("sla.retracted")


def test_row_of_a_moved_due_time_shows_both():
    make_clock(at=NOW + timedelta(hours=1, minutes=30))
    set_office_hours(MORNINGS, by=None, at=NOW + timedelta(hours=2))
    assert "14:30 23/11/2026 09:30 25/11/2026 lịch làm việc thay đổi" in row("sla.moved")
