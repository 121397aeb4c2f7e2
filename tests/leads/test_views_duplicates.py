"""The duplicates pages and the panel on a lead."""

import pytest
from django.urls import reverse
from django.utils import timezone

from core import figures
from leads.merging.finding import find_for
from leads.models import Duplicate, Lead, Merge, Standing
from tests.factories import make_lead
from tests.pages import EARLIER, as_role

pytestmark = pytest.mark.django_db


def twins():
    one = make_lead(at=EARLIER, phone="0912345678", name="Nguyễn Văn An", company="ACME", city="Huế")
    two = make_lead(at=EARLIER, phone="0912345687", name="Nguyen Van An", company="Acme", city="Vinh")
    find_for([one.pk, two.pk], at=timezone.now())
    return one, two


def test_the_list_names_both_and_why():
    client, _user = as_role("marketer")
    assert "Không có lead trùng cần xem" in client.get(reverse("duplicates")).text
    twins()
    text = client.get(reverse("duplicates")).text
    assert ("Nguyễn Văn An" in text, "Nguyen Van An" in text, "Số điện thoại gần giống" in text) == (True, True, True)


def test_dismissing_takes_the_pair_off():
    client, _user = as_role("marketer")
    twins()
    address = reverse("duplicate_dismiss", args=[Duplicate.objects.get().pk])
    assert client.post(address).status_code == 302
    assert Duplicate.objects.get().state == "dismissed"
    assert client.post(address).status_code == 404


def test_both_sides_then_merge_then_undo():
    client, _user = as_role("marketing_manager")
    one, two = twins()
    page = reverse("lead_merge", args=[one.pk, two.pk])
    shown = client.get(page).text
    assert ('name="city" value="other"' in shown, 'name="product"' in shown) == (True, False)
    merged = client.post(page, {"city": "other", "name": "mine"})
    assert merged.url == reverse("lead", args=[one.pk])
    assert (Lead.objects.get(pk=one.pk).city, Lead.objects.live().count()) == ("Vinh", 1)
    assert client.get(reverse("lead", args=[two.pk])).url == reverse("lead", args=[one.pk])
    assert "Gộp với lead khác" in client.get(reverse("lead", args=[one.pk])).text
    assert "Mới gộp" in client.get(reverse("duplicates")).text
    undo = reverse("merge_undo", args=[Merge.objects.get().pk])
    assert client.post(undo).status_code == 302
    assert (Standing.objects.count(), Lead.objects.get(pk=one.pk).city) == (2, "Huế")
    assert client.post(undo, follow=True).status_code == 200


def test_a_lead_shows_who_else_it_may_be():
    client, _user = as_role("marketer")
    one, two = twins()
    text = client.get(reverse("lead", args=[one.pk])).text
    assert (reverse("lead_merge", args=[one.pk, two.pk]) in text, "chắc 95 %" in text) == (True, True)


def test_a_lead_typed_in_by_hand_is_compared_at_once():
    client, _user = as_role("marketer")
    make_lead(at=EARLIER, phone="0912345678", name="Nguyễn Văn An")
    find_for(list(Lead.objects.values_list("pk", flat=True)), at=timezone.now())
    given = {"name": "Nguyen Van An", "phone": "0912345679"}
    text = client.post(reverse("lead_create"), given, follow=True).text
    assert "Có thể ta đã biết người này" in text
    assert Duplicate.objects.count() == 1


@pytest.mark.parametrize("role", ["rep"])
def test_reps_do_not_merge(role):
    client, _user = as_role(role)
    one, two = twins()
    assert client.get(reverse("duplicates")).status_code == 403
    assert client.post(reverse("lead_merge", args=[one.pk, two.pk])).status_code == 403


def test_leads_of_others_are_not_there():
    client, _user = as_role("team_lead")
    one, two = twins()
    assert client.get(reverse("lead_merge", args=[one.pk, two.pk])).status_code == 404
    made = Merge.objects.create(survivor=one, other=two, at=timezone.now())
    assert client.post(reverse("merge_undo", args=[made.pk])).status_code == 404
    assert client.get(reverse("lead", args=[10**9])).status_code == 404


def test_what_neither_says_is_left_out_and_numbers_read_as_people_write_them():
    client, _user = as_role("marketing_manager")
    one, two = twins()
    Lead.objects.filter(pk=two.pk).update(city="")
    shown = client.get(reverse("lead_merge", args=[one.pk, two.pk])).text
    words = ("Chức danh", "Tỉnh/thành", figures.phone("+84912345678"), "+84912345678")
    assert [word in shown for word in words] == [False, True, True, False]
