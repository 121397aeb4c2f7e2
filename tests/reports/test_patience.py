"""A page whose days are still being counted says so, whatever the database makes of the statement."""

from collections.abc import Iterator

import psycopg2
import pytest
from django.core.cache import cache
from django.db import OperationalError, connection
from django.urls import reverse

from accounts.models import User
from reports.blocks import BLOCKS, filled
from reports.models import Mark, RolledDay
from reports.offers import offers
from reports.patience import Progress, StillCounting, progress, within_patience
from reports.periods import custom
from reports.scope import Scope
from reports.screens import open_screen
from tests.factories import NOW, make_user
from tests.reports.history import WEEK, make_history
from tests.reports.rolling import roll

# Only in this database: others of the server are the other test workers'.
LET_GO = """
SELECT pg_terminate_backend(pid) FROM pg_locks JOIN pg_database ON pg_database.oid = database
WHERE mode = 'AccessExclusiveLock' AND datname = current_database()
"""
STEP = "200ms"  # what a statement may take here


@pytest.fixture
def too_much(db) -> Iterator[None]:
    """Reading leads takes longer than a page may: somebody holds their table."""
    at = connection.settings_dict
    other = psycopg2.connect(host=at["HOST"], dbname=at["NAME"], user=at["USER"])
    with other.cursor() as cursor:
        cursor.execute("LOCK TABLE leads_standing, leads_handoff IN ACCESS EXCLUSIVE MODE")
    with connection.cursor() as cursor:
        cursor.execute(f"SET statement_timeout = '{STEP}'")
    yield
    with connection.cursor() as cursor:
        cursor.execute("SET statement_timeout = 0")
    other.close()


@pytest.fixture
def signed_in(client, transactional_db, at_ten):
    client.force_login(make_user("sales_manager"))
    make_history()
    cache.delete("reports:offers")  # what the filters offer is kept for five minutes
    return client


def test_the_page_says_that_days_are_being_counted_and_fetches_its_blocks_later(signed_in, too_much):
    page = signed_in.get(reverse("overview"), {"period": "30d", "source": "Facebook"})
    assert page.status_code == 200
    assert offers(Scope(WEEK, NOW, source="Facebook"))["source"] == [("Facebook", "Facebook")]
    assert page.content.decode().count("load delay:5s") == 9
    assert {shown.template for shown in page.context["blocks"].values()} == {"reports/blocks/counting.html"}
    paper = signed_in.get(reverse("report_print"))
    assert (paper.status_code, "Đang tổng hợp" in paper.content.decode()) == (200, True)


def test_a_block_comes_once_its_days_are_counted(signed_in, request):
    address = reverse("overview_block", args=["funnel"])
    request.getfixturevalue("too_much")
    waiting = signed_in.get(address, {"period": "30d"})
    assert (waiting.status_code, "load delay:5s" in waiting.content.decode()) == (200, True)
    with connection.cursor() as cursor:
        cursor.execute(LET_GO)
    shown = signed_in.get(address, {"period": "30d"})
    assert "load delay" not in shown.content.decode()


def test_a_television_says_so_and_goes_on_asking(signed_in, too_much):
    boss = User.objects.get(role="sales_manager")
    _screen, token = open_screen(name="Sảnh", team=None, by=boss, at=NOW)
    shown = signed_in.get(reverse("tv", args=[token]))
    assert (shown.status_code, shown.context["progress"]) == (200, Progress(0, 0))
    assert ("Đang tổng hợp" in shown.content.decode(), "every 20s" in shown.content.decode()) == (True, True)


def test_the_rows_behind_a_figure_come_once_they_can(signed_in, request):
    address, asked = reverse("overview_rows"), {"of": "offered", "period": "30d"}
    request.getfixturevalue("too_much")
    waiting = signed_in.get(address, asked)
    assert (waiting.status_code, waiting.context["opened"]) == (200, None)
    assert ("load delay:5s" in waiting.content.decode(), "Đang tổng hợp" in waiting.content.decode()) == (True, True)
    refused = signed_in.get(address, asked | {"format": "csv"}, headers={"HX-Request": "true"})
    assert refused.status_code == 503
    with connection.cursor() as cursor:
        cursor.execute(LET_GO)
    shown = signed_in.get(address, asked)
    assert (shown.context["opened"].total, "load delay:5s" in shown.content.decode()) == (6, False)


@pytest.mark.parametrize("report", ["kpis/", "funnel/", "sources/", "sources.csv"])
def test_a_machine_is_told_to_ask_again_in_a_minute(signed_in, too_much, report):
    answer = signed_in.get(f"/api/v1/reports/{report}", {"period": "30d"})
    assert (answer.status_code, answer.headers["Retry-After"], answer.json()["code"]) == (503, "60", "still_counting")


def test_a_download_is_put_off_in_words(signed_in, too_much):
    address = reverse("overview_block", args=["funnel"])
    answer = signed_in.get(address, {"period": "30d", "format": "csv"}, headers={"HX-Request": "true"})
    assert (answer.status_code, "Không mất gì cả" in answer.content.decode()) == (503, True)


def test_what_was_too_much_once_is_not_tried_again_for_the_same_page(django_assert_num_queries, db):
    scope = Scope(WEEK, NOW, memo={"late": True})
    with django_assert_num_queries(0):
        assert filled(BLOCKS["kpis"], scope, None) is None


def test_other_faults_of_the_database_stay_faults():
    scope = Scope(WEEK, NOW)
    with pytest.raises(OperationalError), within_patience(scope):
        raise OperationalError
    assert scope.memo == {}


def test_refusal_is_in_words_a_person_understands():
    with pytest.raises(StillCounting) as refused, within_patience(Scope(WEEK, NOW, memo={"late": True})):
        pass
    assert (refused.value.code, refused.value.status) == ("still_counting", 503)


def test_progress_counts_the_days_that_hold(db):
    make_history()
    scope = Scope(custom(WEEK.first, WEEK.last), NOW)
    assert progress(scope) == Progress(0, 0)
    roll(at=NOW)
    days = RolledDay.objects.filter(day__gte=WEEK.compared_from, day__lte=WEEK.last).count()
    assert progress(scope) == Progress(days, days)
    Mark.objects.create(part="leads", day=WEEK.first)
    assert progress(scope) == Progress(days - 1, days)
