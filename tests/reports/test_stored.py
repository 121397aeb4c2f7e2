"""What counted days come to is remembered, and never told once they are other days."""

from datetime import date

import pytest
from django.core.cache import cache
from django.test import override_settings

from leads.models import Handoff, Lead
from reports.kpis import kpis
from reports.leaderboard import reps
from reports.marketers import marketers
from reports.measures import DECIDED, OFFERED, READINGS
from reports.models import Campaign, Mark, RolledDay, Rollup
from reports.periods import Group, custom
from reports.questions import Ask
from reports.reading import ahead, grouped, of_period
from reports.scope import MARKETER, Scope
from reports.sources import sources
from reports.writing import grouped_by
from tests.factories import NOW, make_user
from tests.reports.history import make_history
from tests.reports.rolling import roll

pytestmark = pytest.mark.django_db
PERIOD = custom(date(2026, 10, 20), date(2026, 11, 23))


@pytest.fixture
def rolled(db):
    made = make_history()
    roll(at=NOW)
    return made


def scope(**more):
    return Scope(PERIOD, NOW, **more)


def offered(**more):
    return of_period(scope(**more), [OFFERED])["offered"]


def spoil(**where):
    """Roll-ups that say something else without having been counted again: only who remembers does not see it."""
    Rollup.objects.filter(part="offered", **where).update(counts=[0] * len(OFFERED.measures))


def test_the_same_days_are_read_once(rolled):
    assert offered() == 6
    spoil()
    assert offered() == 6
    cache.clear()
    assert offered() == 0


@pytest.mark.parametrize("more", [{"source": "Facebook"}, {"city": ""}])
def test_each_question_is_remembered_on_its_own(rolled, more):
    whole, some = offered(), offered(**more)
    spoil()
    assert (offered(), offered(**more)) == (whole, some)
    assert offered(owner=rolled.an.pk) == 0


def test_other_days_of_the_same_question_are_another(rolled):
    assert offered() == 6
    assert of_period(Scope(custom(date(2026, 11, 2), date(2026, 11, 3)), NOW), [OFFERED])["offered"] == 2


def test_a_day_counted_again_is_not_told_from_memory(rolled):
    assert offered() == 6
    versions = dict(RolledDay.objects.filter(part="offered").values_list("day", "version"))
    Handoff.objects.filter(lead=rolled.leads["first"]).delete()
    assert offered() == 5  # its day has a mark, so it is read from the rows
    roll(at=NOW)
    assert offered() == 5
    after = dict(RolledDay.objects.filter(part="offered").values_list("day", "version"))
    assert [day for day in versions if versions[day] != after[day]] == [date(2026, 11, 2)]


def test_a_mark_taken_away_without_counting_brings_the_memory_back(rolled):
    assert offered() == 6
    Mark.objects.create(part="offered", day=date(2026, 11, 3))
    spoil()
    assert offered() == 1  # the marked day from its rows, the others as they stand now
    Mark.objects.all().delete()
    assert offered() == 6


def test_versions_differ_from_day_to_day(rolled):
    versions = RolledDay.objects.values_list("version", flat=True)
    assert len(set(versions)) == len(versions)
    assert 0 not in versions


def test_without_a_cache_everything_is_added_up_each_time(rolled):
    with override_settings(CACHES={"default": {"BACKEND": "django.core.cache.backends.dummy.DummyCache"}}):
        assert offered() == 6
        spoil()
        assert offered() == 0


def test_whose_campaign_it_is_holds_at_once(rolled):
    Lead.objects.update(campaign="")
    before = [row.values["name"] for row in marketers(scope()).rows]
    boss = make_user("marketer", full_name="Mai")
    for source in ("Facebook", "Google"):
        Campaign.objects.create(source=source, name="", owner=boss, by=boss, at=NOW)
    assert (before, [row.values["name"] for row in marketers(scope()).rows]) == (
        ["Chiến dịch chưa có người phụ trách"],
        ["Mai"],
    )


def test_a_page_reads_for_all_its_blocks_at_once(rolled, django_assert_num_queries):
    page = scope()
    with django_assert_num_queries(5):
        ahead(page, [*(Ask(reading) for reading in READINGS), Ask(OFFERED, "source"), Ask(OFFERED, Group.WEEK)])
    with django_assert_num_queries(0):
        ahead(page, [Ask(DECIDED, None, ("accepted",)), Ask(OFFERED, "source", ("offered",))])
        assert grouped(page, OFFERED, ["offered"], by="source")["Facebook"]["offered"] == 3


def test_read_together_and_one_by_one_are_the_same(rolled):
    def figures(page):
        return [(f.kpi.key, f.value, f.before) for f in kpis(page)], sources(page).records(), reps(page).records()

    for happens in (lambda: None, lambda: Mark.objects.create(part="offered", day=date(2026, 11, 4))):
        happens()
        page = scope()
        by = (None, "source", "owner", "team", MARKETER, Group.DAY, Group.WEEK)
        ahead(page, [Ask(OFFERED, one) for one in by])
        assert figures(page) == figures(scope())
        assert [page.memo[q] for one in by for q in Ask(OFFERED, one).questions()] == [
            alone(one, q) for one in by for q in Ask(OFFERED, one).questions()
        ]


def alone(by, question):
    page = scope()
    ahead(page, [Ask(OFFERED, by)])
    return page.memo[question]


@pytest.mark.parametrize("count", [1, 2, 5])
def test_a_row_says_which_of_the_groups_it_is_of(count):
    groups = tuple("abcde"[:count])
    bits = [sum(1 << (count - 1 - other) for other in range(count) if other != own) for own in range(count)]
    assert tuple(grouped_by(place, groups) for place in bits) == groups
