import random
from datetime import UTC, datetime

import pytest

from bench.lives import Story, with_handoff
from bench.payloads import behaviour, bundles, leads, posts
from leads.enquiry import read_enquiry
from scoring.published import published

UNTIL = datetime(2026, 11, 23, tzinfo=UTC)


@pytest.fixture
def lives(db):
    story = Story(random.Random(7), published(), owners=[1, 2], until=UNTIL)
    return [story.play(number) for number in range(300)]


def test_a_score_is_the_sum_of_its_entries(lives):
    assert [sum(e.delta for e in life.entries) for life in lives] == [life.state.score for life in lives]


def test_every_handoff_is_decided_by_the_end(lives):
    handoffs = [h for life in lives for h in life.handoffs]
    assert {h.outcome for h in handoffs} == {"accepted", "recycled", "discarded"}
    assert [h for h in handoffs if not h.offered_at <= h.touched_at <= h.decided_at <= UNTIL] == []


def test_histories_are_in_the_order_of_time(lives):
    moments = [[at for _kind, at, _properties in life.events] for life in lives]
    assert [m for m in moments if m != sorted(m)] == []
    assert 8 < sum(map(len, moments)) / len(lives) < 13


def test_the_same_seed_tells_the_same_story(lives):
    again = Story(random.Random(7), published(), owners=[1, 2], until=UNTIL)
    assert again.play(0) == lives[0]


def test_with_handoff_names_it_only_where_one_is_named():
    assert with_handoff({"handoff": 0, "owner": 3}, 9) == {"handoff": 9, "owner": 3}
    assert with_handoff({"url": "/"}, 9) == {"url": "/"}


def test_leads_are_different_people_the_door_takes_as_they_are():
    made = leads(start=50_000_000)
    enquiries = [read_enquiry(next(made), default_source="api") for _number in range(50)]
    assert len({enquiry.phone for enquiry, _problems in enquiries}) == 50
    assert [problems for _enquiry, problems in enquiries if problems] == []
    assert [enquiry.warnings for enquiry, _problems in enquiries if "phone_unusable" in enquiry.warnings] == []


def test_behaviour_moves_on_to_other_leads_with_each_thousand():
    did = behaviour(range(1, 6001), at=UNTIL)
    first, second = ({next(did)["id"] for _number in range(1000)} for _group in range(2))
    assert (min(first) >= 1, max(first) <= 2000, min(second) > 2000) == (True, True, True)


def test_posts_carry_bundles():
    sent = next(posts("/api/v1/events/", "lf_key", bundles("events", iter([1, 2, 3]), size=2)))
    assert sent.endswith(b'\r\n\r\n{"events":[1,2]}')
    assert b"Authorization: Bearer lf_key\r\n" in sent
