import re
from datetime import timedelta

import pytest

from accounts.enums import Role
from core import figures
from leads.behaviour import behave
from leads.calls import log_call
from leads.enums import Status
from leads.models import Standing
from tests.factories import accept, arrive, make_lead, make_mql, make_team, make_user
from tests.pages import EARLIER, HTMX, as_role, enter, lead_of

pytestmark = pytest.mark.django_db
PARTS = (
    "lead-head",
    "lead-call",
    "lead-bant",
    "lead-timeline",
    "lead-profile",
    "lead-panels",
    "lead-enquiries",
    "lead-tags",
)


def test_lead_page_shows_who_where_and_what_next():
    client, user = as_role()
    lead = lead_of(user, name="Nguyễn Thị Ánh", company="Đại Phước", phone="0912345678")
    page = client.get(f"/leads/{lead.pk}/").content.decode()
    assert "<title>Nguyễn Thị Ánh · LeadFlow</title>" in page
    assert 'sse-connect="/events/?lead=' + str(lead.pk) in page
    assert all(f'id="{part}"' in page for part in PARTS)
    assert "Gọi lần đầu" in page
    assert "0912\xa0345\xa0678" in page


def test_lead_page_of_another_rep_is_not_there():
    _client, owner = as_role()
    lead = lead_of(owner)
    client, _colleague = as_role(on_duty=False)
    for path in ("", "parts/", "timeline/", "profile/", "profile/card/", "call/", "decision/accept/", "status/hot/"):
        assert client.get(f"/leads/{lead.pk}/{path}").status_code == 404


def test_lead_page_asks_strangers_to_log_in(client):
    response = client.get("/leads/1/")
    assert (response.status_code, response.url) == (302, "/accounts/login/?next=/leads/1/")


def test_lead_page_of_the_pool_offers_to_take_it():
    client, user = as_role(on_duty=False)
    lead = make_mql(at=EARLIER)
    assert Standing.objects.get().owner_id is None
    page = client.get(f"/leads/{lead.pk}/").content.decode()
    assert f'action="/leads/{lead.pk}/take/"' in page
    assert user.is_seller


def test_marketers_read_the_page_but_work_nothing():
    _client, owner = as_role()
    handoff_lead = lead_of(owner)
    client, _marketer = as_role(Role.MARKETER)
    page = client.get(f"/leads/{handoff_lead.pk}/").content.decode()
    assert "Sales chưa trả lời." in page
    assert 'hx-post="/leads/' + str(handoff_lead.pk) + '/bant/"' not in page
    assert "/status/" not in page
    accept_as(owner, handoff_lead)
    assert "tick-yes" in client.get(f"/leads/{handoff_lead.pk}/").content.decode()


def accept_as(user, lead):
    accept(Standing.objects.get(pk=lead.pk).handoff, by=user, at=EARLIER + timedelta(minutes=5))


def test_stepper_offers_legal_moves_and_says_why_not_else():
    client, user = as_role()
    lead = lead_of(user)
    page = client.get(f"/leads/{lead.pk}/").content.decode()
    offered = set(re.findall(rf"/leads/{lead.pk}/status/(\w+)/", page))
    assert offered == {Status.RESEARCHED, Status.WRONG_TARGET}
    assert "Hãy ghi một cuộc gọi không liên lạc được trước." in page
    assert "Không chuyển thẳng được từ “Mới”." in page


def test_accepted_lead_shows_the_verdict_and_points_to_hot():
    client, user = as_role()
    lead = lead_of(user)
    accept_as(user, lead)
    page = client.get(f"/leads/{lead.pk}/").content.decode()
    assert "Đưa lên “Nóng”" in page
    assert "78" in page
    assert user.full_name in page


def test_lead_below_the_line_says_how_far_it_is():
    client, _user = as_role(Role.MARKETER)
    lead = make_lead(at=EARLIER, event={"kind": "form.contact"})
    page = client.get(f"/leads/{lead.pk}/").content.decode()
    assert "Thêm 25 điểm nữa là thành MQL." in page
    assert "Chưa bàn giao." in page


def test_lead_parts_come_as_pieces_for_their_places():
    client, user = as_role()
    lead = lead_of(user)
    page = client.get(f"/leads/{lead.pk}/parts/", headers=HTMX).content.decode()
    assert [part for part in PARTS if f'id="{part}" hx-swap-oob="true"' in page] == list(PARTS)
    assert "<html" not in page


