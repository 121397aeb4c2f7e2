"""Of what rules gave, a state knows what can make a difference to the facts at hand, and nothing else is read."""

from datetime import timedelta

import pytest

from leads.profile import update_profile
from leads.standing import Standings, lock
from scoring.engine import Fact
from scoring.known import recall
from scoring.models import LedgerEntry
from scoring.published import published
from tests.factories import NOW
from tests.scoring.makers import after, born, change_model, do, set_rules, standing

pytestmark = pytest.mark.django_db

PAGE = {"kind": "behaviour", "event_kind": "page.viewed", "points": 1}
OFFER = {"kind": "behaviour", "event_kind": "offer.claimed", "points": 2, "repeat": "property"}
PLAYS = {"kind": "behaviour", "event_kind": "video.played", "points": 4}


def state_before(lead, *facts):
    """What is known of the lead before these (day, kind, properties), with the events themselves yet to come."""
    made = [Fact(after(day), 10**9 + n, kind, True, said) for n, (day, kind, said) in enumerate(facts)]
    with lock([lead.pk]) as rows:
        return recall({lead.pk: made}, rows=rows, model=published())[lead.pk]


def gave(state):
    return state.once, state.times, {day.isoformat(): n for (_rule, day), n in state.times_a_day.items()}


def test_only_the_values_at_hand_are_looked_up():
    (offer,) = set_rules({**OFFER, "repeat_property": "code, id"})
    lead = born()
    do(lead, (0.1, "offer.claimed"), code="A")
    do(lead, (0.2, "offer.claimed"), id="B")
    claims = [(0.5, "offer.claimed", said) for said in ({"code": "A"}, {"code": "C"}, {"id": "B"})]
    assert gave(state_before(lead, *claims).state) == ({(offer.pk, "=A"), (offer.pk, "=B")}, {}, {})


def test_a_cap_per_day_counts_the_days_of_the_facts_and_not_long_ago():
    page, _plays = set_rules({**PAGE, "cap_per_day": 3}, {**PLAYS, "cap_per_day": 1})
    lead = born()
    for day in (0.1, 10, 10.1, 11):
        do(lead, (day, "page.viewed"), (day, "video.played"))
    known = state_before(lead, (10.2, "page.viewed", {}), (11.2, "page.viewed", {}))
    days = {(after(day) + timedelta(hours=7)).date().isoformat(): n for day, n in ((10, 2), (11, 1))}
    assert gave(known.state) == (set(), {page.pk: 3}, days)


def test_a_cap_per_lead_counts_everything():
    (page,) = set_rules({**PAGE, "cap_per_lead": 9, "cap_per_day": 3})
    lead = born()
    for day in (0.1, 20, 40):
        do(lead, (day, "page.viewed"))
    assert state_before(lead, (41, "page.viewed", {})).state.times == {page.pk: 3}


def test_a_keyed_rule_with_a_cap_knows_both():
    (offer,) = set_rules({**OFFER, "repeat_property": "code", "cap_per_lead": 2})
    lead = born()
    for code in "AB":
        do(lead, (0.1, "offer.claimed"), code=code)
    state = state_before(lead, (0.2, "offer.claimed", {"code": "A"})).state
    assert (state.once, state.times) == ({(offer.pk, "=A")}, {offer.pk: 2})
    do(lead, (0.3, "offer.claimed"), code="C")
    assert standing(lead).score == 4


def test_rules_that_give_every_time_and_marks_of_sales_ask_for_nothing():
    set_rules(PAGE)
    lead = born()
    do(lead, (0.1, "page.viewed"))
    known = state_before(lead, (0.2, "page.viewed", {}))
    assert (gave(known.state), known.reach) == ((set(), {}, {}), after(0.1))
    with lock([lead.pk]) as rows:
        mark = Fact(after(0.2), 10**9, "page.viewed", pauses=True)
        known = recall({lead.pk: [mark]}, rows=rows, model=published())[lead.pk]
    assert gave(known.state) == (set(), {}, {})


def test_the_reach_is_the_later_of_ledger_and_log():
    set_rules(PAGE)
    lead = born()
    do(lead, (0.1, "page.viewed"))
    do(lead, (0.3, "something.else"))  # in the log, without points
    assert state_before(lead, (0.4, "page.viewed", {})).reach == after(0.3)
    LedgerEntry.objects.filter(lead=lead).update(effective_at=after(0.35))
    assert state_before(lead, (0.4, "page.viewed", {})).reach == after(0.35)
    assert state_before(born(at=NOW), (0.4, "page.viewed", {})).reach == NOW


def test_profile_points_are_read_for_profile_changes_alone_in_the_order_they_came():
    lead = born(title="CEO")
    for title in ("Kế toán", "Giám đốc"):  # given, taken back, given again at one moment
        update_profile(lead.pk, by=None, at=after(0.1), changes={"title": title})
    assert state_before(lead, (0.2, "page.viewed", {})).state.profile_points == {}
    change = Fact(after(0.2), 10**9, "lead.updated", profile={"title": "CEO"})
    with lock([lead.pk]) as rows:
        known = recall({lead.pk: [change]}, rows=rows, model=published())[lead.pk]
    assert list(known.state.profile_points.values()) == [15]


def test_awards_that_lapse_are_known_with_an_expiry():
    set_rules({**PAGE, "cap_per_day": 5})
    change_model(decay="expiry", expiry_days=10)
    lead = born()
    do(lead, (0.1, "page.viewed"))
    assert [when for when, *_rest in state_before(lead, (0.2, "page.viewed", {})).state.lapses] == [after(10.1)]


def test_of_a_new_lead_nothing_is_asked(django_assert_num_queries):
    rows = Standings()
    rows.add(7, source="", campaign="", at=NOW)
    model = published()
    with django_assert_num_queries(0):
        known = recall({7: [Fact(NOW, 1, "page.viewed", True)]}, rows=rows, model=model)
    assert (known[7].reach, gave(known[7].state)) == (None, (set(), {}, {}))
