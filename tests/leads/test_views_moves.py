from datetime import timedelta

import pytest

from accounts.enums import Role
from leads.enums import Status
from leads.models import Handoff, Standing
from leads.moves import move_status
from tests.factories import accept
from tests.pages import EARLIER, HTMX, as_role, lead_of, said

pytestmark = pytest.mark.django_db
LATER = EARLIER + timedelta(minutes=5)


@pytest.fixture
def rep():
    return as_role()


def hot_lead(user):
    lead = lead_of(user)
    accept(Handoff.objects.get(lead=lead), by=user, at=LATER, timing="within_month", need="urgent")
    assert Standing.objects.get(pk=lead.pk).status == Status.HOT
    return lead


def test_a_free_move_asks_for_nothing(rep):
    client, user = rep
    lead = lead_of(user)
    url = f"/leads/{lead.pk}/status/researched/"
    dialog = client.get(url, headers=HTMX).content.decode()
    assert ('name="reason"' in dialog, 'name="amount"' in dialog) == (False, False)
    assert said(client.post(url, headers=HTMX)) == "Trạng thái giờ là “Đã tìm hiểu”."
    assert Standing.objects.get(pk=lead.pk).status == Status.RESEARCHED


def test_a_move_without_javascript_has_a_page_of_its_own(rep):
    client, user = rep
    lead = lead_of(user)
    url = f"/leads/{lead.pk}/status/researched/"
    page = client.get(url).content.decode()
    assert ("<html" in page, f'href="/leads/{lead.pk}/"' in page) == (True, True)
    assert client.post(url).url == f"/leads/{lead.pk}/"


def test_winning_asks_for_the_amount_as_people_type_it(rep):
    client, user = rep
    lead = hot_lead(user)
    url = f"/leads/{lead.pk}/status/won/"
    assert "data-money" in client.get(url, headers=HTMX).content.decode()
    refused = client.post(url, {"amount": "nhiều"}, headers=HTMX)
    assert (refused.status_code, "nhiều" in refused.content.decode()) == (422, True)
    zero = client.post(url, {"amount": "0"}, headers=HTMX)
    assert "Nhập giá trị hợp đồng bằng VND, lớn hơn 0." in zero.content.decode()
    client.post(url, {"amount": "1,5 tỷ"}, headers=HTMX)
    assert Standing.objects.get(pk=lead.pk).won_amount == 1_500_000_000


def test_a_step_back_needs_a_reason(rep):
    client, user = rep
    lead = hot_lead(user)
    url = f"/leads/{lead.pk}/status/potential/"
    assert client.post(url, {"reason": " "}, headers=HTMX).status_code == 422
    assert client.post(url, {"reason": "Chờ duyệt ngân sách"}, headers=HTMX).status_code == 204
    assert Standing.objects.get(pk=lead.pk).status == Status.POTENTIAL


def test_wrong_target_with_an_open_hand_off_is_its_discard(rep):
    client, user = rep
    lead = lead_of(user)
    response = client.get(f"/leads/{lead.pk}/status/wrong_target/", headers=HTMX)
    assert response.url == f"/leads/{lead.pk}/decision/discard/"


def test_an_illegal_move_says_what_is_possible(rep):
    client, user = rep
    lead = lead_of(user)
    url = f"/leads/{lead.pk}/status/won/"
    looked = client.get(url, headers=HTMX)
    assert (looked.status_code, looked.headers["HX-Retarget"]) == (422, "#toasts")
    assert "Có thể chuyển: Đã tìm hiểu, Sai đối tượng." in looked.content.decode()
    assert client.post(url, {"amount": "1 tỷ"}, headers=HTMX).status_code == 422
    plain = client.get(url, headers={"Referer": f"http://testserver/leads/{lead.pk}/"}, follow=True)
    assert "Có thể chuyển:" in plain.content.decode()


def test_a_status_nobody_knows_is_not_there(rep):
    client, user = rep
    assert client.get(f"/leads/{lead_of(user).pk}/status/lukewarm/").status_code == 404


def test_only_a_manager_reopens_a_contract(rep):
    client, user = rep
    lead = hot_lead(user)
    move_status(lead.pk, "won", by=user, at=LATER, amount=10**8)
    url = f"/leads/{lead.pk}/status/hot/"
    assert client.post(url, {"reason": "Huỷ hợp đồng"}, headers=HTMX).status_code == 422
    boss, _manager = as_role(Role.SALES_MANAGER)
    assert boss.post(url, {"reason": "Huỷ hợp đồng"}, headers=HTMX).status_code == 204
    assert (Standing.objects.get(pk=lead.pk).status, Handoff.objects.get(lead=lead).revenue) == (Status.HOT, None)
