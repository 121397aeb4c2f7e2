"""What the list's address asks for: read kindly, spelled back in chips and dialogs."""

import re
from datetime import timedelta
from urllib.parse import urlencode

import pytest
from django.http import QueryDict

from accounts.enums import Role
from core.errors import Invalid
from leads.custom_fields import define_field
from leads.filters import filter_standings
from leads.lead_filter import LeadFilter
from leads.models import Lead, Standing
from leads.offers import words_in_use
from leads.values import joined, several
from tests.factories import NOW, make_handoff, make_lead, make_team, make_user
from tests.pages import EARLIER, HTMX, as_role

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def wanted(address, user=None):
    return LeadFilter(QueryDict(address), user=user or make_user(Role.MARKETER))


def found(**params):
    return list(filter_standings(Standing.objects.order_by("pk"), params, at=NOW).values_list("pk", flat=True))


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("a,b", ["a", "b"]),
        (' a , "b, c" ,d', ["a", "b, c", "d"]),
        ('"Hội ""chợ"", Hà Nội"', ['Hội "chợ", Hà Nội']),
        ('"a', ['"a']),
        ('"",a', ['""', "a"]),
        (" , ,", []),
        ('a"b', ['a"b']),
    ],
)
def test_several_values_part_at_commas_outside_quotes(text, values):
    assert several(text) == values


@pytest.mark.parametrize("values", [["a"], ["a,b", "c"], ['say "hi"', "x"], [" a"], ['"'], ["a", 'b"']])
def test_joined_values_are_read_back(values):
    assert several(joined(values)) == values


def test_several_values_are_at_most_a_hundred():
    assert len(several(",".join("a" * 500))) == 100


def test_a_source_with_a_comma_can_be_chosen():
    lead = make_lead(source="Hội chợ, Hà Nội")
    make_lead(source="Hội chợ")
    bar = wanted("")
    value = {words: spelled for spelled, words in bar.choices("source")}["Hội chợ, Hà Nội"]
    assert value == '"Hội chợ, Hà Nội"'
    assert found(source=value) == [lead.pk]
    address = urlencode({"source": value})
    assert [chip.value for chip in wanted(address).chips] == ["Hội chợ, Hà Nội"]


def test_repeated_parameters_are_a_list():
    bar = wanted("status=new&status=hot&status=&score_min=5&score_min=7")
    assert bar.params == {"status": "new,hot", "score_min": "7"}
    assert [(str(chip.label), chip.value) for chip in bar.chips] == [("Trạng thái", "Mới, Nóng"), ("Điểm từ", "7")]


def test_me_is_whoever_looks():
    rep = make_user()
    own = make_lead(by=rep)
    make_lead()
    bar = wanted("owner=me,none", rep)
    assert bar.resolved == {"owner": f"{rep.pk},none"}
    assert [chip.value for chip in bar.chips] == ["Tôi, Chưa ai nhận"]
    assert list(wanted("owner=me", rep).narrow(Standing.objects.all(), at=NOW)) == [Standing.objects.get(pk=own.pk)]


def test_a_bad_value_is_left_out_and_said():
    bar = wanted("status=lukewarm&quiet_days=x&custom.none=1&source=Web")
    assert (sorted(bar.errors), bar.params) == (["custom.none", "quiet_days", "status"], {"source": "Web"})


def test_filters_by_what_the_person_wants_and_where_they_live():
    lead = make_lead(product="CRM", city="Huế", campaign="Tết")
    make_lead(product="ERP", city="Hà Nội", campaign="Hè")
    assert found(product="CRM") == found(city="Huế") == found(campaign="Tết") == [lead.pk]


def test_filters_by_what_came_of_the_handoff():
    never, open_ = make_lead(), make_handoff().lead
    assert (found(outcome="none"), found(outcome="open")) == ([never.pk], [open_.pk])
    assert found(outcome="none,open") == [never.pk, open_.pk]
    with pytest.raises(Invalid):
        found(outcome="lost")


def test_filters_by_silence_and_last_activity():
    quiet, never, lively = (make_lead(at=NOW - 40 * DAY) for _n in range(3))
    Standing.objects.filter(pk=quiet.pk).update(last_activity_at=NOW - 31 * DAY)
    Standing.objects.filter(pk=never.pk).update(last_activity_at=None)
    Standing.objects.filter(pk=lively.pk).update(last_activity_at=NOW - 29 * DAY)
    assert found(quiet_days="30") == [quiet.pk, never.pk]
    assert found(active_after="2026-10-24") == [lively.pk]
    assert found(active_before="2026-10-24") == [quiet.pk]
    for bad in ("-1", "x", "99999999"):
        with pytest.raises(Invalid):
            found(quiet_days=bad)


