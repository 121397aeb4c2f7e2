"""Who may be brought in beside whom, and the lane beside."""

import threading

import pytest
from django.db import connection
from django.utils.translation import get_language, override
from hypothesis import given
from hypothesis import strategies as st

from leads.enums import ImportKind
from leads.importing import lanes
from leads.importing.chunks import Source, understand
from leads.importing.lanes import Beside, is_alone, parted
from leads.importing.lines import Plan
from leads.matching import Known
from tests.factories import NOW, make_lead

PLAN = Plan({0: "phone", 1: "email", 2: "external_id"}, system="crm")
SOURCE = Source(ImportKind.LEADS, PLAN, "import:1", {}, None)
NOBODY = ["", "", ""]


def read(*rows):
    lines = list(enumerate(rows))
    return list(zip(lines, understand(lines, SOURCE, at=NOW), strict=True))


def numbers(*lanes):
    return [[line.number for _cells, line in lane] for lane in lanes]


def phone(n):
    return [f"09120000{n:02d}", "", ""]


@pytest.mark.django_db
def test_different_people_go_beside_each_other():
    assert numbers(*parted([], read(*map(phone, range(4))))) == [[0, 1], [2, 3], []]


@pytest.mark.django_db
def test_who_is_named_in_this_lane_waits_and_so_does_who_is_named_by_one_that_waits():
    lines = read(phone(1), ["", "a@b.vn", "K1"], phone(2), [*phone(1)[:1], "c@b.vn", ""], ["", "c@b.vn", ""], phone(3))
    assert numbers(*parted([], [*lines[:2], lines[3], lines[4]])) == [[0, 1], [], [3, 4]]
    assert numbers(*parted([], read(NOBODY, ["", "", "K1"], phone(4), ["", "", "K1"]))) == [[0, 1], [2], [3]]


@pytest.mark.django_db
def test_who_waited_comes_first_and_holds_up_others():
    waited, lines = read(phone(1)), read(phone(2), phone(3), phone(1), phone(4))
    assert numbers(*parted(waited, lines)) == [[0, 0, 1], [3], [2]]


@pytest.mark.django_db
def test_a_lead_we_know_by_two_marks_is_one_person():
    make_lead(phone="0912000001", email="an@b.vn")
    assert numbers(*parted([], read(phone(1), phone(2), ["", "an@b.vn", ""], phone(3)))) == [[0, 1], [3], [2]]


@given(st.lists(st.tuples(*[st.integers(0, 4)] * 3), max_size=24), st.integers(1, 8))
def test_nobody_is_in_both_lanes_and_everybodys_lines_keep_their_order(people, size):
    rows = [[phone(p)[0] if p else "", f"k{e}@b.vn" if e else "", f"K{k}" if k else ""] for p, e, k in people]
    lines, later, stored = read(*rows), [], []
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(lanes, "look_up", lambda **_asked: Known())
        for start in range(0, len(lines), size):
            mine, other, later = parted(later, lines[start : start + size])
            assert marks(mine).isdisjoint(marks(other))
            stored += [*other, *mine]
    order = [line.number for _cells, line in [*stored, *later]]
    assert sorted(order) == list(range(len(rows)))
    for mark in marks(lines):
        assert [n for n in order if mark in rows[n]] == [n for n, row in enumerate(rows) if mark in row]


def marks(lines):
    return {cell for (_number, cells), _line in lines for cell in cells if cell}


def test_the_lane_works_on_a_thread_of_its_own_in_the_callers_language():
    with override("vi"), Beside() as beside:
        beside.begin(lambda: (threading.current_thread() is threading.main_thread(), get_language()))
        assert (beside.end(), beside.end()) == ((False, "vi"), None)


def test_what_goes_wrong_beside_is_raised_where_it_is_waited_for():
    with Beside() as beside:
        beside.begin(lambda: 1 // 0)
        with pytest.raises(ZeroDivisionError):
            beside.end()


def test_who_leaves_waits_for_the_lane():
    done, gate = [], threading.Event()
    with Beside() as beside:
        beside.begin(lambda: gate.wait(5) and done.append(1))
        gate.set()
    assert done == [1]


@pytest.mark.django_db
def test_inside_somebody_elses_transaction_one_is_alone():
    from django.db import transaction

    with transaction.atomic():
        assert is_alone()
    assert connection.savepoint_ids == []
