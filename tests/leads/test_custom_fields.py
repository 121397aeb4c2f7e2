"""Defining fields, and their values on leads by page, API and intake."""

import pytest
from django.db import IntegrityError, transaction

from accounts.enums import Role
from core.errors import Conflict, Invalid
from leads.custom_fields import change_field, define_field, fields_in_use, key_from
from leads.models import CustomField, Event, Lead
from leads.profile import unknown_custom, update_profile
from tests.factories import NOW, arrive, make_lead, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def branches():
    return define_field(label="Số chi nhánh", kind="number")


def custom_of(receipt):
    return Lead.objects.get(pk=receipt.lead_id).custom


@pytest.mark.parametrize(
    ("label", "key"),
    [("Số chi nhánh", "so_chi_nhanh"), ("2 Đường dây?", "duong_day"), ("???", ""), ("x" * 60, "x" * 40)],
)
def test_key_is_made_from_the_name(label, key):
    assert key_from(label) == key


def test_field_is_defined_and_listed_in_its_place(branches):
    first = define_field(label="Ngày gia hạn", kind="date", key="renewal", position=1)
    assert list(fields_in_use()) == [first.key, branches.key] == ["renewal", "so_chi_nhanh"]


def test_choices_are_cleaned_and_each_once():
    field = define_field(label="Màu", kind="choice", choices=[" Đỏ ", "", "do", "Xanh"])
    assert field.choices == ["do", "Xanh"]


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"label": "", "kind": "text"}, "key"),
        ({"label": " ", "kind": "text", "key": "a"}, "label"),
        ({"label": "A", "kind": "tree"}, "kind"),
        ({"label": "A", "kind": "text", "key": "Á"}, "key"),
        ({"label": "A", "kind": "choice"}, "choices"),
        ({"label": "A", "kind": "choice", "choices": ["a;b"]}, "choices"),
        ({"label": "A", "kind": "choices", "choices": [str(n) for n in range(101)]}, "choices"),
    ],
)
def test_field_that_can_not_be_is_refused(given, field):
    with pytest.raises(Invalid) as refused:
        define_field(**given)
    assert refused.value.field == field
    assert CustomField.objects.count() == 0


def test_key_is_taken_once(branches):
    with pytest.raises(Conflict) as refused:
        define_field(label="Khác", kind="text", key=branches.key)
    assert refused.value.field == "key"


def test_fields_are_not_without_number(branches):
    CustomField.objects.bulk_create(CustomField(key=f"f{n}", label="F", kind="text") for n in range(99))
    with pytest.raises(Invalid) as refused:
        define_field(label="Một nữa", kind="text")
    assert refused.value.code == "too_many"


def test_a_list_without_choices_can_not_be_stored():
    for kind, choices in (("choice", []), ("text", ["a"])):
        with pytest.raises(IntegrityError), transaction.atomic():
            CustomField.objects.create(key="k", label="K", kind=kind, choices=choices)


def test_retired_field_is_no_longer_asked_for_and_its_values_stay(branches):
    lead = make_lead(custom={branches.key: 3})
    change_field(branches, label="Chi nhánh", position=5, is_active=False)
    assert fields_in_use() == {}
    assert Lead.objects.get(pk=lead.pk).custom == {"so_chi_nhanh": 3}


def test_intake_reads_values_by_their_kind_and_keeps_the_unknown(branches):
    receipt = arrive(custom={"so_chi_nhanh": "1.200", "khác": "giữ"})
    assert custom_of(receipt) == {"so_chi_nhanh": 1200, "khác": "giữ"}
    assert receipt.warnings == ["custom_unknown:khác"]
    bad = arrive(custom={"so_chi_nhanh": "nhiều"})
    assert (custom_of(bad), bad.warnings) == ({}, ["custom_unusable:so_chi_nhanh"])


def test_scoring_is_told_of_values_with_the_lead_and_with_each_change(branches):
    lead = make_lead(phone="0912345678", custom={"so_chi_nhanh": 3})
    created = Event.objects.get(kind="lead.created")
    assert created.properties["profile"]["custom.so_chi_nhanh"] == 3
    arrive(phone="0912345678", custom={"so_chi_nhanh": 9, "mới": 1})
    filled = Event.objects.get(kind="lead.updated")
    assert filled.properties["profile"] == {"custom.so_chi_nhanh": 3, "custom.mới": 1}
    update_profile(lead.pk, by=None, at=NOW, changes={"custom": {"so_chi_nhanh": None}})
    cleared = Event.objects.filter(kind="lead.updated").latest("pk")
    assert cleared.properties["profile"] == {"custom.so_chi_nhanh": None}
    assert cleared.properties["changed"] == {"custom.so_chi_nhanh": [3, None]}


def test_editing_one_value_leaves_the_others(branches):
    lead = make_lead(custom={"so_chi_nhanh": 3, "khác": "giữ"})
    update_profile(lead.pk, by=None, at=NOW, changes={"custom.so_chi_nhanh": "4"})
    update_profile(lead.pk, by=None, at=NOW, changes={"custom": {"mới": {"a": [1]}}})
    lead.refresh_from_db()
    assert lead.custom == {"so_chi_nhanh": 4, "khác": "giữ", "mới": {"a": [1]}}


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"custom.so_chi_nhanh": "nhiều"}, "custom.so_chi_nhanh"),
        ({"custom": {"so_chi_nhanh": [1]}}, "custom.so_chi_nhanh"),
        ({"custom": "x"}, "custom"),
        ({"custom": {f"k{n}": 1 for n in range(201)}}, "custom"),
    ],
)
def test_value_that_can_not_be_changes_nothing(branches, changes, field):
    lead = make_lead(custom={"so_chi_nhanh": 3})
    with pytest.raises(Invalid) as refused:
        update_profile(lead.pk, by=None, at=NOW, changes=changes)
    assert refused.value.field == field
    lead.refresh_from_db()
    assert lead.custom == {"so_chi_nhanh": 3}


def test_the_later_of_two_people_is_told_in_words(branches):
    lead = make_lead(custom={"so_chi_nhanh": 3})
    user = make_user(Role.MARKETER)
    update_profile(lead.pk, by=user, at=NOW, changes={"custom.so_chi_nhanh": 1200})
    with pytest.raises(Conflict) as refused:
        update_profile(
            lead.pk, by=user, at=NOW, changes={"custom.so_chi_nhanh": "4"}, seen={"custom.so_chi_nhanh": "3"}
        )
    assert "“1.200”" in str(refused.value)
    update_profile(lead.pk, by=user, at=NOW, changes={"custom.so_chi_nhanh": ""})
    with pytest.raises(Conflict) as empty:
        update_profile(
            lead.pk, by=user, at=NOW, changes={"custom.so_chi_nhanh": "4"}, seen={"custom.so_chi_nhanh": "1200"}
        )
    assert "“trống”" in str(empty.value)


def test_unknown_keys_are_named(branches):
    assert unknown_custom({"custom": {"so_chi_nhanh": 1, "khác": 2}}) == ["custom_unknown:khác"]
    assert unknown_custom({"custom": []}) == unknown_custom({"city": "Huế"}) == []
