"""Who is told of what: pure."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accounts.enums import Role
from leads.models import Event
from notifications.audience import Person, needs_leaders, owners, recipients
from notifications.enums import OF_THE_MANAGER, PERSONAL, REMINDERS, Kind

REP = Person(1, Role.REP, 10, frozenset())
LEAD = Person(2, Role.TEAM_LEAD, 10, frozenset())
OTHER_LEAD = Person(3, Role.TEAM_LEAD, 20, frozenset())
MANAGER = Person(4, Role.SALES_MANAGER, None, frozenset())
PEOPLE = [REP, LEAD, OTHER_LEAD, MANAGER]


def event(kind, **properties):
    return Event(kind=kind, properties=properties)


@pytest.mark.parametrize(
    ("told", "kind", "properties"),
    [
        ([REP], Kind.ASSIGNED, {"owner": 1, "team": 10}),
        ([], Kind.ASSIGNED, {"owner": None}),
        ([], Kind.ASSIGNED, {"owner": 99}),
        ([MANAGER], Kind.POOLED, {"handoff": 5}),
        ([REP], Kind.WARNED, {"owner": 1, "team": 10}),
        ([MANAGER], Kind.WARNED, {"owner": None, "team": None}),
        ([MANAGER], Kind.WARNED, {"owner": 99, "team": 10}),
        ([REP, LEAD], Kind.BREACHED, {"owner": 1, "team": 10}),
        ([LEAD], Kind.BREACHED, {"owner": 2, "team": 10}),
        ([REP, MANAGER], Kind.BREACHED, {"owner": 1, "team": 30}),
        ([REP, MANAGER], Kind.BREACHED, {"owner": 1, "team": None}),
        ([MANAGER], Kind.BREACHED, {}),
    ],
)
def test_recipients_of_each_kind(told, kind, properties):
    assert recipients(event(kind, **properties), PEOPLE) == told


def test_lead_without_team_is_nobodys_lead():
    stray = Person(5, Role.TEAM_LEAD, None, frozenset())
    assert recipients(event(Kind.BREACHED, owner=1, team=None), [REP, stray]) == [REP]


def test_owners_are_those_who_are_named():
    events = [
        event(Kind.ASSIGNED, owner=1),
        event(Kind.WARNED, owner=None),
        event(Kind.POOLED),
        event(Kind.BREACHED, owner=2),
    ]
    assert owners(events) == {1, 2}


@pytest.mark.parametrize(
    ("wanted", "kind", "properties"),
    [
        (False, Kind.ASSIGNED, {"owner": 1}),
        (False, Kind.WARNED, {"owner": 1}),
        (True, Kind.WARNED, {"owner": None}),
        (True, Kind.BREACHED, {"owner": 1}),
        (True, Kind.POOLED, {}),
    ],
)
def test_leaders_are_only_asked_for_when_it_goes_beyond_the_owner(wanted, kind, properties):
    assert needs_leaders([event(kind, **properties)]) is wanted


@given(
    kind=st.sampled_from(Kind.values),
    owner=st.none() | st.integers(1, 6),
    team=st.none() | st.sampled_from([10, 20, 30]),
    people=st.lists(
        st.builds(
            Person,
            pk=st.integers(1, 6),
            role=st.sampled_from(Role.values),
            team_id=st.none() | st.sampled_from([10, 20]),
            mails=st.just(frozenset()),
        ),
        unique_by=lambda person: person.pk,
    ),
)
def test_nobody_is_told_twice_and_nothing_that_matters_is_told_to_nobody(kind, owner, team, people):
    told = recipients(event(kind, owner=owner, team=team), people)
    assert len({person.pk for person in told}) == len(told)
    of_one = PERSONAL | {Kind.ASSIGNED, Kind.RECALLED, Kind.DISPUTE_DECIDED}
    if kind not in of_one and any(person.role == Role.SALES_MANAGER for person in people):
        assert told
    if kind not in OF_THE_MANAGER | {Kind.MENTIONED, Kind.ESCALATED}:
        assert {p.pk for p in told if p.pk == owner} == {p.pk for p in people if p.pk == owner}


@pytest.mark.parametrize("kind", sorted(REMINDERS))
def test_who_is_reminded_is_the_owner_alone(kind):
    assert recipients(event(kind, owner=1, team=10), [REP, LEAD, MANAGER]) == [REP]
    assert needs_leaders([event(kind, owner=None)]) is False


def test_a_note_is_told_to_those_it_mentions_but_not_to_who_wrote_it():
    note = event(Kind.MENTIONED, mentioned=[LEAD.pk, REP.pk])
    note.actor_id = REP.pk
    assert owners([note]) == {LEAD.pk}
    assert recipients(note, [REP, LEAD, MANAGER]) == [LEAD]
    assert recipients(event(Kind.MENTIONED), [REP, LEAD]) == []
