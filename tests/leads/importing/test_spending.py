"""What campaigns cost, from a file, and back."""

from datetime import date, timedelta

import pytest

from leads.models import Spend
from tests.factories import NOW
from tests.leads.importing.files import bring_in, take_back

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(minutes=5)
HEADER = ["Ngày", "Nguồn", "Chiến dịch", "Chi phí"]


def spent():
    return list(Spend.objects.order_by("day", "campaign").values_list("day", "source", "campaign", "amount"))


def test_lines_of_one_day_and_campaign_are_added_up():
    found = bring_in([HEADER, ["01/11/2026", "ads", "A", "1.000.000"], ["01/11/2026", "ads", "A", "500.000"]])
    assert (found.kind, found.created, spent()) == ("spend", 2, [(date(2026, 11, 1), "ads", "A", 1_500_000)])


def test_the_newest_file_says_what_a_day_cost_and_undo_brings_the_older_back():
    first = bring_in([HEADER, ["01/11/2026", "ads", "A", "100"]])
    second = bring_in([HEADER, ["01/11/2026", "ads", "A", "300"], ["02/11/2026", "ads", "A", "50"]], at=LATER)
    assert (second.matched, second.created, [row[3] for row in spent()]) == (1, 1, [300, 50])
    take_back(second, at=LATER)
    assert [row[3] for row in spent()] == [100]
    take_back(first, at=LATER)
    assert spent() == []


def test_what_was_typed_in_since_is_left():
    found = bring_in([HEADER, ["01/11/2026", "ads", "A", "100"]])
    Spend.objects.update(amount=7, at=LATER)
    take_back(found, at=LATER)
    assert [row[3] for row in spent()] == [7]


def test_bad_lines_say_why():
    found = bring_in(
        [HEADER, ["hôm qua", "ads", "A", "100"], ["01/11/2026", "", "A", "100"], ["01/11/2026", "ads", "", "?"]]
    )
    words = [line.problems[0]["message"] for line in found.lines.order_by("number")]
    assert (found.rejected, words[0][:10], words[1]) == (3, "Thiếu ngày", "Thiếu nguồn.")
    assert bring_in([HEADER, ["01/11/2026", "", "", "9"]], source="zalo").created == 1
