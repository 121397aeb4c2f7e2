import pytest
from django.utils import timezone

from accounts.enums import Role
from leads.models import Event, Lead
from leads.profile import update_profile
from leads.profile_forms import profile
from tests.factories import make_lead
from tests.pages import EARLIER, HTMX, as_role, said

pytestmark = pytest.mark.django_db


@pytest.fixture
def marketer():
    return as_role(Role.MARKETER)


def typed(lead, **changes):
    """The form as the browser sends it: every field, and what stood in each."""
    seen = profile(lead, {})
    return {**seen, **{f"was_{name}": value for name, value in seen.items()}, **changes}


def test_profile_form_takes_the_place_of_the_profile(marketer):
    client, _user = marketer
    lead = make_lead(at=EARLIER, name="Ánh", company_size=1200)
    page = client.get(f"/leads/{lead.pk}/profile/", headers=HTMX).content.decode()
    assert ('id="lead-profile"' in page, "<html" in page) == (True, False)
    assert 'value="1200"' in page
    assert 'name="was_name" value="Ánh"' in page
    assert "<html" in client.get(f"/leads/{lead.pk}/profile/").content.decode()
    card = client.get(f"/leads/{lead.pk}/profile/card/", headers=HTMX).content.decode()
    assert ('id="lead-profile"' in card, "<form" in card) == (True, False)


def test_profile_saves_only_what_was_changed(marketer):
    client, user = marketer
    lead = make_lead(at=EARLIER, name="Ánh", phone="0912345678")
    sent = typed(lead, city="Huế", title="Giám đốc")
    assert said(client.post(f"/leads/{lead.pk}/profile/", sent, headers=HTMX)) == "Đã lưu hồ sơ."
    event = Event.objects.get(kind="lead.updated")
    assert event.actor == user
    assert event.properties["changed"] == {"city": ["", "Huế"], "title": ["", "Giám đốc"]}


def test_profile_without_javascript_comes_back_to_the_lead(marketer):
    client, _user = marketer
    lead = make_lead(at=EARLIER)
    assert client.post(f"/leads/{lead.pk}/profile/", typed(lead, city="Huế")).url == f"/leads/{lead.pk}/"


def test_profile_without_a_change_records_nothing(marketer):
    client, _user = marketer
    lead = make_lead(at=EARLIER)
    assert client.post(f"/leads/{lead.pk}/profile/", typed(lead), headers=HTMX).status_code == 204
    assert Event.objects.filter(kind="lead.updated").count() == 0


@pytest.mark.parametrize(
    ("field", "value", "problem"),
    [
        ("phone", "12", "Đây không phải số điện thoại."),
        ("email", "không phải", "Đây không phải địa chỉ e-mail."),
        ("company_size", "vài", "Số nhân sự là một số nguyên."),
        ("phone", "0987654321", "Một lead khác đã có số điện thoại hoặc e-mail này."),
    ],
)
def test_profile_says_beside_the_field_what_is_wrong_and_keeps_it(marketer, field, value, problem):
    client, _user = marketer
    make_lead(at=EARLIER, phone="0987654321")
    lead = make_lead(at=EARLIER, phone="0912345678")
    response = client.post(f"/leads/{lead.pk}/profile/", typed(lead, **{field: value}), headers=HTMX)
    page = response.content.decode()
    assert response.status_code == 422
    assert problem in page
    assert f'value="{value}"' in page


def test_two_people_on_different_fields_do_not_disturb_each_other(marketer):
    client, user = marketer
    lead = make_lead(at=EARLIER, name="Ánh")
    sent = typed(lead, city="Huế")
    update_profile(lead.pk, by=user, at=timezone.now(), changes={"company": "Đại Phước"})
    assert client.post(f"/leads/{lead.pk}/profile/", sent, headers=HTMX).status_code == 204
    lead.refresh_from_db()
    assert (lead.city, lead.company) == ("Huế", "Đại Phước")


def test_the_later_of_two_people_is_told_and_keeps_the_text(marketer):
    client, user = marketer
    lead = make_lead(at=EARLIER, name="Ánh", phone="0912345678")
    sent = typed(lead, city="Huế", name="Ánh Nguyễn", phone="0912345679")
    update_profile(lead.pk, by=user, at=timezone.now(), changes={"city": "Đà Nẵng", "phone": ""} | {"email": "a@b.vn"})
    response = client.post(f"/leads/{lead.pk}/profile/", sent, headers=HTMX)
    page = response.content.decode()
    assert response.status_code == 422
    assert "Trong lúc đó có người đã đổi thành “Đà Nẵng”." in page
    assert "Trong lúc đó có người đã đổi thành “trống”." in page
    assert 'value="Huế"' in page
    assert 'name="was_city" value="Đà Nẵng"' in page
    lead.refresh_from_db()
    again = typed(lead, city="Huế", name="Ánh Nguyễn")
    assert client.post(f"/leads/{lead.pk}/profile/", again, headers=HTMX).status_code == 204
    assert Lead.objects.get().city == "Huế"


def test_two_people_who_write_the_same_do_not_disagree(marketer):
    client, user = marketer
    lead = make_lead(at=EARLIER)
    sent = typed(lead, city="Huế")
    update_profile(lead.pk, by=user, at=timezone.now(), changes={"city": "Huế"})
    assert client.post(f"/leads/{lead.pk}/profile/", sent, headers=HTMX).status_code == 204


def test_what_was_on_the_page_may_be_nonsense(marketer):
    client, _user = marketer
    lead = make_lead(at=EARLIER, phone="0912345678")
    sent = typed(lead, phone="0912345679", was_phone="x")
    assert client.post(f"/leads/{lead.pk}/profile/", sent, headers=HTMX).status_code == 422


def test_tags_are_pinned_and_taken_off(marketer):
    client, _user = marketer
    lead = make_lead(at=EARLIER)
    url = f"/leads/{lead.pk}/tags/"
    assert said(client.post(url, {"tag": "VIP"}, headers=HTMX)) == "Đã thêm thẻ."
    assert "VIP" in client.get(f"/leads/{lead.pk}/").content.decode()
    assert said(client.post(url, {"remove": "VIP"}, headers=HTMX)) == "Đã bỏ thẻ."
    assert Lead.objects.get().tags == []


@pytest.mark.parametrize(("headers", "whole"), [(HTMX, False), ({}, True)])
def test_an_empty_tag_is_refused(marketer, headers, whole):
    client, _user = marketer
    lead = make_lead(at=EARLIER)
    response = client.post(f"/leads/{lead.pk}/tags/", {"tag": ""}, headers=headers)
    assert (response.status_code, "<html" in response.content.decode()) == (422, whole)
