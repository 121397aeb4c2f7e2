import re
from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.enums import Role
from leads.calls import log_call
from leads.models import Handoff
from leads.requests.closing import fulfil
from tests.factories import accept, make_lead, make_mql, make_team, make_user
from tests.leads.requests.asking import ask
from tests.pages import EARLIER, HTMX, as_role, enter, lead_of

pytestmark = pytest.mark.django_db
LATER = EARLIER + timedelta(minutes=5)


def sections(page):
    """Names of the leads in each section of the page."""
    pieces = re.split(r'<section class="card queue-section[^"]*" id="(\w+)"', page)[1:]
    names = [re.findall(r'<a class="cell-title"[^>]*>([^<]+)</a>', piece) for piece in pieces[1::2]]
    return dict(zip(pieces[::2], names, strict=True))


def test_a_reps_day_has_everything_in_its_section():
    client, user = as_role()
    lead_of(user, name="Mới tinh")
    called = lead_of(user, name="Đã gặp")
    log_call(called.pk, by=user, at=LATER, outcome="reached")
    later = lead_of(user, name="Hẹn ngày kia")
    log_call(later.pk, by=user, at=LATER, outcome="callback", callback_at=timezone.now() + timedelta(days=2))
    accepted = lead_of(user, name="Đã nhận")
    accept(Handoff.objects.get(lead=accepted), by=user, at=LATER)
    assert sections(client.get("/today/").content.decode()) == {
        "first_touch": ["Mới tinh"],
        "decide": ["Đã gặp"],
        "sql": ["Đã nhận"],
        "later": ["Hẹn ngày kia"],
    }


def test_call_backs_that_are_due_say_when():
    client, user = as_role()
    lead = lead_of(user, name="Gọi lại")
    log_call(lead.pk, by=user, at=LATER, outcome="callback", callback_at=LATER + timedelta(minutes=10))
    page = client.get("/today/").content.decode()
    assert sections(page) == {"call_back": ["Gọi lại"]}
    assert f'hx-get="/leads/{lead.pk}/call/"' in page
    assert 'data-row-key="c"' in page


def test_whoever_objects_to_calls_has_no_number_to_call():
    client, user = as_role()
    lead = lead_of(user, name="Đừng gọi", phone="0912345678")
    accept(Handoff.objects.get(lead=lead), by=user, at=LATER)
    assert "tel:+84912345678" in client.get("/today/").text
    admin = make_user(Role.ADMIN)
    fulfil(ask("object", lead=lead, by=admin, objects_to=("calls",)), by=admin, at=LATER)
    page = client.get("/today/").text
    assert (sections(page), "tel:" in page, "Không muốn được gọi" in page) == ({"sql": ["Đừng gọi"]}, False, True)


def test_leads_gone_quiet_say_since_when():
    client, user = as_role()
    lead = make_mql(at=EARLIER - timedelta(days=40), name="Im lặng")
    accept(Handoff.objects.get(lead=lead), by=user, at=EARLIER - timedelta(days=20))
    page = client.get("/today/").content.decode()
    assert sections(page) == {"quiet": ["Im lặng"]}
    assert "Chạm lần cuối" in page


def test_a_quiet_day_says_so():
    client, user = as_role()
    make_lead(at=EARLIER)
    assert "Không có việc gấp lúc này" in client.get("/today/").content.decode()
    lead_of(user)
    assert "Không có việc gấp lúc này" not in client.get("/today/").content.decode()


def test_the_pool_is_open_to_every_seller():
    client, _user = as_role(on_duty=False)
    lead = make_mql(at=EARLIER, name="Ai nhận?")
    page = client.get("/today/").content.decode()
    assert sections(page) == {"pool": ["Ai nhận?"]}
    assert f'hx-post="/leads/{lead.pk}/take/"' in page
    boss, _manager = as_role(Role.SALES_MANAGER)
    page = boss.get("/today/").content.decode()
    assert (f'href="/leads/{lead.pk}/assign/"' in page, "/take/" in page) == (True, False)


def test_a_rep_does_not_see_a_colleagues_day():
    colleague = make_user(Role.REP)
    lead_of(colleague, name="Của đồng nghiệp")
    client, _user = as_role(on_duty=False)
    assert sections(client.get("/today/").content.decode()) == {}
    assert sections(client.get(f"/today/?rep={colleague.pk}").content.decode()) == {}


def test_a_team_lead_sees_the_team_or_one_of_it():
    team = make_team()
    ann = make_user(Role.REP, team=team, full_name="Ánh", capacity=1)
    lead_of(ann, name="Của Ánh")
    binh = make_user(Role.REP, team=team, full_name="Bình", capacity=1)
    lead_of(binh, name="Của Bình")
    lead_of(make_user(Role.REP), name="Của đội khác")
    client = enter(make_user(Role.TEAM_LEAD, team=team, on_duty=False, full_name="Zung"))
    page = client.get("/today/").content.decode()
    assert sorted(sections(page)["first_touch"]) == ["Của Bình", "Của Ánh"]
    assert re.findall(r"<option value=\"\d+\">([^<]+)<", page) == ["Bình", "Zung", "Ánh"]
    assert sections(client.get(f"/today/?rep={ann.pk}").content.decode()) == {"first_touch": ["Của Ánh"]}
    assert sorted(sections(client.get("/today/?rep=xyz").content.decode())["first_touch"]) == ["Của Bình", "Của Ánh"]


def test_today_for_htmx_is_the_queue_alone():
    client, user = as_role()
    lead_of(user)
    page = client.get("/today/", headers=HTMX).content.decode()
    assert ("<html" in page, " ".join(page.split()).startswith('<div id="queue" hx-get="/today/"')) == (False, True)


def test_a_long_section_is_cut_and_says_so(monkeypatch):
    monkeypatch.setattr("leads.views.today.SHOWN", 1)
    client, user = as_role()
    for n in range(2):
        lead_of(user, name=f"L{n}")
    page = client.get("/today/").content.decode()
    assert (len(sections(page)["first_touch"]), "1 đầu tiên trong 2." in page) == (1, True)


def test_marketing_has_no_queue():
    client, _user = as_role(Role.MARKETER)
    assert client.get("/today/").status_code == 403


@pytest.mark.parametrize("leads", [1, 3])
def test_today_costs_the_same_for_any_number_of_leads(django_assert_num_queries, leads):
    team = make_team()
    rep = make_user(Role.REP, team=team)
    for n in range(leads):
        accept(Handoff.objects.get(lead=lead_of(rep, name=f"S{n}")), by=rep, at=LATER)
        lead_of(rep, name=f"M{n}")
    client = enter(make_user(Role.TEAM_LEAD, team=team, on_duty=False))
    with django_assert_num_queries(7):
        client.get("/today/")
