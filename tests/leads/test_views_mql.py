import re
from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.enums import Role
from leads.decisions import decide
from leads.models import Handoff
from leads.qualification import save_qualification
from tests.factories import accept, make_lead, make_mql, make_user
from tests.pages import EARLIER, HTMX, as_role, enter, lead_of

pytestmark = pytest.mark.django_db
LATER = EARLIER + timedelta(minutes=5)


@pytest.fixture
def story():
    """One hand-off of each outcome, from two sources, all with one rep."""
    rep = make_user(Role.REP, full_name="Trần Huy")
    taken = lead_of(rep, name="Nhận", source="Website")
    accept(Handoff.objects.get(lead=taken), by=rep, at=LATER)
    back = lead_of(rep, name="Trả", source="Zalo OA")
    save_qualification(back.pk, by=rep, at=LATER, answers={"right_phone": True, "right_need": False})
    wake = timezone.localdate() + timedelta(days=3)
    decide(back.pk, by=rep, at=LATER, outcome="recycle", reason="no_budget", note="Quý sau", wake_on=wake)
    dropped = lead_of(rep, name="Loại", source="Website")
    decide(dropped.pk, by=rep, at=LATER, outcome="discard", reason="out_of_target")
    lead_of(rep, name="Mở", source="Website")
    return rep


@pytest.fixture
def marketer():
    return as_role(Role.MARKETER)[0]


def names(client, path):
    page = client.get(path, headers=HTMX).content.decode()
    return sorted(re.findall(r'class="cell-title"[^>]*>([^<]+)<', page))


def test_mql_page_says_what_sales_said(story, marketer):
    page = marketer.get("/mql/").content.decode()
    assert names(marketer, "/mql/") == ["Loại", "Mở", "Nhận", "Trả"]
    assert ("Không có ngân sách" in page, "“Quý sau”" in page, "Ngoài vùng/đối tượng" in page) == (True, True, True)
    assert ("tick-yes" in page, "tick-no" in page, "tick-unknown" in page) == (True, True, True)


def test_tabs_count_the_outcomes_and_filter_by_them(story, marketer):
    page = marketer.get("/mql/").content.decode()
    tabs = re.findall(r'class="tab-link"\s+href="([^"]*)"[^>]*>([^<]+)<span>(\d+)</span>', page)
    assert [(label.strip(), total) for _href, label, total in tabs] == [
        ("Tất cả", "4"),
        ("Chờ quyết định", "1"),
        ("Đã nhận", "1"),
        ("Trả lại", "1"),
        ("Đã loại", "1"),
    ]
    assert names(marketer, "/mql/?outcome=recycled") == ["Trả"]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("source=Website", ["Loại", "Mở", "Nhận"]),
        ("reason=no_budget", ["Trả"]),
        ("kind=pql", []),
        ("owner=none", []),
        ("after=2999-01-01", []),
        ("before=2000-01-01", []),
        ("source=Nowhere", ["Loại", "Mở", "Nhận", "Trả"]),
    ],
)
def test_hand_offs_are_filtered_in_the_address(story, marketer, query, expected):
    assert names(marketer, f"/mql/?{query}") == expected


def test_filters_are_chips_in_words(story, marketer):
    today = timezone.localdate()
    page = marketer.get(f"/handoffs/?owner={story.pk}&after={today}&before={today}&outcome=open").content.decode()
    chips = re.findall(r'class="chip-label">([^<]+)</span>\s*<strong>([^<]+)</strong>', page)
    shown = today.strftime("%d/%m/%Y")
    assert chips == [("Phụ trách", "Trần Huy"), ("Bàn giao từ ngày", shown), ("Bàn giao đến ngày", shown)]


def test_verdicts_by_source_count_what_was_decided(story, marketer):
    page = marketer.get("/mql/").content.decode()
    assert ("50\xa0%" in page or "50 %" in page, "(1/2)" in page, "(0/1)" in page) == (True, True, True)


def test_leads_close_to_the_line_say_what_they_lack(marketer):
    make_lead(at=EARLIER, name="Sắp tới", event={"kind": "form.contact"}, email="a@b.vn")
    make_lead(at=EARLIER, name="Còn xa")
    page = marketer.get("/mql/").content.decode()
    assert ("Sắp tới" in page, "Còn xa" in page) == (True, False)
    assert "thiếu 25 điểm" in page
    assert re.sub(r"\s+", " ", page).count("chưa biết: điện thoại, chức danh, số nhân sự") == 1


def test_leads_to_wake_up_say_when_and_why(story, marketer):
    page = marketer.get("/mql/").content.decode()
    side = page[page.index("Cần đánh thức") :]
    assert ("Trả" in side, "Không có ngân sách" in side) == (True, True)


def test_mql_page_is_for_marketing_and_sales_managers():
    assert as_role(Role.REP)[0].get("/mql/").status_code == 403
    assert as_role(Role.SALES_MANAGER)[0].get("/mql/").status_code == 200


def test_hand_off_list_shows_a_rep_own_and_earlier_ones(story):
    make_mql(at=EARLIER, name="Của người khác hay bể chung")
    other = make_user(Role.REP, on_duty=False)
    assert names(enter(story), "/handoffs/") == ["Của người khác hay bể chung", "Loại", "Mở", "Nhận", "Trả"]
    assert names(enter(other), "/handoffs/") == []


def test_hand_off_list_links_to_no_page_the_rep_would_not_be_shown(story):
    page = enter(story).get("/handoffs/").content.decode()
    linked = re.findall(r'class="cell-title" href="[^"]+">([^<]+)<', page)
    assert sorted(linked) == ["Loại", "Mở", "Nhận"]


def test_hand_off_list_says_what_to_do_when_empty(marketer):
    assert "Chưa có bàn giao nào" in marketer.get("/handoffs/").content.decode()
    assert "Không có bàn giao nào khớp bộ lọc" in marketer.get("/handoffs/?outcome=accepted").content.decode()


def test_hand_off_list_goes_on_page_by_page(story, marketer, monkeypatch):
    monkeypatch.setattr("leads.views.mql.SIZE", 3)
    first = marketer.get("/handoffs/").content.decode()
    assert "3 trên 4" in first
    following = re.search(r'rel="next" href="([^"]+)"', first)[1].replace("&amp;", "&")
    assert len(names(marketer, "/handoffs/" + following)) == 1


@pytest.mark.parametrize(("path", "queries"), [("/mql/", 11), ("/handoffs/", 7)])
@pytest.mark.parametrize("leads", [1, 3])
def test_hand_offs_cost_the_same_for_any_number(marketer, django_assert_num_queries, leads, path, queries):
    rep = make_user(Role.REP)
    for n in range(leads):
        accept(Handoff.objects.get(lead=lead_of(rep, name=f"L{n}")), by=rep, at=LATER)
    with django_assert_num_queries(queries):
        marketer.get(path)
