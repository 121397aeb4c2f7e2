"""The calendar's frame, and appointments as iCalendar."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leads.agenda import Shape, boxes, frame
from leads.ical import as_ical, escape, fold_line
from leads.models import Appointment, Lead

MONDAY = date(2026, 11, 23)


@pytest.mark.parametrize(
    ("shape", "first", "last"),
    [
        (Shape.DAY, MONDAY, date(2026, 11, 24)),
        (Shape.WEEK, MONDAY, date(2026, 11, 30)),
        (Shape.MONTH, date(2026, 10, 26), date(2026, 12, 7)),
    ],
)
def test_frame_shows_whole_weeks(shape, first, last):
    shown = frame(shape, MONDAY)
    assert (shown.first, shown.last) == (first, last)


@given(st.sampled_from(Shape), st.dates(date(2001, 1, 1), date(2199, 12, 31)))
def test_frames_follow_each_other_without_a_gap(shape, day):
    shown = frame(shape, day)
    assert shown.first <= day < shown.last
    assert (shown.first.weekday(), shown.last.weekday()) == (0, 0) or shape == Shape.DAY
    assert frame(shape, shown.after).first <= shown.last
    assert frame(shape, shown.before).last >= shown.first
    assert frame(shape, shown.after).before <= day
    assert all(shown.inside(one) for one in shown.days if one == day)


def appointment(pk, at, **more):
    lead = Lead(pk=7, name="Nguyễn, Văn; Đạt", company=more.pop("company", ""))
    return Appointment(pk=pk, lead=lead, starts_at=at, minutes=90, changed_at=at, **more)


def test_appointments_fall_on_their_local_day_in_order():
    late = appointment(1, datetime(2026, 11, 23, 17, 30, tzinfo=UTC))  # 0:30 on Tuesday in Ho Chi Minh City
    early = appointment(2, datetime(2026, 11, 23, 1, tzinfo=UTC))
    found = {
        box.day: [one.pk for one in box.appointments]
        for box in boxes(frame(Shape.WEEK, MONDAY), [late, early], today=MONDAY)
    }
    assert found[MONDAY] == [2]
    assert found[MONDAY + timedelta(days=1)] == [1]


def test_ical_says_when_where_and_with_whom():
    one = appointment(
        5,
        datetime(2026, 11, 23, 3, tzinfo=UTC),
        place="12 Lê Lợi",
        link="https://m.vn",
        note="Mang mẫu\nhai bản",
        company="Đại Phước",
    )
    text = as_ical([one], name="LeadFlow", host="crm.example")
    unfolded = text.replace("\r\n ", "")
    assert "UID:appointment-5@crm.example\r\n" in unfolded
    assert "DTSTART:20261123T030000Z\r\nDTEND:20261123T043000Z\r\n" in unfolded
    assert "SUMMARY:Hẹn: Nguyễn\\, Văn\\; Đạt (Đại Phước)\r\n" in unfolded
    assert "LOCATION:12 Lê Lợi\r\n" in unfolded
    assert "DESCRIPTION:https://m.vn\\nMang mẫu\\nhai bản\r\n" in unfolded
    assert text.endswith("END:VCALENDAR\r\n")


def test_ical_of_a_cancelled_one_says_so():
    one = appointment(5, datetime(2026, 11, 23, 3, tzinfo=UTC), outcome="cancelled")
    text = as_ical([one], name="L", host="h")
    assert ("STATUS:CANCELLED" in text, "LOCATION" in text, "DESCRIPTION" in text) == (True, False, False)


@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=300))
def test_no_line_is_too_long_and_no_text_breaks_out(text):
    line = fold_line(f"SUMMARY:{escape(text)}")
    assert all(len(piece.encode(errors="surrogatepass")) <= 75 for piece in line.split("\r\n"))
    assert all(piece.startswith(" ") for piece in line.split("\r\n")[1:])
    assert line.replace("\r\n ", "") == f"SUMMARY:{escape(text)}"
