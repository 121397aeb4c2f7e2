from datetime import UTC, datetime, timedelta

import pytest

from accounts.availability import office_hours
from leads.assignment import reassign
from leads.calls import log_call
from leads.decisions import decide
from sla.enums import Segment, State
from sla.office import add_special_day
from sla.queries import SlaSummary, Tally, first_touch_due, lead_clocks, sla_summary, working_calendar
from sla.sweep import sweep
from tests.factories import NOW, make_lead, make_user
from tests.sla.makers import MINUTE, make_clock, offer

pytestmark = pytest.mark.django_db

DAY = {"since": NOW, "until": NOW + timedelta(days=1)}


def test_summary_of_an_empty_period_has_no_share():
    summary = sla_summary(**DAY)
    assert summary == SlaSummary()
    assert summary.total.share is None


def test_summary_counts_kept_broken_running_and_ended():
    rep = make_user()
    kept, broken, ended, _running = (make_clock() for _n in range(4))
    log_call(kept.lead_id, by=rep, at=NOW + MINUTE, outcome="no_answer")
    log_call(broken.lead_id, by=rep, at=NOW + 130 * MINUTE, outcome="no_answer")
    decide(ended.lead_id, by=rep, at=NOW + MINUTE, outcome="discard", reason="duplicate")
    summary = sla_summary(**DAY)
    assert summary.total == Tally(kept=1, broken=1, running=1, ended=1)
    assert summary.total.share == 0.5
    assert summary.by_owner == {rep.pk: summary.total}
    assert summary.by_team == {rep.team_id: summary.total}
    assert summary.breaches == {Segment.REP: 1}


def test_summary_blames_who_had_it_at_the_due_time():
    first = make_user()
    clock = make_clock()
    second = make_user()
    reassign([clock.lead_id], to=second, by=None, at=NOW + 130 * MINUTE)
    log_call(clock.lead_id, by=second, at=NOW + 131 * MINUTE, outcome="reached")
    assert sla_summary(**DAY).by_owner == {first.pk: Tally(broken=1)}


def test_summary_names_the_queue():
    make_clock()
    sweep(at=NOW + timedelta(days=1))
    summary = sla_summary(**DAY)
    assert (summary.by_owner, summary.by_team) == ({None: Tally(broken=1)}, {None: Tally(broken=1)})
    assert summary.breaches == {Segment.QUEUE: 1}


def test_summary_adds_up_breaches_of_several_reps():
    team = make_user().team
    make_user(team=team)
    offer(*[make_lead() for _n in range(4)])
    sweep(at=NOW + timedelta(days=1))
    assert sla_summary(**DAY).breaches == {Segment.REP: 4}


def test_summary_of_one_team_leaves_the_others_out():
    rep = make_user()
    make_clock()
    stranger = make_user()
    assert sla_summary(**DAY, team=rep.team).total == Tally(running=1)
    assert sla_summary(**DAY, team=stranger.team).total == Tally()


def test_summary_goes_by_the_due_time_and_leaves_out_its_end():
    clock = make_clock()
    assert sla_summary(since=clock.due_at, until=clock.due_at + MINUTE).total == Tally(running=1)
    assert sla_summary(since=NOW, until=clock.due_at).total == Tally()


def test_summary_is_one_query(django_assert_num_queries):
    offer(*[make_lead() for _n in range(5)])
    with django_assert_num_queries(1):
        sla_summary(**DAY)


def test_first_touch_due_gives_each_handoff_its_time():
    clock = make_clock()
    assert first_touch_due([clock.handoff_id, 0]) == {clock.handoff_id: clock.due_at}


def test_lead_clocks_tell_the_running_one_from_those_that_are_over():
    rep = make_user()
    old = make_clock()
    log_call(old.lead_id, by=rep, at=NOW + 7 * MINUTE, outcome="reached")
    decide(old.lead_id, by=rep, at=NOW + 8 * MINUTE, outcome="recycle", reason="bad_timing")
    offer(old.lead, at=NOW + timedelta(days=7))
    clocks = lead_clocks(old.lead, at=NOW + timedelta(days=7), office=office_hours())
    assert [(x.state, x.taken, x.responsible) for x in clocks.running] == [(State.OK, None, rep)]
    assert [(x.state, x.taken, x.responsible) for x in clocks.over] == [(State.KEPT, 7 * MINUTE, rep)]


def test_lead_clocks_count_business_time_only():
    clock = make_clock()
    log_call(clock.lead_id, by=make_user(), at=NOW + 240 * MINUTE, outcome="reached")
    (line,) = lead_clocks(clock.lead, at=NOW, office=office_hours()).over
    assert (line.state, line.taken, line.responsible) == (State.LATE, 180 * MINUTE, None)


def test_lead_without_clocks_has_none():
    clocks = lead_clocks(make_lead(), at=NOW, office=office_hours())
    assert (clocks.running, clocks.over) == ([], [])


def test_working_calendar_lists_two_years():
    add_special_day(datetime(2026, 11, 28, tzinfo=UTC).date(), name="Làm bù", working=True, by=None, at=NOW)
    calendar = working_calendar(office_hours(), at=NOW, year=2026)
    assert [len(hours) for _name, hours in calendar.week] == [2, 2, 2, 2, 2, 0, 0]
    assert [year for year, _days in calendar.years] == [2026, 2027]
    assert all(day.day.year == year for year, days in calendar.years for day in days)
    assert [day.name for day in calendar.years[0][1] if day.own] == ["Làm bù"]
    assert (calendar.open_now, calendar.changed.version) == (True, 1)
