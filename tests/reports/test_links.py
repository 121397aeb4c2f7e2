"""Links say the filters of their page; written from parts that are known, they are what the library would write."""

from dataclasses import replace
from datetime import date
from urllib.parse import parse_qs, urlencode, urlsplit

from hypothesis import given
from hypothesis import strategies as st

from reports import links
from reports.address import as_param
from reports.periods import named
from reports.scope import Scope
from tests.factories import NOW

TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)


def made(**chosen) -> Scope:
    return Scope(named("month", at=NOW), NOW, **chosen)


def said(address):
    return {name: value for name, (value,) in parse_qs(urlsplit(address).query).items()}


@given(st.dictionaries(TEXT, TEXT, max_size=6))
def test_encoding_is_that_of_the_library(params):
    assert links.encode(params) == urlencode(params)


@given(TEXT.filter(bool), TEXT.filter(bool))
def test_every_link_carries_the_filters_of_its_scope(source, product):
    scope = made(source=source, product=product, team=3)
    chosen = {"source": as_param(source), "product": as_param(product), "team": "3"}
    common = {"period": "month", **chosen}
    for _again in range(2):  # the second time from what is remembered
        assert said(links.overview(scope)) == common
        assert said(links.measured(scope, "won")) == common | {"of": "won"}
        assert said(links.measured(scope, "won", source="x")) == common | {"of": "won", "source": "x"}
        assert said(links.standing(scope, sla="breached")) == chosen | {"sla": "breached"}


def test_another_scope_does_not_inherit_what_is_remembered():
    scope = made(source="a")
    links.overview(scope)
    other = replace(scope, source="b", memo={})
    assert (said(links.overview(scope))["source"], said(links.overview(other))["source"]) == ("a", "b")


def test_days_of_a_bucket_replace_the_period():
    link = links.measured(made(), "offered", first=date(2026, 11, 2), last=date(2026, 11, 8))
    assert said(link) == {"of": "offered", "period": "custom", "from": "2026-11-02", "to": "2026-11-08"}


def test_leads_received_are_those_of_the_lead_list_unless_they_are_those_without_a_source():
    days = {"created_after": "2026-11-01", "created_before": "2026-11-09"}
    given = {"first": date(2026, 11, 1), "last": date(2026, 11, 8)}
    assert said(links.measured(made(owner=7), "leads", **given)) == days | {"owner": "7"}
    assert urlsplit(links.measured(made(source=""), "leads")).path == urlsplit(links.measured(made(), "won")).path
