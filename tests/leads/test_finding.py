"""Search: any spelling, the best match first."""

import pytest
from django.db import connection

from accounts.enums import Role
from leads.finding import best, meant, nearly
from leads.models import Lead, Standing
from leads.queries import lead_rows
from tests.factories import make_lead, make_user
from tests.pages import EARLIER, as_role

pytestmark = pytest.mark.django_db


@pytest.fixture
def rows():
    return lead_rows(make_user(Role.MARKETER))


def ids(found):
    return [row.lead_id for row in found]


def test_the_very_phone_comes_before_parts_of_others(rows):
    part = make_lead(name="Một", email="x0912345678@a.vn")
    exact = make_lead(name="Hai", phone="0912345678")
    for query in ("0912345678", "+84 912 345 678", "84912345678", "0912.345.678"):
        assert ids(best(rows, query))[0] == exact.pk
    assert set(ids(best(rows, "0912345678"))) == {part.pk, exact.pk}


def test_old_prefixes_find_todays_number(rows):
    lead = make_lead(phone="0168 234 5678")
    assert (
        ids(best(rows, "0168 234 5678")) == ids(best(rows, "01682345678")) == ids(best(rows, "0382345678")) == [lead.pk]
    )
    assert ids(best(rows, "345678")) == [lead.pk]


def test_the_very_email_and_id_come_first(rows):
    longer = make_lead(name="Dài", email="an@a.vn.example.com", phone=None)
    exact = make_lead(name="Ngắn", email="an@a.vn", phone=None)
    assert ids(best(rows, "AN@a.vn")) == [exact.pk, longer.pk]
    other = make_lead(name="x17", phone="0900000001")
    own = make_lead(source="crm", external_id="X17", phone="0900000002")
    assert ids(best(rows, "x17")) == [own.pk, other.pk]


def test_names_from_their_start_come_before_words_and_parts(rows):
    part, word, start = (make_lead(name=name) for name in ("Khanh Bình", "Trần Hanh", "Hanh Nguyễn"))
    assert ids(best(rows, "hanh")) == [start.pk, word.pk, part.pk]


def test_equal_matches_go_by_score(rows):
    low, high = make_lead(name="An Một"), make_lead(name="An Hai")
    Standing.objects.filter(pk=high.pk).update(score=50, engagement=50)
    assert ids(best(rows, "an")) == [high.pk, low.pk]


def test_a_short_word_begins_a_word(rows):
    lead = make_lead(name="Lê An")
    make_lead(name="Lê Thanh")
    assert ids(best(rows, "an")) == [lead.pk]
    assert ids(best(rows, "le a")) == [lead.pk]


def test_company_and_d_with_stroke(rows):
    lead = make_lead(name="Đỗ Đạt", company="Công ty Hòa Bình")
    for query in ("do dat", "ĐỖ", "hoa binh", "dat hoa"):
        assert ids(best(rows, query)) == [lead.pk]


@pytest.mark.parametrize("query", ["", "  ", "\x00", "%", "_", "'"])
def test_nothing_and_nonsense_find_nothing(rows, query):
    make_lead(name="Một")
    assert best(rows, query) == []


@pytest.mark.parametrize(
    "typed",
    ["nguyen van dst", "nguyn van dat", "Ngyuễn Văn Đạt", "nguuyen dat", "nguyenvan", "hoa bnh", "cong ty hoa bihn"],
)
def test_a_slip_still_finds_where_nothing_matches_exactly(rows, typed):
    lead = make_lead(name="Nguyễn Văn Đạt", company="Công ty Hòa Bình")
    make_lead(name="Trần Quốc Khoa", company="Mộc Lan")
    assert ids(best(rows, typed)) == [lead.pk]


def test_what_is_spelled_nearly_so_never_stands_beside_what_is_spelled_so(rows):
    make_lead(name="Nguyễn Văn Đạo")
    exact = make_lead(name="Nguyễn Văn Đạt")
    assert ids(best(rows, "nguyen van dat")) == [exact.pk]


def test_of_what_is_spelled_nearly_so_the_nearest_comes_first(rows):
    far, near = make_lead(name="Phạm Khánh Linh"), make_lead(name="Phạm Khánh Huyền")
    assert ids(best(rows, "pham khanh huyan"))[0] == near.pk
    Standing.objects.filter(pk=far.pk).update(score=50, engagement=50)
    assert ids(best(rows, "pham khanh huyan"))[0] == near.pk


