from datetime import date, time

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.enums import Role
from accounts.models import SpecialDay, User, WorkSpan
from sla.models import CalendarChange, Clock
from tests.factories import make_user
from tests.sla.makers import make_clock
from tests.sla.test_forms import filled

pytestmark = pytest.mark.django_db

EDITING = ["office_hours", "special_day_add", "special_day_remove"]


def client_of(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def admin() -> Client:
    return client_of(make_user(Role.ADMIN))


@pytest.mark.parametrize("role", Role.values)
def test_agreement_is_open_to_everybody_who_works_here(role):
    response = client_of(make_user(role)).get(reverse("agreement"))
    assert response.status_code == 200
    assert [str(line.value) for line in response.context["promises"]][3:5] == ["15 phút làm việc", "120 phút làm việc"]


def test_agreement_sends_strangers_to_the_login():
    assert Client().get(reverse("agreement")).status_code == 302


def test_agreement_in_english_reads_english():
    response = client_of(make_user(language="en")).get(reverse("agreement"))
    assert [str(line.value) for line in response.context["promises"]][3:5] == [
        "15 business minutes",
        "120 business minutes",
    ]


def test_agreement_offers_changes_to_the_administrator_only(admin):
    offered = reverse("office_hours").encode()
    assert offered in admin.get(reverse("agreement")).content
    assert offered not in client_of(make_user()).get(reverse("agreement")).content


@pytest.mark.parametrize("name", EDITING)
@pytest.mark.parametrize("role", sorted(set(Role.values) - {Role.ADMIN}))
def test_editing_is_closed_to_everybody_else(name, role):
    response = client_of(make_user(role)).post(reverse(name), filled(day="2026-12-05", name="X"))
    assert response.status_code == 403
    assert (SpecialDay.objects.count(), WorkSpan.objects.count()) == (0, 10)


@pytest.mark.parametrize("name", ["special_day_add", "special_day_remove"])
def test_days_change_by_post_only(name, admin):
    assert admin.get(reverse(name)).status_code == 405


def test_hours_page_shows_what_holds(admin):
    page = admin.get(reverse("office_hours"))
    assert page.status_code == 200
    assert page.content.count(b'value="08:00"') == 5


def test_hours_are_saved_and_the_page_says_what_moved(admin):
    clock = make_clock(at=timezone.now())
    days = {f"d{day}_1_{edge}": time_ for day in range(7) for edge, time_ in (("from", "08:00"), ("to", "08:01"))}
    days |= {"d0_2_from": "", "d0_2_to": ""}
    response = admin.post(reverse("office_hours"), filled(**days), follow=True)
    (told,) = [str(m) for m in response.context["messages"]]
    assert told == "Đã lưu giờ làm việc. 1 hạn đã được dời."
    assert clock.due_at < Clock.objects.get(pk=clock.pk).due_at
    assert list(WorkSpan.objects.values_list("weekday", "start", "end")) == [
        (day, time(8), time(8, 1)) for day in range(7)
    ]
    assert CalendarChange.objects.get().by.role == Role.ADMIN


def test_wrong_hours_are_shown_again_with_what_was_typed(admin):
    response = admin.post(reverse("office_hours"), filled(d0_1_to="07:00"))
    assert response.status_code == 422
    assert b'value="07:00"' in response.content
    assert WorkSpan.objects.count() == 10


def test_day_is_added_and_listed(admin):
    day = date(timezone.localdate().year, 12, 31)
    response = admin.post(reverse("special_day_add"), {"day": day.isoformat(), "name": "Tổng kết năm"}, follow=True)
    assert "Tổng kết năm" in response.content.decode()
    assert SpecialDay.objects.get().working is False
    assert [str(m) for m in response.context["messages"]] == ["Đã thêm ngày. Không hạn nào thay đổi."]


def test_day_twice_is_refused_beside_the_field(admin):
    data = {"day": "2026-12-31", "name": "Tổng kết năm", "working": "on"}
    admin.post(reverse("special_day_add"), data)
    response = admin.post(reverse("special_day_add"), data)
    assert response.status_code == 422
    assert response.context["form"].errors == {"day": ["Ngày này đã có trong danh sách."]}
    assert "data-auto" in response.content.decode()


def test_day_is_removed(admin):
    SpecialDay.objects.create(day=date(2026, 12, 31), name="Tổng kết năm")
    response = admin.post(reverse("special_day_remove"), {"day": "2026-12-31"}, follow=True)
    assert response.status_code == 200
    assert SpecialDay.objects.count() == 0


@pytest.mark.parametrize("day", ["2026-12-31", "x", ""])
def test_day_that_is_not_listed_is_not_found(day, admin):
    assert admin.post(reverse("special_day_remove"), {"day": day}).status_code == 404


def test_what_people_type_is_text_on_the_page(admin):
    SpecialDay.objects.create(day=date(timezone.localdate().year, 12, 31), name="<script>alert(1)</script>")
    page = admin.get(reverse("agreement")).content.decode()
    assert "<script>alert(1)" not in page
    assert "&lt;script&gt;alert(1)" in page
