"""What the check says before anything is written."""

import pytest

from leads.importing.checking import to_look_at
from leads.models import Lead
from tests.factories import make_lead
from tests.leads.importing.files import match, upload

pytestmark = pytest.mark.django_db
HEADER = ["Tên", "SĐT", "Email", "Mã KH"]


def checked(*rows, **also):
    found = match(upload([HEADER, *rows], name="crm.csv"), **also)
    assert found.phase == "checked"
    return found.check_result


def counts(result):
    return [result[name] for name in ("seen", "created", "matched", "rejected", "warned")]


def test_new_known_rejected_and_doubtful_lines_are_counted_and_nothing_is_written():
    make_lead(phone="0912345678")
    result = checked(["An", "0912345678"], ["B", "0987654321"], ["C", "xyz", "c@d.vn"], ["D"])
    assert (counts(result), Lead.objects.count()) == ([4, 2, 1, 1, 1], 1)
    assert [line["fate"] for line in result["first"]] == ["matched", "created", "created", "rejected"]


def test_somebody_the_file_names_twice_counts_once():
    result = checked(["An", "0912345678"], ["An", "+84 912 345 678"], ["An", "", "a@b.vn", "K1"], ["A", "", "", "K1"])
    assert counts(result) == [4, 2, 2, 0, 0]


def test_the_same_trouble_is_shown_three_times_and_a_rare_one_all_the_same():
    result = checked(*(["A", "123", f"a{n}@b.vn"] for n in range(10)), ["Không ai"])
    assert (len(result["troubles"]), result["troubles"][-1]["number"]) == (4, 12)


def test_a_second_check_after_another_choice_needs_no_second_upload():
    found = match(upload([HEADER, ["An", "0912345678"]]))
    assert counts(found.check_result) == [1, 1, 0, 0, 0]
    again = match(found, tag="x")
    assert (again.phase, counts(again.check_result)) == ("checked", [1, 1, 0, 0, 0])


def test_what_was_chosen_for_the_same_columns_is_chosen_again():
    match(upload([HEADER, ["An", "0912345678"]]), tag="hội chợ", system="crm cũ")
    again = upload([HEADER, ["B", "0987654321"]], name="khác.csv")
    assert (again.options["tag"], again.options["system"]) == ("hội chợ", "crm cũ")


def test_what_is_rare_comes_first_and_what_is_frequent_says_how_often():
    result = checked(*(["A", f"12{n}", f"a{n}@b.vn"] for n in range(10)), ["Không ai"], ["B", "0987654321"])
    looked = to_look_at(result)
    assert [(line["number"], line["times"]) for line in looked] == [(12, 1), (2, 10), (3, 10), (4, 10)]
    assert (to_look_at({"troubles": []}), sum(result["kinds"].values())) == ([], 11)


def test_lines_whose_trouble_quotes_their_own_words_are_of_one_kind():
    header = ["Mã KH", "Ngày MQL"]
    rows = [[f"K{n}", f"ngày {n}"] for n in range(40)]
    result = match(upload([header, *rows, ["", "05/02/2026"]], name="crm.csv"), kind="history").check_result
    assert [(line["number"], line["times"]) for line in to_look_at(result)] == [(42, 1), (2, 40), (3, 40), (4, 40)]