def test_enquiry_with_other_values_is_shown_beside_the_lead():
    client, _user = as_role(Role.MARKETER)
    lead = make_lead(at=EARLIER, phone="0912345678", name="Ánh", company="Đại Phước")
    arrive(at=EARLIER, phone="0912345678", name="Ánh Nguyễn", company="Đại Phước", note="Hỏi lại", source="Zalo OA")
    page = client.get(f"/leads/{lead.pk}/").content.decode()
    assert "Hỏi lại" in page
    assert "Ánh Nguyễn" in page
    assert page.count("enquiry-differs") == 1


def test_timeline_filters_by_group_and_keeps_the_group_in_the_address():
    client, user = as_role()
    lead = lead_of(user)
    log_call(lead.pk, by=user, at=EARLIER + timedelta(minutes=5), outcome="reached", note="Rất quan tâm")
    calls = client.get(f"/leads/{lead.pk}/timeline/?group=call", headers=HTMX).content.decode()
    assert calls.count('class="timeline-row"') == 1
    assert "Rất quan tâm" in calls
    assert 'value="call"' in calls
    whole = client.get(f"/leads/{lead.pk}/?group=behaviour").content.decode()
    assert "Đặt lịch hẹn" in whole
    assert "Rất quan tâm" not in whole


def test_timeline_says_when_to_call_back():
    client, user = as_role()
    lead = lead_of(user)
    again = EARLIER + timedelta(days=2)
    log_call(lead.pk, by=user, at=EARLIER + timedelta(minutes=5), outcome="callback", callback_at=again)
    page = client.get(f"/leads/{lead.pk}/timeline/?group=call", headers=HTMX).content.decode()
    assert figures.short(again) in page


def test_timeline_of_an_unknown_group_shows_everything():
    client, user = as_role()
    lead = lead_of(user)
    page = client.get(f"/leads/{lead.pk}/timeline/?group=nonsense", headers=HTMX).content.decode()
    assert page.count('class="timeline-row"') == lead.events.count()


def test_timeline_without_htmx_is_the_whole_page():
    client, user = as_role()
    lead = lead_of(user)
    assert "<html" in client.get(f"/leads/{lead.pk}/timeline/?group=call").content.decode()


def test_timeline_goes_on_by_cursor_and_shows_each_row_once():
    client, _user = as_role(Role.MARKETER)
    lead = make_lead(at=EARLIER)
    views = [
        {"id": lead.pk, "kind": "page.viewed", "occurred_at": EARLIER + timedelta(seconds=n), "properties": {"n": n}}
        for n in range(60)
    ]
    behave(views, at=EARLIER + timedelta(minutes=2))
    seen, path = [], f"/leads/{lead.pk}/timeline/"
    while path:
        page = client.get(path, headers=HTMX).content.decode()
        seen += re.findall(r'id="event-(\d+)"', page)
        more = re.search(r'hx-get="([^"]+cursor=[^"]+)"', page)
        path = more[1].replace("&amp;", "&") if more else ""
    assert len(seen) == len(set(seen)) == lead.events.count()


def test_a_kind_nobody_declared_is_shown_by_its_name():
    client, _user = as_role(Role.MARKETER)
    lead = make_lead(at=EARLIER, event={"kind": "kiosk.touched", "properties": {"title": "Quầy 3"}})
    page = client.get(f"/leads/{lead.pk}/").content.decode()
    assert "kiosk.touched" in page
    assert "Quầy 3" in page


@pytest.mark.parametrize("calls", [1, 3])
def test_lead_page_costs_the_same_however_long_its_story(django_assert_num_queries, calls):
    client, user = as_role()
    lead = lead_of(user)
    for n in range(calls):
        log_call(lead.pk, by=user, at=EARLIER + timedelta(minutes=n), outcome="reached")
        arrive(at=EARLIER + timedelta(minutes=n), phone=lead.phone, note=f"lần {n}")
    with django_assert_num_queries(21):
        client.get(f"/leads/{lead.pk}/")


def test_team_lead_sees_the_team_only():
    ours, theirs = make_team(), make_team()
    rep = make_user(Role.REP, team=ours)
    lead = lead_of(rep)
    boss = enter(make_user(Role.TEAM_LEAD, team=ours, on_duty=False))
    other = enter(make_user(Role.TEAM_LEAD, team=theirs, on_duty=False))
    assert boss.get(f"/leads/{lead.pk}/").status_code == 200
    assert other.get(f"/leads/{lead.pk}/").status_code == 404
    assert f'href="/leads/{lead.pk}/assign/"' in boss.get(f"/leads/{lead.pk}/").content.decode()
