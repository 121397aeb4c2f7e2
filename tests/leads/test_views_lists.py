import re
from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.enums import Role
from leads import queries
from leads.models import Lead
from leads.tags import tag_lead
from tests.factories import make_lead, make_mql, make_team, make_user
from tests.pages import EARLIER, HTMX, as_role, enter, lead_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def marketer():
    return as_role(Role.MARKETER)[0]


def names(client, query=""):
    page = client.get(f"/leads/{query}").content.decode()
    return re.findall(r'<a class="cell-title" href="[^"]+">([^<]+)</a>', page)


def test_list_shows_the_newest_first_and_by_score_on_request(marketer):
    make_lead(at=EARLIER, name="Cũ", event={"kind": "meeting.booked"})
    make_lead(at=EARLIER + timedelta(minutes=1), name="Mới")
    assert names(marketer) == ["Mới", "Cũ"]
    assert names(marketer, "?sort=score") == ["Cũ", "Mới"]


def test_list_finds_without_accents(marketer):
    make_lead(at=EARLIER, name="Nguyễn Văn Đạt")
    make_lead(at=EARLIER, name="Trần Huy")
    assert names(marketer, "?q=nguyen+dat") == ["Nguyễn Văn Đạt"]


def test_list_filters_are_chips_and_can_be_cleared(marketer):
    make_lead(at=EARLIER, name="Web", source="Website")
    make_lead(at=EARLIER, name="Zalo", source="Zalo OA", event={"kind": "meeting.booked"})
    page = marketer.get("/leads/?source=Zalo+OA&stage=mql").content.decode()
    assert re.findall(r'class="chip-label">([^<]+)</span>\s*<strong>([^<]+)</strong>', page) == [
        ("Giai đoạn", "MQL"),
        ("Nguồn", "Zalo OA"),
    ]
    assert 'href="?stage=mql"' in page
    assert '<a class="chip-clear" href="/leads/">' in page


def test_list_takes_several_values_from_a_link(marketer):
    make_lead(at=EARLIER, name="Một", event={"kind": "meeting.booked"})
    make_lead(at=EARLIER, name="Hai", event={"kind": "form.contact"})
    make_lead(at=EARLIER, name="Ba")
    assert sorted(names(marketer, "?stage=mql,lead")) == ["Hai", "Một"]
    assert "<strong>MQL, Lead</strong>" in marketer.get("/leads/?stage=mql,lead").content.decode()


def test_list_leaves_out_a_bad_filter_and_says_so(marketer):
    make_lead(at=EARLIER, name="Một")
    page = marketer.get("/leads/?status=lukewarm&score_min=x").content.decode()
    assert "Chọn trong: new, researched" in page
    assert "Phải là số nguyên." in page
    assert names(marketer, "?status=lukewarm") == ["Một"]


def test_list_offers_more_filters(marketer):
    lead = make_lead(at=EARLIER, name="VIP")
    make_lead(at=EARLIER, name="Khác")
    tag_lead(lead.pk, by=None, at=EARLIER, add=["VIP"])
    today = timezone.localdate()
    assert names(marketer, "?tag=VIP") == ["VIP"]
    assert names(marketer, "?owner=none&score_max=5&has_open_handoff=false&tag=VIP") == ["VIP"]
    assert names(marketer, f"?created_after={today + timedelta(days=2)}") == []
    assert names(marketer, "?sla=breached") == []


def test_list_says_what_to_do_when_it_is_empty(marketer):
    assert "Chưa có lead nào" in marketer.get("/leads/").content.decode()
    make_lead(at=EARLIER)
    assert "Không có lead nào khớp bộ lọc" in marketer.get("/leads/?source=zalo").content.decode()


def test_list_for_htmx_is_the_table_alone_and_the_page_asks_for_it_again(marketer):
    make_lead(at=EARLIER, name="Một")
    part = marketer.get("/leads/?q=mot", headers=HTMX).content.decode()
    page = marketer.get("/leads/?q=mot").content.decode()
    assert ("<html" in part, 'hx-get="/leads/?q=mot"' in part, 'hx-get="/leads/?q=mot"' in page) == (False, False, True)


def test_list_goes_on_page_by_page(marketer, monkeypatch):
    monkeypatch.setattr("leads.views.lists.SIZE", 2)
    for n in range(5):
        make_lead(at=EARLIER + timedelta(minutes=n), name=f"L{n}")
    first = marketer.get("/leads/?sort=newest").content.decode()
    assert "2 trên 5" in first
    following = re.search(r'rel="next" href="([^"]+)"', first)[1].replace("&amp;", "&")
    assert "sort=newest" in following
    assert names(marketer, following) == ["L2", "L1"]


