"""The administrator's pages: look up, see what is held, keep the request, erase."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.enums import Role
from leads.models import Lead, PersonRequest, Standing
from tests.factories import make_lead, make_mql
from tests.pages import EARLIER, HTMX, as_role

pytestmark = pytest.mark.django_db


def sent(lead, **more):
    return {"ground": "asked", "asked_on": f"{timezone.localdate():%Y-%m-%d}", **more}


def test_somebody_is_looked_up_and_what_is_held_is_shown():
    client, _admin = as_role(Role.ADMIN)
    lead = make_mql(at=EARLIER, name="Trần Thị Hoa", phone="0912345678")
    page = client.get(reverse("person_request_new"), {"q": "0912 345 678"}).content.decode()
    assert (reverse("lead_requests", args=[lead.pk]) in page, "Trần Thị Hoa" in page) == (True, True)
    shown = client.get(reverse("lead_erasure", args=[lead.pk]))
    counts = {one.key: one.count for one in shown.context["held"]}
    assert (counts["leads"], counts["submissions"], counts["handoffs"], counts["files"]) == (1, 1, 1, 0)
    assert "Không có ai" in client.get(reverse("person_request_new"), {"q": "khong ai ca"}).content.decode()


def test_a_request_is_kept_and_waits_with_its_day():
    client, _admin = as_role(Role.ADMIN)
    lead = make_lead(at=EARLIER, name="Lê Văn Chờ")
    answer = client.post(reverse("lead_erasure", args=[lead.pk]), sent(lead, act="keep"), follow=True)
    due = timezone.localdate() + timedelta(days=20)
    assert f"Đã ghi nhận yêu cầu, hạn {due:%d/%m/%Y}." in answer.content.decode()
    assert Lead.objects.get(pk=lead.pk).erased_at is None
    PersonRequest.objects.update(due_on=timezone.localdate() - timedelta(days=1))
    page = client.get(reverse("person_requests")).content.decode()
    assert ("Quá hạn" in page, "Lê Văn Chờ" in page) == (True, True)


def test_nobody_is_erased_without_the_tick():
    client, _admin = as_role(Role.ADMIN)
    lead = make_lead(at=EARLIER)
    answer = client.post(reverse("lead_erasure", args=[lead.pk]), sent(lead, act="erase"))
    assert (answer.status_code, list(answer.context["form"].errors)) == (422, ["sure"])
    assert (PersonRequest.objects.count(), Lead.objects.get(pk=lead.pk).erased_at) == (0, None)


def test_the_person_goes_and_the_pages_say_so():
    client, admin = as_role(Role.ADMIN)
    lead = make_mql(at=EARLIER, name="Phạm Thị Xoá")
    assert reverse("lead_erasure", args=[lead.pk]) in client.get(reverse("lead", args=[lead.pk])).content.decode()
    answer = client.post(reverse("lead_erasure", args=[lead.pk]), sent(lead, act="erase", sure="on"), follow=True)
    assert f"Đã xoá dữ liệu của #{lead.pk}." in answer.content.decode()
    assert PersonRequest.objects.get().closed_by == admin
    page = client.get(reverse("lead", args=[lead.pk])).content.decode()
    assert (f"Người đã xoá #{lead.pk}" in page, "Phạm Thị Xoá" in page) == (True, False)
    assert reverse("lead_erasure", args=[lead.pk]) not in page
    assert "đã xoá" in client.get(reverse("lead_erasure", args=[lead.pk])).content.decode()
    again = client.post(reverse("lead_erasure", args=[lead.pk]), sent(lead, act="erase", sure="on"))
    assert again.status_code == 422


def test_a_person_who_is_erased_is_worked_no_more():
    client, _admin = as_role(Role.ADMIN)
    lead = make_lead(at=EARLIER)
    client.post(reverse("lead_erasure", args=[lead.pk]), sent(lead, act="erase", sure="on"))
    before = Standing.objects.get(pk=lead.pk)
    answer = client.post(reverse("lead_note", args=[lead.pk]), {"text": "lại là Hoa"}, headers=HTMX)
    assert (answer.status_code, "đã được xoá" in answer.content.decode()) == (409, True)
    assert Standing.objects.get(pk=lead.pk) == before


def test_the_list_shows_whom_nobody_knows_any_more():
    client, _admin = as_role(Role.ADMIN)
    lead = make_lead(at=EARLIER, name="Ngô Văn Mất")
    client.post(reverse("lead_erasure", args=[lead.pk]), sent(lead, act="erase", sure="on"))
    page = client.get(reverse("lead_list")).content.decode()
    assert (f"Người đã xoá #{lead.pk}" in page, "Ngô Văn Mất" in page) == (True, False)


@pytest.mark.parametrize("role", [role for role in Role if role != Role.ADMIN])
def test_only_the_administrator_erases(role):
    client, _user = as_role(role)
    lead = make_lead(at=EARLIER)
    pages = [reverse("person_requests"), reverse("lead_erasure", args=[lead.pk])]
    assert [client.get(page).status_code for page in pages] == [403, 403]
    assert client.post(pages[1], sent(lead, act="erase", sure="on")).status_code == 403
    assert Lead.objects.get(pk=lead.pk).erased_at is None