@pytest.mark.parametrize("typed", ["0912345679", "xay", "an@b9.vn", "x" * 200])
def test_numbers_and_scraps_are_not_taken_for_slips(rows, typed):
    make_lead(name="Xa Thị An", phone="0912345678", email="an@b8.vn")
    assert best(rows, typed) == []


def test_looking_for_slips_stops_in_time_and_leaves_the_transaction_alone(rows):
    lead = make_lead(name="Nguyễn Văn Đạt")
    slow = rows.extra(where=["pg_sleep(1) IS NOT NULL"])
    assert nearly(slow, "nguyen van dst", patience="5ms") == []
    assert ids(nearly(rows, "nguyen van dst")) == [lead.pk]
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('statement_timeout')")
        assert cursor.fetchone() == ("0",)


def test_slips_are_looked_for_among_what_one_may_see():
    rep = make_user()
    own, _foreign = make_lead(name="Nguyễn Văn Đạt", by=rep), make_lead(name="Nguyễn Văn Đạt")
    assert ids(best(lead_rows(rep), "nguyen van dst")) == [own.pk]


def test_only_what_one_may_see_and_not_what_was_merged():
    rep = make_user()
    own, _foreign = make_lead(name="Đạt", by=rep), make_lead(name="Đạt")
    assert ids(best(lead_rows(rep), "dat")) == [own.pk]
    gone = make_lead(name="Đạt", by=rep)
    Lead.objects.filter(pk=gone.pk).update(merged_into=own)
    assert ids(best(lead_rows(rep), "dat")) == [own.pk]


def test_list_shows_the_best_match_first_unless_told_otherwise():
    client, _user = as_role(Role.MARKETER)
    exact = make_lead(at=EARLIER, name="Cũ", phone="0912345678")
    later = make_lead(at=EARLIER, name="Mới", email="0912345678@a.vn")
    page = client.get("/leads/?q=0912345678").content.decode()
    assert page.index(f'data-href="/leads/{exact.pk}/"') < page.index(f'data-href="/leads/{later.pk}/"')
    page = client.get("/leads/?q=0912345678&sort=newest").content.decode()
    assert page.index(f'data-href="/leads/{later.pk}/"') < page.index(f'data-href="/leads/{exact.pk}/"')


def test_of_very_many_the_newest_come_first(monkeypatch):
    monkeypatch.setattr("leads.listing.RANKED", 1)
    client, _user = as_role(Role.MARKETER)
    start = make_lead(at=EARLIER, name="Hanh Nguyễn")
    later = make_lead(at=EARLIER, name="Trần Hanh")
    page = client.get("/leads/?q=hanh").content.decode()
    assert page.index(f'data-href="/leads/{later.pk}/"') < page.index(f'data-href="/leads/{start.pk}/"')
    assert "hãy lọc bớt" not in page


def test_what_was_meant_is_said_as_it_is_written_once_and_the_likeliest_first(rows):
    for phone, name, company in (
        ("0900000001", "Nguyễn Văn Đạt", ""),
        ("0900000002", "Nguyễn Văn Đạt", "ACME"),
        ("0900000003", "Nguyễn Văn Đạo", ""),
        ("0900000004", "Trần Huy", "Công ty Nguyễn Văn Đại"),
    ):
        make_lead(phone=phone, name=name, company=company)
    assert meant(rows, "nguyen van datt")[0] == "Nguyễn Văn Đạt"
    assert sorted(meant(rows, "nguyen van datt")) == ["Công ty Nguyễn Văn Đại", "Nguyễn Văn Đạo", "Nguyễn Văn Đạt"]
    assert meant(rows, "0912345678") == meant(rows, "zzzzqqqq") == []


def test_letters_alone_stand_as_they_were_typed(rows):
    found, _other = make_lead(name="A Bình"), make_lead(name="Bình A")
    assert ids(best(rows, "a b")) == [found.pk]
    assert set(ids(best(rows, "a"))) == {found.pk, _other.pk}


def test_signs_are_no_words(rows):
    lead = make_lead(name="Hoa", company="Gỗ & Sơn")
    assert ids(best(rows, "go & son")) == ids(best(rows, "hoa -")) == [lead.pk]
    assert best(rows, "@") == best(rows, "&") == []
    client, _user = as_role(Role.MARKETER)
    assert client.get("/leads/?q=%26").content.decode().count("data-href=") == 0