def custom(lead, **values):
    Lead.objects.filter(pk=lead.pk).update(custom=values)
    return lead.pk


def test_filters_by_the_administrators_own_fields():
    define_field(label="Size", kind="choice", choices=["S", "M, L"])
    define_field(label="Topics", kind="choices", choices=["ads", "seo"])
    define_field(label="Seats", kind="number")
    define_field(label="Since", kind="date")
    define_field(label="Vip", kind="boolean")
    define_field(label="About", kind="text")
    one = custom(make_lead(), size="M, L", topics=["ads", "seo"], seats=5, since="2026-01-05", vip=True, about="Xe tải")
    two = custom(make_lead(), size="S", topics=["seo"], seats=50, since="2026-06-01", vip=False, about="Nhà")
    assert found(**{"custom.size": '"M, L"'}) == [one]
    assert found(**{"custom.size": '"M, L",S'}) == [one, two]
    assert found(**{"custom.topics": "ads"}) == [one]
    assert found(**{"custom.seats": "50"}) == [two]
    assert found(**{"custom.seats.from": "5", "custom.seats.to": "10"}) == [one]
    assert found(**{"custom.since.from": "2026-02-01"}) == [two]
    assert found(**{"custom.vip": "true"}) == [one]
    assert found(**{"custom.about": "xe"}) == [one]


@pytest.mark.parametrize(
    "params",
    [{"custom.nothing": "1"}, {"custom.vip.from": "1"}, {"custom.seats.above": "1"}, {"custom.seats": "many"}],
)
def test_own_fields_refuse_what_can_not_be(params):
    define_field(label="Seats", kind="number")
    define_field(label="Vip", kind="boolean")
    with pytest.raises(Invalid):
        found(**params)


def test_own_fields_are_chips_and_controls():
    define_field(label="Số ghế", kind="number", key="seats")
    define_field(label="Vip", kind="boolean")
    define_field(label="Size", kind="choice", choices=["S", "M"])
    define_field(label="Mô tả", kind="text", key="about")
    bar = wanted("custom.seats.from=5&custom.vip=true&custom.size=S,M")
    assert [(str(chip.label), chip.value) for chip in bar.chips] == [
        ("Số ghế", "từ 5"), ("Size", "S,M"), ("Vip", "Có"),
    ]  # fmt: skip
    client, _user = as_role(Role.MARKETER)
    page = client.get("/leads/filters/?custom.seats.from=5&custom.size=S", headers=HTMX).content.decode()
    assert re.search(r'name="custom.seats.from"\s+value="5"', page)
    assert re.search(r'name="custom.size"\s+value="S" checked', page)
    assert 'name="custom.about"' in page


def test_dialog_has_every_filter_set_as_the_address_says():
    make_lead(at=EARLIER, campaign="Tết", city="Huế", product="CRM")
    make_team("Đội Huế")
    client, _user = as_role(Role.MARKETER)
    address = (
        "status=new,hot&campaign=Gone&quiet_days=30&created_after=2026-01-01&has_open_handoff=true&q=an&sort=score"
    )
    page = client.get(f"/leads/filters/?{address}", headers=HTMX).content.decode()
    for name, value in (("status", "new"), ("status", "hot"), ("campaign", "Gone")):
        assert f'name="{name}" value="{value}" checked' in page
    assert 'name="campaign" value="Tết">' in page
    assert ('value="30"' in page, 'value="2026-01-01"' in page) == (True, True)
    assert '<option value="true" selected>' in page
    assert '<input type="hidden" name="q" value="an">' in page
    assert client.get("/leads/filters/").status_code == 200


def test_words_in_use_are_what_leads_carry():
    lead = make_lead(campaign="Tết", product="CRM", city="Huế")
    make_lead(campaign="Hè", product="CRM")
    Lead.objects.filter(pk=lead.pk).update(tags=["vip", "a"])
    assert words_in_use() == {"campaign": ["Hè", "Tết"], "product": ["CRM"], "city": ["Huế"], "tag": ["a", "vip"]}
