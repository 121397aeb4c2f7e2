"""The columns of the list: choosing, ordering by them, what they show."""

import re
from datetime import timedelta

import pytest

from accounts.enums import Role
from leads.columns import DEFAULT, FIXED, chosen, columns, tables_of
from leads.custom_fields import define_field
from leads.listing import Order, order_of
from leads.models import Lead, ListChoice, Standing
from tests.factories import make_handoff, make_lead, make_mql, make_user
from tests.pages import EARLIER, HTMX, as_role

pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)


@pytest.fixture
def marketer():
    return as_role(Role.MARKETER)[0]


def heads(client, query=""):
    page = client.get(f"/leads/{query}").content.decode()
    table = page[page.index("<thead>") : page.index("</thead>")]
    return [re.sub(r"<[^>]+>", "", head).strip() for head in re.findall(r"<th [^>]*>(.*?)</th>", table, re.DOTALL)][1:]


def names(client, query):
    return re.findall(
        r'class="cell-title" href="/leads/[^"]+">([^<]+)</a>', client.get(f"/leads/{query}").content.decode()
    )


def test_default_columns_until_somebody_chooses(marketer):
    make_lead(at=EARLIER)
    assert heads(marketer) == [str(columns()[key].label) for key in DEFAULT]


def test_columns_are_remembered_for_the_person_and_kept_in_a_shared_address(marketer):
    make_lead(at=EARLIER)
    answer = marketer.post(
        "/leads/columns/?status=new&columns=email&cursor=x", {"column": ["phone", "name", "phone", "x"]}
    )
    assert answer.headers["Location"] == "/leads/?status=new"
    assert ListChoice.objects.get().columns == ["name", "phone"]
    assert heads(marketer) == ["Lead", "Điện thoại"]
    assert heads(marketer, "?columns=city,phone") == ["Lead", "Tỉnh/thành", "Điện thoại"]
    assert heads(as_role(Role.ADMIN)[0]) == [str(columns()[key].label) for key in DEFAULT]
    assert str(ListChoice.objects.get()).startswith("columns of")


def test_dialog_offers_every_column_the_chosen_first(marketer):
    page = marketer.get("/leads/columns/?columns=phone", headers=HTMX).content.decode()
    keys = re.findall(r'name="column"\s+value="([^"]+)"', page)
    assert (keys[:2], sorted(keys) == sorted(column.key for column in FIXED)) == (["name", "phone"], True)
    assert page.count(" checked") == 2
    assert marketer.get("/leads/columns/").status_code == 200


def test_chosen_columns_begin_with_the_name_and_end_somewhere():
    known = columns()
    assert [column.key for column in chosen([], known)] == ["name"]
    assert len(chosen([*known] * 2, known)) == min(30, len(known))


def test_every_column_draws_a_full_and_an_empty_lead(marketer):
    define_field(label="Ghế", kind="number", key="seats")
    define_field(label="Chủ đề", kind="choices", choices=["ads", "seo"], key="topics")
    full = make_mql(
        at=EARLIER,
        name="<b>Đạt</b>",
        company="Cty",
        title="GĐ",
        company_size=5,
        city="Huế",
        product="CRM",
        email="a@b.vn",
    )
    Lead.objects.filter(pk=full.pk).update(tags=["a", "b", "c", "d"], custom={"seats": 5, "topics": ["ads", "seo"]})
    make_lead(at=EARLIER, name="", phone="0911111111")
    wanted = ",".join(columns())
    page = marketer.get(f"/leads/?columns={wanted}").content.decode()
    assert ("&lt;b&gt;Đạt" in page, "<b>Đạt" in page) == (True, False)
    assert ("+1</span>" in page, "ads, seo" in page, ">5</td>" in page) == (True, True, True)


@pytest.mark.parametrize("column", [column for column in FIXED if column.sorts], ids=lambda column: column.key)
def test_every_sortable_column_sorts_both_ways_page_by_page(marketer, monkeypatch, column):
    monkeypatch.setattr("leads.views.lists.SIZE", 2)
    leads = [make_lead(at=EARLIER + n * MINUTE, name=f"L{n}", city=f"C{n}", company_size=n or None) for n in range(3)]
    make_handoff(lead=leads[1])
    make_user(Role.REP)
    both = []
    for sort in (column.key, f"-{column.key}"):
        first = marketer.get(f"/leads/?sort={sort}").content.decode()
        following = re.search(r'rel="next" href="([^"]+)"', first)[1].replace("&amp;", "&")
        both.append(names(marketer, f"?sort={sort}") + names(marketer, following))
    assert (len(set(both[0])), both[0]) == (3, both[1][::-1])


def test_order_of_an_address():
    known = columns()
    assert order_of("", known, query="") == Order("created", falls=True)
    assert order_of("", known, query="an") == Order("match", falls=True)
    assert order_of("newest", known, query="an") == Order("created", falls=True)
    assert order_of("score", known, query="") == Order("score", falls=True)
    assert order_of("-score", known, query="") == Order("score", falls=False)
    assert order_of("name", known, query="") == Order("name", falls=False)
    assert order_of("-name", known, query="") == Order("name", falls=True)
    assert order_of("phone", known, query="") == order_of("password", known, query="") == Order("created", falls=True)


def test_a_second_click_turns_the_order_round(marketer):
    make_lead(at=EARLIER)
    page = marketer.get("/leads/?sort=score").content.decode()
    assert 'aria-sort="descending"><a href="?sort=-score">' in page
    assert 'aria-sort="ascending"' in marketer.get("/leads/?sort=-score").content.decode()


def test_so_many_leads_sort_only_by_what_has_an_index(marketer, monkeypatch):
    monkeypatch.setattr("leads.queries.COUNT_LIMIT", 1)
    make_lead(at=EARLIER, name="B")
    make_lead(at=EARLIER + MINUTE, name="A")
    make_lead(at=EARLIER + 2 * MINUTE, name="C")
    page = marketer.get("/leads/?sort=name").content.decode()
    assert "hãy lọc bớt để sắp theo cột này" in page
    assert names(marketer, "?sort=name") == ["C", "A", "B"]
    assert "hãy lọc bớt" not in marketer.get("/leads/?sort=score").content.decode()
    assert "hãy lọc bớt" not in marketer.get("/leads/?q=zzz").content.decode()


def test_dear_and_dense_lists_are_walked(marketer, monkeypatch):
    monkeypatch.setattr("leads.listing.DENSE", -1)
    monkeypatch.setattr("leads.listing.DEAR", -1)
    monkeypatch.setattr("leads.views.lists.SIZE", 1)
    make_lead(at=EARLIER, name="B")
    make_lead(at=EARLIER + MINUTE, name="A")
    assert names(marketer, "") == ["A"]
    assert "1 trên khoảng" in marketer.get("/leads/").content.decode()
    assert Standing.objects.count() == 2


def test_a_dense_list_is_walked_and_counted_exactly(marketer, monkeypatch):
    monkeypatch.setattr("leads.listing.DENSE", 1)
    for number in range(3):
        make_lead(at=EARLIER + number * MINUTE, name=f"L{number}")
    assert names(marketer, "") == ["L2", "L1", "L0"]
    assert "3 trên 3" in marketer.get("/leads/").content.decode()


def test_a_list_joins_what_its_columns_show():
    known = columns()
    usual, all_of_them = chosen(DEFAULT, known), chosen(known, known)
    assert (tables_of(usual), tables_of(chosen(["status"], known))) == (["lead", "owner"], ["lead"])
    assert tables_of(all_of_them) == ["lead", "owner", "team"]
