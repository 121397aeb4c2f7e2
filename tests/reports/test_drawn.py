"""A block is drawn once for the same figures, and anew for others."""

import pytest
from django.core.cache import caches
from django.urls import reverse
from django.utils import translation

from reports.drawn import drawn
from reports.tables import Column, Row, Table
from tests.factories import make_user
from tests.reports.history import handed, local

WEEK = {"from": "2026-11-02", "to": "2026-11-08"}
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_ten")]


@pytest.fixture(autouse=True)
def _nothing_drawn():
    caches["drawn"].clear()


@pytest.fixture
def manager(client):
    user = make_user("sales_manager")
    client.force_login(user)
    return client


def drew(client, key):
    """Which templates of blocks were drawn for one."""
    answer = client.get(reverse("overview_block", args=[key]), WEEK)
    return {t.name for t in answer.templates if (t.name or "").startswith("reports/blocks/")}, answer.content


def test_the_same_figures_are_drawn_once(manager, history):
    first, second = drew(manager, "sources"), drew(manager, "sources")
    assert (first[0], second[0]) == ({"reports/blocks/sources.html"}, set())
    assert first[1] == second[1]


def test_other_figures_are_drawn_anew(manager, history):
    drew(manager, "sources")
    handed(local(11, 4), to=history.an, source="Zalo")
    names, page = drew(manager, "sources")
    assert (names, b"Zalo" in page) == ({"reports/blocks/sources.html"}, True)


def test_cards_and_plain_tables_are_drawn_once_too(manager, history):
    for key, name in (("kpis", "kpis"), ("calls", "table"), ("sla", "sla")):
        assert drew(manager, key)[0] == {f"reports/blocks/{name}.html"}
        assert drew(manager, key)[0] == set()


def test_what_tells_the_time_is_drawn_each_time(manager, history):
    assert drew(manager, "breaches")[0] == drew(manager, "breaches")[0] == {"reports/blocks/breaches.html"}


def table(value):
    return Table("t", "T", [Column("name", "N", "text")], [Row({"name": value})])


def block(value, address="/a/"):
    class Shown:
        block = type("B", (), {"title": "Bảng", "key": "t"})
        url = address

    context = {"shown": Shown, "content": {"table": table(value), "chart": None}}
    return drawn("reports/blocks/table.html", address=address, context=context)


def test_a_block_is_of_its_figures_its_address_and_its_language():
    assert ("mot" in block("mot"), "hai" in block("hai")) == (True, True)
    assert "/b/" in block("mot", "/b/")
    with translation.override("en"):
        assert "Take" in block("mot")
    assert "Take" not in block("mot")
    assert block("<b>") == block("<b>")
    assert "&lt;b&gt;" in block("<b>")
