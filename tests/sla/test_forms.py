from datetime import time

import pytest

from accounts.availability import office_hours
from sla.forms import OfficeHoursForm, SpecialDayForm


def filled(**changes: str) -> dict[str, str]:
    """Monday 8-12 and 13-17:30, the other days empty, as a browser sends it."""
    data = {f"d{d}_{p}_{edge}": "" for d in range(7) for p in (1, 2) for edge in ("from", "to")}
    data |= {"d0_1_from": "08:00", "d0_1_to": "12:00", "d0_2_from": "13:00", "d0_2_to": "17:30"}
    return {**data, **changes}


def errors(**changes: str) -> dict[str, list[str]]:
    form = OfficeHoursForm(filled(**changes))
    assert not form.is_valid()
    return dict(form.errors)


def test_hours_become_spans():
    form = OfficeHoursForm(filled())
    assert form.is_valid()
    assert form.spans == [(0, time(8), time(12)), (0, time(13), time(17, 30))]


@pytest.mark.parametrize("field", ["d3_1_from", "d3_1_to", "d3_2_to"])
def test_hours_with_half_a_part_are_refused_beside_the_day(field):
    assert list(errors(**{field: "08:00"})) == ["d3_1_from"]


def test_hours_that_end_before_they_start_are_refused_beside_the_day():
    assert list(errors(d2_1_from="12:00", d2_1_to="08:00")) == ["d2_1_from"]


def test_hours_that_overlap_are_refused_beside_the_day():
    assert list(errors(d0_2_from="11:00")) == ["d0_1_from"]


def test_no_hours_at_all_are_refused():
    empty = dict.fromkeys(("d0_1_from", "d0_1_to", "d0_2_from", "d0_2_to"), "")
    assert list(errors(**empty)) == ["__all__"]


def test_times_that_are_none_are_refused_in_their_field():
    assert "d0_1_to" in errors(d0_1_to="25:00")


@pytest.mark.django_db
def test_rows_show_the_hours_in_force():
    rows = list(OfficeHoursForm(spans=office_hours().spans).rows())
    assert len(rows) == 7
    assert [field.value() for field in rows[0].fields] == [time(8), time(12), time(13), time(17, 30)]
    assert [field.value() for field in rows[6].fields] == ["", "", "", ""]


def test_rows_bring_the_errors_to_their_day():
    form = OfficeHoursForm(filled(d2_1_from="12:00", d2_1_to="08:00"))
    form.is_valid()
    assert [len(row.errors) for row in form.rows()] == [0, 0, 1, 0, 0, 0, 0]


@pytest.mark.django_db
def test_special_day_needs_a_day_and_a_name():
    form = SpecialDayForm({"day": "", "name": "", "working": ""})
    assert not form.is_valid()
    assert set(form.errors) == {"day", "name"}
