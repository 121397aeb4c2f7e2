from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from core import figures
from tests.core.page import show

AT = datetime(2026, 11, 23, 7, 5, tzinfo=UTC)  # Monday 14:05 in Ho Chi Minh City
NB = "\u00a0"


def both(function, *args, **kwargs):
    spoken = []
    for language in ("vi", "en"):
        with translation.override(language):
            spoken.append(function(*args, **kwargs))
    return tuple(spoken)


@pytest.mark.parametrize(
    ("value", "decimals", "vi", "en"),
    [
        (1234567, 0, "1.234.567", "1,234,567"),
        (0, 0, "0", "0"),
        (-1500, 0, "−1.500", "−1,500"),
        (2.5, 0, "3", "3"),
        (Decimal("12.345"), 2, "12,35", "12.35"),
        (12.5, 2, "12,5", "12.5"),
        (100, 1, "100", "100"),
        (-0.4, 0, "0", "0"),
        (None, 0, "–", "–"),
    ],
)
def test_number_follows_the_language(value, decimals, vi, en):
    assert both(figures.number, value, decimals) == (vi, en)


@pytest.mark.parametrize(
    ("ratio", "vi", "en"),
    [
        (0.236, f"23,6{NB}%", "23.6%"),
        (1, f"100{NB}%", "100%"),
        (0, f"0{NB}%", "0%"),
        (-0.018, f"−1,8{NB}%", "−1.8%"),
        (Decimal("0.4"), f"40{NB}%", "40%"),
        (None, "–", "–"),
    ],
)
def test_percent_reads_a_share_of_one(ratio, vi, en):
    assert both(figures.percent, ratio) == (vi, en)


def test_percent_without_decimals_rounds():
    assert both(figures.percent, 0.2367, 0) == (f"24{NB}%", "24%")


@pytest.mark.parametrize(
    ("dong", "vi", "en"),
    [
        (4_820_000_000, f"4,82{NB}tỷ{NB}₫", "4.82B ₫"),
        (1_000_000_000, f"1{NB}tỷ{NB}₫", "1B ₫"),
        (999_700_000, f"1{NB}tỷ{NB}₫", "1B ₫"),
        (350_000_000, f"350{NB}tr{NB}₫", "350M ₫"),
        (12_540_000, f"12,5{NB}tr{NB}₫", "12.5M ₫"),
        (1_000_000, f"1{NB}tr{NB}₫", "1M ₫"),
        (850_000, f"850.000{NB}₫", f"850,000{NB}₫"),
        (0, f"0{NB}₫", f"0{NB}₫"),
        (-2_000_000, f"−2{NB}tr{NB}₫", "−2M ₫"),
        (None, "–", "–"),
    ],
)
def test_money_is_short(dong, vi, en):
    assert both(figures.money, dong) == (vi, en)


def test_money_full_shows_every_dong():
    assert both(figures.money_full, 4_820_000_001) == (f"4.820.000.001{NB}₫", f"4,820,000,001{NB}₫")
    assert both(figures.money_full, None) == ("–", "–")


@pytest.mark.parametrize(("value", "text"), [(15, "+15"), (-15, "−15"), (0, "0"), (None, "–")])
def test_points_carry_their_sign(value, text):
    assert both(figures.points, value) == (text, text)


@pytest.mark.parametrize(
    ("seconds", "vi", "en"),
    [
        (0, "0 giây", "0 s"),
        (45, "45 giây", "45 s"),
        (60, "1 phút", "1 min"),
        (3599, "59 phút", "59 min"),
        (7500, "2 giờ 5 phút", "2 h 5 min"),
        (7200, "2 giờ", "2 h"),
        (3 * 86_400 + 4 * 3600, "3 ngày 4 giờ", "3 d 4 h"),
        (86_400, "1 ngày", "1 d"),
        (-300, "−5 phút", "−5 min"),
        (12.9, "12 giây", "12 s"),
        (timedelta(minutes=90), "1 giờ 30 phút", "1 h 30 min"),
        (None, "–", "–"),
    ],
)
def test_duration_names_its_two_largest_units(seconds, vi, en):
    assert both(figures.duration, seconds) == (vi, en)


@given(st.integers(-(10**9), 10**9))
def test_duration_is_the_same_both_ways_but_for_the_sign(seconds):
    there, back = figures.duration(abs(seconds)), figures.duration(-abs(seconds))
    assert back == (there if seconds == 0 else f"−{there}")


