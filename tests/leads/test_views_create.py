import pytest

from accounts.enums import Role
from leads.models import Event, Lead, Standing, Submission
from tests.factories import make_lead
from tests.pages import EARLIER, as_role

pytestmark = pytest.mark.django_db


def test_a_new_lead_is_added_by_hand():
    client, user = as_role(Role.MARKETER)
    make_lead(at=EARLIER, source="Zalo OA")
    assert '<option value="Zalo OA">' in client.get("/leads/new/").content.decode()
    sent = {"name": "Nguyễn Thị Ánh", "phone": "0912 345 678", "source": "Sự kiện", "note": "Gặp ở hội thảo"}
    response = client.post("/leads/new/", sent, follow=True)
    lead = Lead.objects.latest("pk")
    assert response.redirect_chain == [(f"/leads/{lead.pk}/", 302)]
    assert "Đã thêm lead." in response.content.decode()
    assert (lead.name, lead.phone, lead.source) == ("Nguyễn Thị Ánh", "+84912345678", "Sự kiện")
    assert (Submission.objects.latest("pk").channel, Event.objects.get(lead=lead).actor) == ("manual", user)


def test_a_rep_owns_what_the_rep_adds():
    client, user = as_role()
    client.post("/leads/new/", {"phone": "0912345678"})
    assert Standing.objects.get().owner == user


def test_a_known_person_becomes_an_enquiry():
    client, _user = as_role(Role.MARKETER)
    lead = make_lead(at=EARLIER, phone="0912345678")
    response = client.post("/leads/new/", {"phone": "0912345678", "note": "Hỏi lại"}, follow=True)
    assert response.redirect_chain == [(f"/leads/{lead.pk}/", 302)]
    assert "giờ là một lượt hỏi của lead này" in response.content.decode()
    assert Event.objects.filter(kind="enquiry.received").count() == 1


def test_a_known_person_one_may_not_see_is_not_given_away():
    client, _user = as_role(on_duty=False)
    lead = make_lead(at=EARLIER, phone="0912345678", name="Bí Mật", company="Công ty Kín")
    response = client.post("/leads/new/", {"phone": "0912345678"}, follow=True)
    page = response.content.decode()
    assert response.redirect_chain == [("/leads/", 302)]
    assert "đã được chuyển tới người đang phụ trách" in page
    assert ("Bí Mật" in page, "Công ty Kín" in page, f"/leads/{lead.pk}/" in page) == (False, False, False)
    assert Event.objects.filter(kind="enquiry.received").count() == 1


def test_a_lead_that_cannot_be_worked_on_yet_is_kept(monkeypatch):
    def broken(_batch):
        raise RuntimeError("a subscriber of another room fails")

    monkeypatch.setattr("leads.events._subscribers", [broken])
    client, _user = as_role(Role.MARKETER)
    response = client.post("/leads/new/", {"phone": "0912345678"}, follow=True)
    assert "Lead đã được lưu và sẽ hiện trong giây lát." in response.content.decode()
    assert (Lead.objects.count(), Submission.objects.get().outcome) == (0, "waiting")


def test_nothing_to_reach_the_person_by_is_refused_and_kept():
    client, _user = as_role(Role.MARKETER)
    response = client.post("/leads/new/", {"name": "Không số"})
    page = response.content.decode()
    assert response.status_code == 422
    assert "Cần ít nhất số điện thoại, e-mail, hoặc nguồn kèm mã bên ngoài." in page
    assert 'value="Không số"' in page
    assert Lead.objects.count() == 0
