import pytest

from accounts.enums import Role
from leads.models import Handoff, Standing
from tests.factories import make_mql, make_team, make_user
from tests.pages import EARLIER, HTMX, as_role, enter, lead_of, said

pytestmark = pytest.mark.django_db


def test_team_lead_gives_a_lead_to_one_of_the_team():
    team = make_team()
    rep = make_user(Role.REP, team=team)
    lead = lead_of(rep)
    colleague = make_user(Role.REP, team=team, full_name="Vũ Quỳnh Anh", capacity=12)
    stranger = make_user(Role.REP, full_name="Người Đội Khác")
    client = enter(make_user(Role.TEAM_LEAD, team=team, on_duty=False))
    url = f"/leads/{lead.pk}/assign/"
    dialog = client.get(url, headers=HTMX).content.decode()
    assert ("Vũ Quỳnh Anh" in dialog, "0/12" in dialog, "Người Đội Khác" in dialog) == (True, True, False)
    assert said(client.post(url, {"owner": colleague.pk}, headers=HTMX)) == "Lead này giờ do Vũ Quỳnh Anh phụ trách."
    assert (Standing.objects.get().owner, Handoff.objects.get().owner) == (colleague, colleague)
    assert client.post(url, {"owner": stranger.pk}, headers=HTMX).status_code == 422


def test_manager_may_choose_any_seller_and_nobody_else():
    lead = lead_of(make_user(Role.REP))
    far = make_user(Role.REP)
    client, _manager = as_role(Role.SALES_MANAGER)
    marketer = make_user(Role.MARKETER)
    left = make_user(Role.REP, is_active=False)
    url = f"/leads/{lead.pk}/assign/"
    assert [client.post(url, {"owner": u.pk}).status_code for u in (marketer, left, far)] == [422, 422, 302]
    assert Standing.objects.get().owner == far


def test_assign_needs_a_choice():
    lead = lead_of(make_user(Role.REP))
    client, _manager = as_role(Role.SALES_MANAGER)
    response = client.post(f"/leads/{lead.pk}/assign/", headers=HTMX)
    assert (response.status_code, "<dialog" in response.content.decode()) == (422, True)


def test_rep_does_not_assign():
    client, user = as_role()
    assert client.get(f"/leads/{lead_of(user).pk}/assign/").status_code == 403


def test_rep_takes_a_lead_of_the_pool():
    client, user = as_role(on_duty=False)
    lead = make_mql(at=EARLIER)
    response = client.post(f"/leads/{lead.pk}/take/", headers=HTMX)
    assert said(response) == "Lead này là của bạn. Gọi ngay nhé!"
    assert (Standing.objects.get().owner, Handoff.objects.get().owner) == (user, user)


def test_who_comes_second_is_told():
    client, _user = as_role(on_duty=False)
    team = make_team()
    lead = make_mql(at=EARLIER)
    colleague, boss = make_user(Role.REP, team=team, on_duty=False), make_user(Role.TEAM_LEAD, team=team, on_duty=False)
    enter(colleague).post(f"/leads/{lead.pk}/take/")
    assert client.post(f"/leads/{lead.pk}/take/").status_code == 404
    late = enter(boss).post(f"/leads/{lead.pk}/take/", headers=HTMX)
    assert (late.status_code, "Đồng nghiệp vừa nhận lead này rồi." in late.content.decode()) == (409, True)
    assert Standing.objects.get().owner == colleague


def test_a_manager_takes_no_leads():
    lead = make_mql(at=EARLIER)
    client, manager = as_role(Role.SALES_MANAGER)
    response = client.post(f"/leads/{lead.pk}/take/", headers=HTMX)
    assert (response.status_code, f"{manager.full_name} không nhận lead." in response.content.decode()) == (422, True)
    assert Standing.objects.get().owner is None


def test_take_is_not_a_link():
    client, _user = as_role(on_duty=False)
    assert client.get(f"/leads/{make_mql(at=EARLIER).pk}/take/").status_code == 405
