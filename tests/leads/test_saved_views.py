"""Saved views: who may use, change and share them, and how many leads each shows."""

import re

import pytest
from django.http import QueryDict

from accounts.enums import Role
from core.errors import Conflict, Invalid, NotFound, Refused
from leads import queries
from leads.models import SavedView
from leads.saved_views import own_view, save_view, shares_of, shown_views, view_query, with_counts
from tests.factories import NOW, make_lead, make_team, make_user
from tests.pages import EARLIER, HTMX, as_role, enter

pytestmark = pytest.mark.django_db


def keep(by, name="Nóng", share="mine", query="status=hot", **more):
    return save_view(by=by, at=NOW, name=name, share=share, query=query, **more)


def tabs(user, address=""):
    return [(str(tab.name), tab.active) for tab in shown_views(user, QueryDict(address))]


def test_tabs_are_the_usual_three_and_what_one_may_use():
    team = make_team()
    me, mate, other = make_user(team=team), make_user(team=team), make_user()
    keep(me, "Của tôi thôi")
    keep(mate, "Đội", "team")
    keep(mate, "Riêng của bạn")
    keep(make_user(Role.MARKETER), "Chung", "all")
    always = [("Tất cả lead", True), ("Của tôi", False), ("Chưa ai nhận", False)]
    assert tabs(me) == [*always, ("Chung", False), ("Của tôi thôi", False), ("Đội", False)]
    assert tabs(other) == [*always, ("Chung", False)]


def test_tab_is_marked_however_its_address_is_spelled():
    user = make_user(Role.MARKETER)
    keep(user, query=view_query(QueryDict("status=hot,new&q=an&sort=score")))
    assert tabs(user, "sort=score&status=hot&status=new&q=an&cursor=x")[-1] == ("Nóng", True)
    assert tabs(user, "status=hot&q=an")[-1] == ("Nóng", False)
    assert tabs(user, "owner=me")[1] == ("Của tôi", True)


def test_counts_are_what_this_person_sees(monkeypatch):
    rep = make_user()
    make_lead(by=rep)
    make_lead()
    both = [view.count for view in with_counts(shown_views(rep, QueryDict("")), user=rep, at=NOW)]
    assert both == [queries.Counted(1, more=False), queries.Counted(1, more=False), queries.Counted(0, more=False)]


def test_a_view_has_a_name_and_one_of_its_own():
    user = make_user()
    keep(user)
    with pytest.raises(Conflict):
        keep(user)
    for name, share in ((" ", "mine"), ("x", "world")):
        with pytest.raises(Invalid):
            keep(user, name, share)
    assert SavedView.objects.count() == 1


def test_a_rep_shares_with_the_team_not_with_everybody():
    rep, marketer = make_user(Role.REP), make_user(Role.MARKETER)
    assert [value for value, _label in shares_of(rep)] == ["mine", "team"]
    assert [value for value, _label in shares_of(marketer)] == ["mine", "all"]
    with pytest.raises(Refused):
        keep(rep, share="all")
    assert keep(rep, share="team").team == rep.team


def test_one_changes_ones_own_and_whoever_shares_widely_the_common_ones():
    rep, marketer, manager = make_user(Role.REP), make_user(Role.MARKETER), make_user(Role.SALES_MANAGER)
    own, common = keep(rep), keep(marketer, share="all")
    assert (own_view(rep, own.pk), own_view(manager, common.pk)) == (own, common)
    for user, view in ((manager, own), (rep, common)):
        with pytest.raises(NotFound):
            own_view(user, view.pk)
    assert str(keep(rep, "Nóng lắm", view=own)) == "Nóng lắm"
    assert SavedView.objects.get(pk=own.pk).name == "Nóng lắm"


def test_page_keeps_the_list_as_it_is():
    client, user = as_role(Role.MARKETER)
    page = client.get("/leads/views/new/?status=hot&sort=score&cursor=abc", headers=HTMX).content.decode()
    assert "Lưu danh sách thành chế độ xem" in page
    url = re.search(r'action="([^"]+)"', page)[1].replace("&amp;", "&")
    answer = client.post(url, {"name": "Nóng", "share": "mine"})
    assert (answer.status_code, answer.headers["Location"]) == (302, "/leads/?status=hot&sort=score")
    view = SavedView.objects.get()
    assert (view.owner, view.query) == (user, "status=hot&sort=score")
    listed = client.get(answer.headers["Location"]).content.decode()
    assert f'href="/leads/views/{view.pk}/?status=hot&amp;sort=score"' in listed


def test_page_says_what_is_wrong_and_keeps_what_was_typed():
    client, _user = as_role(Role.MARKETER)
    for _time in range(2):
        answer = client.post("/leads/views/new/?status=hot", {"name": "Nóng", "share": "mine"}, headers=HTMX)
    assert (answer.status_code, "Bạn đã có chế độ xem tên" in answer.content.decode()) == (422, True)
    assert 'value="Nóng"' in answer.content.decode()


def test_view_takes_over_new_filters_and_can_be_deleted():
    client, user = as_role(Role.MARKETER)
    view = keep(user)
    page = client.get(f"/leads/views/{view.pk}/?status=hot&source=Web", headers=HTMX).content.decode()
    assert "Chế độ xem sẽ nhận bộ lọc" in page
    client.post(f"/leads/views/{view.pk}/?status=hot&source=Web", {"name": "Nóng", "share": "all"})
    view.refresh_from_db()
    assert (view.query, view.share) == ("status=hot&source=Web", "all")
    client.post(f"/leads/views/{view.pk}/", {"name": "Nóng 2", "share": "all"})
    view.refresh_from_db()
    assert (view.query, view.name) == ("status=hot&source=Web", "Nóng 2")
    assert client.post(f"/leads/views/{view.pk}/delete/").headers["Location"] == "/leads/"
    assert SavedView.objects.count() == 0


def test_foreign_views_are_not_there():
    view = keep(make_user(Role.MARKETER))
    client = enter(make_user(Role.ADMIN))
    answers = [client.get(f"/leads/views/{view.pk}/"), client.post(f"/leads/views/{view.pk}/delete/")]
    assert [answer.status_code for answer in answers] == [404, 404]


def test_counts_arrive_after_the_page():
    client, user = as_role(Role.MARKETER)
    make_lead(at=EARLIER, source="Web")
    keep(user, "Từ web", query="source=Web")
    keep(user, "Chung", "all", query="source=Zalo")
    page = client.get("/leads/").content.decode()
    assert ('hx-get="/leads/views/?"' in page, "view-count" in page) == (True, False)
    counts = client.get("/leads/views/?source=Web").content.decode()
    assert re.findall(r'view-count">([^<]*)<', counts) == ["1", "0", "1", "0", "1"]
    assert 'hx-get="/leads/views/?' not in counts