@pytest.mark.parametrize(
    ("before", "vi", "en"),
    [
        (timedelta(seconds=59), "vừa xong", "just now"),
        (timedelta(seconds=-59), "vừa xong", "just now"),
        (timedelta(minutes=5), "5 phút trước", "5 min ago"),
        (timedelta(hours=2, minutes=59), "2 giờ trước", "2 h ago"),
        (timedelta(days=29, hours=23), "29 ngày trước", "29 d ago"),
        (timedelta(days=30), "24/10/2026", "24 Oct 2026"),
        (timedelta(minutes=-5), "5 phút nữa", "in 5 min"),
        (timedelta(days=-60), "22/01/2027", "22 Jan 2027"),
    ],
)
def test_ago_says_how_long_before(before, vi, en):
    assert both(figures.ago, AT - before, at=AT) == (vi, en)


@pytest.mark.parametrize(
    ("seconds", "vi", "en"),
    [(720, "còn 12 phút", "12 min left"), (0, "còn 0 giây", "0 s left"), (-300, "quá 5 phút", "5 min late")],
)
def test_countdown_says_left_or_late(seconds, vi, en):
    assert both(figures.countdown, seconds) == (vi, en)


def test_exact_is_local_time_with_the_weekday():
    assert both(figures.exact, AT) == ("14:05, Thứ 2 23/11/2026", "14:05, Monday 23 Nov 2026")


def test_short_and_day_are_local():
    assert both(figures.short, AT) == ("14:05 23/11/2026", "14:05 23 Nov 2026")
    assert both(figures.day, date(2026, 2, 9)) == ("09/02/2026", "9 Feb 2026")


def test_business_says_that_working_time_is_meant():
    assert both(figures.business, "2 giờ") == ("2 giờ làm việc", "2 giờ of working time")


@pytest.mark.parametrize(
    ("e164", "shown"),
    [
        ("+84912345678", f"0912{NB}345{NB}678"),
        ("+842438251234", f"024{NB}3825{NB}1234"),
        ("+6581234567", f"+65{NB}8123{NB}4567"),
        ("không số", "không số"),
    ],
)
def test_phone_reads_as_people_write_it(e164, shown):
    assert figures.phone(e164) == shown


# --- the filters ----------------------------------------------------------------------------------


def test_money_filter_shows_the_full_amount_on_hover():
    page = show("{{ value|money }}", value=4_820_000_000)
    assert page.words == f"4,82{NB}tỷ{NB}₫"
    assert page.one("data") == {"class": "money", "value": "4820000000", "title": f"4.820.000.000{NB}₫"}


def test_ago_filter_keeps_ticking_and_shows_the_exact_time():
    page = show("{{ value|ago:at }}", value=AT - timedelta(hours=3), at=AT)
    assert page.words == "3 giờ trước"
    assert page.one("time") == {
        "datetime": "2026-11-23T04:05:00+00:00", "title": "11:05, Thứ 2 23/11/2026", "data-ago": None,
    }  # fmt: skip


def test_ago_filter_takes_the_moment_of_rendering_by_default():
    assert show("{{ value|ago }}", value=datetime(2020, 1, 2, tzinfo=UTC)).words == "02/01/2020"


def test_moment_and_day_filters_are_local():
    late = datetime(2026, 11, 23, 18, 30, tzinfo=UTC)  # already the 24th in Vietnam
    assert show("{{ value|moment }}", value=late).words == "01:30 24/11/2026"
    page = show("{{ value|day }}", value=late)
    assert (page.words, page.one("time")) == ("24/11/2026", {"datetime": "2026-11-24"})
    assert show("{{ value|day }}", value=date(2026, 11, 23)).words == "23/11/2026"


def test_duration_filter_can_say_business_time():
    assert show('{{ 7500|duration }} {{ 7500|duration:"business" }}').words == "2 giờ 5 phút 2 giờ 5 phút làm việc"
    assert show('{{ value|duration:"business" }}', value=None).words == "–"


def test_phone_filter_calls_and_copies():
    page = show("{{ value|phone }}", value="+84912345678")
    assert page.words == f"0912{NB}345{NB}678"
    assert page.one("a") == {"class": "phone", "href": "tel:+84912345678", "data-copy": "+84912345678"}


def test_phone_filter_escapes_what_it_cannot_read():
    page = show("{{ value|phone }}", value='"><script>')
    assert [tag for tag in ("script",) if page.all(tag)] == []


@pytest.mark.parametrize("name", ["money", "ago", "moment", "day", "duration", "phone", "number", "percent", "points"])
def test_filters_show_a_dash_for_nothing(name):
    assert show("{{ value|" + name + " }}", value=None).words == "–"
