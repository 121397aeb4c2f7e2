from datetime import date

import pytest
from django.utils import translation

from accounts.enums import Role
from reports import cards, drawings, kpis, links
from reports.cohorts import cohorts
from reports.forms import FilterBar
from reports.funnel import funnel
from reports.kpis import BY_KEY, KPIS, Figure
from reports.periods import Group, custom, named
from reports.scope import Scope
from reports.tables import Column, Row, Table
from reports.volume import volume
from tests.factories import NOW, make_user
from tests.reports.history import WEEK

pytestmark = pytest.mark.django_db


def figure(key, value, before, **more):
    return Figure(BY_KEY[key], value, before, more.pop("target", None), **more)


def test_every_kpi_has_its_place_on_the_page():
    assert sorted((*cards.MAIN, *cards.SMALL)) == sorted(kpi.key for kpi in KPIS)


@pytest.mark.parametrize(
    ("found", "text"),
    [
        (figure("leads", 12, 10), "+20 %"),
        (figure("leads", 8, 10), "−20 %"),
        (figure("leads", 10, 10), "0 %"),
        (figure("leads", 100, 10), "×10"),
        (figure("leads", 99, 10), "+890 %"),
        (figure("leads", 10, 0), ""),
        (figure("mql_to_sql", 0.55, 0.5), "+5 điểm"),
        (figure("mql_to_sql", 0.5, 0.55), "−5 điểm"),
    ],
)
def test_trend_in_words(found, text):
    with translation.override("vi"):
        assert cards.trend(found).replace("\u00a0", " ") == text


def words(found):
    with translation.override("vi"):
        (card,) = cards.cards(Scope(WEEK, NOW), [found], [found.kpi.key])
    return card.sub.replace("\u00a0", " "), card.target.replace("\u00a0", " ")


@pytest.mark.parametrize(
    ("found", "sub", "target"),
    [
        (figure("leads", 12, 10), "kỳ trước: 10", ""),
        (figure("mql_to_sql", 0.5, 0.4, still_open=0.25), "còn mở 25 %", ""),
        (figure("mql_to_sql", 0.5, 0.4, still_open=0.0), "kỳ trước: 40 %", ""),
        (figure("open_now", 3, None), "hiện tại", ""),
        (figure("sla_kept", 0.95, 0.9, target=0.9), "kỳ trước: 90 %", "≥ 90 %"),
        (figure("invalid_rate", 0.1, 0.2, target=0.2), "kỳ trước: 20 %", "≤ 20 %"),
        (figure("mql", 80, 90, target=100), "kỳ trước: 90", "≥ 100"),
    ],
)
def test_words_under_the_figure(found, sub, target):
    assert words(found) == (sub, target)


def test_definition_says_how_the_figure_is_placed_in_time():
    (card,) = cards.cards(Scope(WEEK, NOW), [figure("won", 1, 1)], ["won"])
    assert card.how == f"{BY_KEY['won'].how} {BY_KEY['won'].view.rule}"


@pytest.mark.parametrize(("key", "target"), [("month", 100), ("quarter", 300), ("6m", 600), ("30d", None)])
def test_target_for_handoffs_holds_for_whole_months(key, target):
    found = {f.kpi.key: f.target for f in kpis.kpis(Scope(named(key, at=NOW), NOW))}
    assert (found["mql"], found["sla_kept"], found["invalid_rate"], found["leads"]) == (target, 0.9, 0.2, None)


def test_part_of_the_company_has_no_target_for_handoffs():
    found = {f.kpi.key: f.target for f in kpis.kpis(Scope(named("month", at=NOW), NOW, source="Google"))}
    assert (found["mql"], found["sla_kept"]) == (None, 0.9)


def test_volume_is_drawn_with_what_each_bucket_opens(history):
    chart = drawings.volume_chart(volume(history.scope()), Group.DAY)
    assert chart.labels == ["2/11", "3/11", "4/11", "5/11", "6/11", "7/11", "8/11"]
    assert [list(series.values) for series in chart.series] == [[1, 1, 1, 1, 1, 1, 0], [1, 1, 1, 1, 1, 0, 0]]
    assert chart.hrefs[0] == "/leads/?created_after=2026-11-02&created_before=2026-11-03"


def test_funnel_is_drawn_in_the_colours_of_the_stages(history):
    chart = drawings.funnel_chart(funnel(history.scope()))
    assert (list(chart.series[0].values), chart.colours) == ([6, 5, 1, 1], ["blue", "indigo", "teal", "green"])