def test_list_estimates_beyond_a_limit_and_says_so(marketer, monkeypatch):
    monkeypatch.setattr(queries, "COUNT_LIMIT", 2)
    monkeypatch.setattr("leads.views.lists.SIZE", 2)
    for _n in range(3):
        make_lead(at=EARLIER)
    assert "2 trên khoảng " in marketer.get("/leads/").content.decode()
    monkeypatch.setattr("leads.views.lists.SIZE", 3)
    assert "3 trên 3" in marketer.get("/leads/").content.decode()  # all of them are here: no need to guess


def test_count_is_exact_up_to_the_limit_and_estimated_far_beyond(monkeypatch, django_assert_num_queries):
    for _n in range(4):
        make_lead(at=EARLIER)
    rows = queries.lead_rows(make_user(Role.MARKETER))
    assert queries.counted(rows) == queries.Counted(4, more=False)
    monkeypatch.setattr(queries, "COUNT_LIMIT", -1)
    with django_assert_num_queries(1):
        assert queries.counted(rows).more


@pytest.mark.parametrize(("exact", "shown"), [(412_387, 410_000), (10_499, 10_000), (99, 99), (7, 7), (0, 0)])
def test_an_estimate_has_two_digits_that_mean_something(exact, shown):
    assert queries.rounded(exact) == shown


def test_rep_sees_own_leads_and_the_pool():
    client, user = as_role(capacity=1)
    lead_of(user, name="Của tôi")
    make_mql(at=EARLIER, name="Bể chung")
    make_lead(at=EARLIER, name="Của Marketing")
    make_user(Role.REP, full_name="Đồng nghiệp")
    assert sorted(names(client)) == ["Bể chung", "Của tôi"]
    page = client.get("/leads/").content.decode()
    assert "Đồng nghiệp" not in page


def test_team_lead_is_offered_the_team():
    team = make_team("Đội Hà Nội")
    make_user(Role.REP, team=team, full_name="Vũ Quỳnh Anh")
    make_user(Role.REP, team=make_team("Đội Sài Gòn"), full_name="Người Sài Gòn")
    page = enter(make_user(Role.TEAM_LEAD, team=team)).get("/leads/").content.decode()
    assert ("Vũ Quỳnh Anh" in page, "Người Sài Gòn" in page, "Đội Sài Gòn" in page) == (True, False, False)


def test_merged_leads_are_not_listed(marketer):
    kept, merged = make_lead(at=EARLIER, name="Còn"), make_lead(at=EARLIER, name="Gộp")
    Lead.objects.filter(pk=merged.pk).update(merged_into=kept)
    assert names(marketer) == ["Còn"]


@pytest.mark.parametrize("leads", [1, 3])
def test_list_costs_the_same_for_any_number_of_leads(marketer, django_assert_num_queries, leads):
    make_user(Role.REP)
    for n in range(leads):
        make_mql(at=EARLIER, name=f"L{n}")
    with django_assert_num_queries(10):
        marketer.get("/leads/")


def test_palette_finds_the_best_leads_and_nothing_for_nothing(marketer):
    lead = make_lead(at=EARLIER, name="Nguyễn Văn Đạt")
    assert f'href="/leads/{lead.pk}/"' in marketer.get("/leads/find/?q=dat").content.decode()
    assert "palette-item" not in marketer.get("/leads/find/?q=").content.decode()


def test_palette_shows_only_what_one_may_see():
    client, _user = as_role(on_duty=False)
    make_lead(at=EARLIER, name="Nguyễn Văn Đạt")
    assert "palette-item" not in client.get("/leads/find/?q=dat").content.decode()


def test_a_slip_in_the_list_is_one_click_from_what_was_meant(marketer):
    make_lead(at=EARLIER, name="Nguyễn Văn Đạt", source="web")
    page = marketer.get("/leads/?q=nguyen+vam+dat&source=web").content.decode()
    href = re.findall(r'class="btn" href="([^"]+)">Nguyễn Văn Đạt</a>', page)[0].replace("&amp;", "&")
    assert (names(marketer, href.partition("/leads/")[2]), "source=web" in href) == (["Nguyễn Văn Đạt"], True)


def test_filters_that_stand_in_the_way_of_a_search_are_named(marketer):
    make_lead(at=EARLIER, name="Nguyễn Văn Đạt", source="web")
    page = marketer.get("/leads/?q=dat&source=zalo").content.decode()
    assert ('href="/leads/?q=dat"' in page, "Tìm bỏ các bộ lọc khác" in page) == (True, True)
    alone = marketer.get("/leads/?q=zzzzqqqq").content.decode()
    assert ("Tìm bỏ các bộ lọc khác" in alone, "“zzzzqqqq”" in alone) == (False, True)
