import pytest
from django.utils import timezone

from accounts.enums import Role
from leads.custom_fields import change_field, define_field
from leads.models import CustomField, Lead
from leads.profile import update_profile
from tests.factories import make_lead
from tests.pages import EARLIER, HTMX, as_role, said

pytestmark = pytest.mark.django_db


@pytest.fixture
def admin():
    return as_role(Role.ADMIN)[0]


@pytest.fixture
def marketer():
    return as_role(Role.MARKETER)


def test_administrator_adds_a_field_and_changes_it(admin):
    assert "Chưa có trường riêng nào" in admin.get("/settings/fields/").content.decode()
    sent = {"label": "Màu xe", "kind": "choice", "choices": "Đỏ\r\nXanh", "position": 5}
    assert admin.post("/settings/fields/new/", sent).url == "/settings/fields/"
    field = CustomField.objects.get()
    assert (field.key, field.choices, field.position) == ("mau_xe", ["Đỏ", "Xanh"], 5)
    page = admin.get(f"/settings/fields/{field.pk}/").content.decode()
    assert ("mau_xe" in page, 'name="kind"' in page) == (True, False)
    admin.post(f"/settings/fields/{field.pk}/", {"label": "Màu", "choices": "Đỏ", "position": 7})
    field.refresh_from_db()
    assert (field.label, field.choices, field.is_active) == ("Màu", ["Đỏ"], False)
    assert "Ngừng dùng" in admin.get("/settings/fields/").content.decode()


@pytest.mark.parametrize(
    ("sent", "problem"),
    [
        ({"label": "Màu", "kind": "choice", "position": 5}, "Hãy liệt kê ít nhất một lựa chọn."),
        ({"label": "Màu", "kind": "text", "key": "Ố", "position": 5}, "bắt đầu bằng chữ"),
    ],
)
def test_what_is_wrong_is_said_beside_the_field(admin, sent, problem):
    response = admin.post("/settings/fields/new/", sent)
    assert (response.status_code, problem in response.content.decode()) == (422, True)
    assert admin.get("/settings/fields/new/").status_code == 200


@pytest.mark.parametrize("role", [Role.REP, Role.MARKETER, Role.SALES_MANAGER])
def test_fields_are_the_administrators(role):
    client, _user = as_role(role)
    assert client.get("/settings/fields/").status_code == 403


def test_lead_page_shows_fields_in_use_and_what_else_is_stored(marketer):
    client, _user = marketer
    define_field(label="Số chi nhánh", kind="number")
    lead = make_lead(at=EARLIER, custom={"so_chi_nhanh": 1200, "khoa_la": "giữ"})
    page = client.get(f"/leads/{lead.pk}/").content.decode()
    assert ("Số chi nhánh" in page, "1.200" in page, "khoa_la" in page) == (True, True, True)
    assert page.count("custom.so_chi_nhanh") == 1


def test_one_field_is_edited_in_its_place(marketer):
    client, _user = marketer
    define_field(label="Số chi nhánh", kind="number")
    lead = make_lead(at=EARLIER, custom={"so_chi_nhanh": 3}, city="Huế")
    url = f"/leads/{lead.pk}/field/custom.so_chi_nhanh/"
    form = client.get(url, headers=HTMX).content.decode()
    assert ('value="3"' in form, "custom.so_chi_nhanh" in form, 'name="city"' in form) == (True, True, False)
    sent = {"custom.so_chi_nhanh": "4", "was_custom.so_chi_nhanh": "3"}
    assert said(client.post(url, sent, headers=HTMX)) == "Đã lưu hồ sơ."
    lead.refresh_from_db()
    assert (lead.custom, lead.city) == ({"so_chi_nhanh": 4}, "Huế")


def test_editing_in_place_says_beside_the_field_what_is_wrong_and_keeps_it(marketer):
    client, user = marketer
    lead = make_lead(at=EARLIER, city="Huế")
    url = f"/leads/{lead.pk}/field/phone/"
    response = client.post(url, {"phone": "12", "was_phone": lead.phone}, headers=HTMX)
    assert (response.status_code, 'value="12"' in response.content.decode()) == (422, True)
    assert "Đây không phải số điện thoại." in response.content.decode()
    update_profile(lead.pk, by=user, at=timezone.now(), changes={"city": "Vinh"})
    late = client.post(f"/leads/{lead.pk}/field/city/", {"city": "Đà Lạt", "was_city": "Huế"}, headers=HTMX)
    page = late.content.decode()
    assert (late.status_code, "“Vinh”" in page, 'value="Đà Lạt"' in page) == (422, True, True)
    assert 'name="was_city" value="Vinh"' in page


def test_a_field_nobody_knows_is_not_there(marketer):
    client, _user = marketer
    lead = make_lead(at=EARLIER)
    for name in ("score", "custom.x", "merged_into"):
        assert client.get(f"/leads/{lead.pk}/field/{name}/", headers=HTMX).status_code == 404
    assert client.get(f"/leads/{lead.pk}/field/city/").url == f"/leads/{lead.pk}/profile/"


@pytest.mark.parametrize(
    ("kind", "choices", "sent", "stored"),
    [
        ("text", [], ["Huế"], "Huế"),
        ("date", [], ["2026-11-23"], "2026-11-23"),
        ("boolean", [], ["false"], False),
        ("choice", ["Đỏ", "Xanh"], ["Xanh"], "Xanh"),
        ("choices", ["Đỏ", "Xanh"], ["Xanh", "Đỏ"], ["Đỏ", "Xanh"]),
    ],
)
def test_every_kind_of_field_passes_the_form(marketer, kind, choices, sent, stored):
    client, _user = marketer
    define_field(label="Trường", kind=kind, key="k", choices=choices)
    lead = make_lead(at=EARLIER)
    url = f"/leads/{lead.pk}/field/custom.k/"
    assert client.post(url, {"custom.k": sent, "was_custom.k": ""}, headers=HTMX).status_code == 204
    assert Lead.objects.get().custom == {"k": stored}
    assert client.get(url, headers=HTMX).status_code == 200
    assert client.post(url, {"custom.k": [], "was_custom.k": "x"}, headers=HTMX).status_code in {204, 422}


@pytest.mark.parametrize(("kind", "stored"), [("choice", "Đỏ"), ("choices", ["Đỏ"])])
def test_a_choice_that_left_the_list_is_not_lost_by_editing_other_fields(marketer, kind, stored):
    client, _user = marketer
    field = define_field(label="Màu", kind=kind, key="k", choices=["Đỏ", "Xanh"])
    lead = make_lead(at=EARLIER, custom={"k": "Đỏ"})
    change_field(field, label="Màu", choices=["Xanh"], position=1, is_active=True)
    form = client.get(f"/leads/{lead.pk}/profile/", headers=HTMX).content.decode()
    assert ">Đỏ<" in form
    sent = {"custom.k": "Đỏ", "was_custom.k": "Đỏ", "city": "Huế", "was_city": ""}
    for name in ("name", "phone"):
        sent |= {name: getattr(lead, name), f"was_{name}": getattr(lead, name)}
    assert client.post(f"/leads/{lead.pk}/profile/", sent, headers=HTMX).status_code == 204
    lead.refresh_from_db()
    assert (lead.city, lead.custom) == ("Huế", {"k": stored})