def test_cohorts_are_stacked_to_their_full_height(history):
    table = cohorts(history.scope())
    chart = drawings.cohort_chart(table, Group.WEEK)
    assert [sum(column) for column in zip(*(s.values for s in chart.series), strict=True)] == [5]
    assert chart.labels == ["2/11–8/11"]


def test_months_are_labelled_as_months():
    row = Row({"from": date(2026, 11, 1), "to": date(2026, 11, 30)})
    assert drawings.span_label(row, Group.MONTH) == "11/2026"


def test_links_carry_the_scope_and_what_is_asked_more():
    scope = Scope(WEEK, NOW, team=3, owner=7, source="Zalo OA")
    assert links.query(scope) == {
        "period": "custom",
        "from": "2026-11-02",
        "to": "2026-11-08",
        "team": "3",
        "owner": "7",
        "source": "Zalo OA",
    }
    assert links.query(Scope(named("7d", at=NOW), NOW), owner=9) == {"period": "7d", "owner": "9"}
    assert links.standing(scope, status="hot") == "/leads/?team=3&owner=7&source=Zalo+OA&status=hot"
    assert links.measured(Scope(WEEK, NOW), "won", first=date(2026, 11, 3), last=date(2026, 11, 4)) == (
        "/overview/rows/?of=won&period=custom&from=2026-11-03&to=2026-11-04"
    )


def test_a_table_reads_for_people_and_for_machines():
    columns = [Column("name", "Tên", "text"), Column("value", "Giá trị", "mixed"), Column("day", "Ngày", "day")]
    table = Table("t", "T", columns, [Row({"name": "", "value": 0.5, "day": None}, {"value": "/x"}, unit="percent")])
    ((name, value, day),) = table.cells()
    assert (name.text, value.text.replace("\u00a0", " "), value.href, day.text) == ("–", "50 %", "/x", "–")
    assert table.records() == [{"name": "", "value": 0.5, "day": None}]
    assert [column.numeric for column in columns] == [False, True, False]


def test_moments_and_flags_in_words():
    columns = [Column("at", "Lúc", "moment"), Column("none", "Lúc", "moment"), Column("more", "Hơn", "flag")]
    with translation.override("vi"):
        ((at, none, more),) = Table("t", "T", columns, [Row({"at": NOW, "none": None, "more": True})]).cells()
    assert (at.text, none.text, more.text) == ("10:00 23/11/2026", "–", "✓")


def bar(scope, role=Role.SALES_MANAGER, group=None, **person):
    return FilterBar(scope, group, user=make_user(role, **person))


def test_filter_bar_shows_the_scope_it_was_given(history):
    form = bar(history.scope(team=history.north.pk, source="Google"), group=Group.WEEK)
    assert (form.initial["period"], form.initial["source"], form.initial["group_by"]) == ("custom", "Google", "week")
    assert [words for _value, words in form.fields["team"].choices][1:] == ["Miền Bắc", "Miền Nam"]
    assert [words for _value, words in form.fields["owner"].choices][1:] == ["Trần An"]
    assert [value for value, _words in form.fields["source"].choices] == ["", "Facebook", "Google"]


def test_filter_bar_of_a_team_lead_offers_the_own_people(history):
    form = bar(history.scope(team=history.south.pk), Role.TEAM_LEAD, team=history.south, full_name="Ngô Chi")
    assert [words for _value, words in form.fields["owner"].choices][1:] == ["Lê Bình", "Ngô Chi"]
    assert "team" not in form.fields


def test_filter_bar_keeps_a_choice_it_would_not_offer(history):
    form = bar(history.scope(source="Báo giấy"))
    assert ("Báo giấy", "Báo giấy") in form.fields["source"].choices


@pytest.mark.parametrize(
    ("period", "words", "compared"),
    [
        (WEEK, "02/11/2026–08/11/2026", "26/10/2026–01/11/2026"),
        (named("today", at=NOW), "23/11/2026", "22/11/2026"),
        (custom(date(2027, 1, 1), date(2027, 1, 2)), "01/01/2027–02/01/2027", "30/12/2026"),
    ],
)
def test_filter_bar_says_the_dates(period, words, compared):
    with translation.override("vi"):
        form = bar(Scope(period, NOW))
        assert (form.words, form.compared) == (words, compared)
