from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from leads.enums import Stage
from leads.models import Handoff, Qualification, Standing
from leads.queue import Day, Section, sections
from tests.factories import NOW

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
TODAY = Day(NOW, NOW + 14 * HOUR, 14 * DAY)


def standing(
    pk=1, *, touched=True, touched_at=NOW - HOUR, bant=None, timing="unknown", meets_at=None, care_until=None, **fields
):
    """A standing as the query hands it over, without a database behind it."""
    fields.setdefault("stage", Stage.MQL)
    fields.setdefault("handoff_open", fields["stage"] == Stage.MQL)
    row = Standing(lead_id=pk, **fields)
    row.handoff = Handoff(pk=pk, lead_id=pk, first_touch_at=NOW - HOUR if touched else None, care_until=care_until)
    answers = None if bant is None else Qualification(handoff=row.handoff, bant=bant, timing=timing)
    Handoff.qualification.related.set_cached_value(row.handoff, answers)
    row.touched_at, row.meets_at = touched_at, meets_at
    return row


def placed(*rows):
    found = sections(rows, day=TODAY)
    return {section: [row.standing.pk for row in found[section]] for section in Section if found[section]}


def test_untouched_hand_offs_come_first_by_what_falls_due():
    assert placed(
        standing(1, touched=False, sla_due_at=NOW + 2 * HOUR),
        standing(2, touched=False, sla_due_at=NOW - HOUR),
        standing(3, touched=False, sla_due_at=None),
        standing(4, touched=False, sla_due_at=NOW + 2 * HOUR, score=120),
    ) == {Section.FIRST_TOUCH: [2, 4, 1, 3]}


def test_call_backs_of_today_come_by_time_and_those_of_tomorrow_wait():
    assert placed(
        standing(1, next_step_at=NOW + 3 * HOUR),
        standing(2, next_step_at=NOW - 2 * DAY),
        standing(3, next_step_at=NOW + 2 * DAY),
        standing(4, stage=Stage.LEAD, next_step_at=NOW + HOUR),
        standing(5, stage=Stage.LEAD, next_step_at=NOW + 5 * DAY),
    ) == {Section.CALL_BACK: [2, 4, 1], Section.LATER: [3, 5]}


def test_a_warned_promise_beats_a_later_appointment():
    warned = {"sla_due_at": NOW + HOUR, "sla_warn_at": NOW - HOUR}
    assert placed(standing(1, next_step_at=NOW + 2 * DAY, **warned)) == {Section.DECIDE: [1]}


def test_hand_offs_in_talk_wait_for_a_verdict():
    assert placed(standing(1), standing(2, sla_due_at=NOW + HOUR, sla_warn_at=NOW)) == {Section.DECIDE: [2, 1]}


def test_sqls_come_by_timing_then_bant_then_score():
    assert placed(
        standing(1, stage=Stage.SQL, bant=90, timing="over_6_months"),
        standing(2, stage=Stage.SQL, bant=60, timing="within_month"),
        standing(3, stage=Stage.SQL, bant=80, timing="within_month"),
        standing(4, stage=Stage.SQL, bant=80, timing="within_month", score=110),
        standing(5, stage=Stage.SQL, score=300),
        standing(6, stage=Stage.SQL, bant=10, next_step_at=NOW + 2 * DAY),
    ) == {Section.SQL: [4, 3, 2, 1, 6, 5]}


def test_sqls_nobody_touched_for_two_weeks_have_gone_quiet_longest_first():
    edge = NOW - TODAY.quiet_after
    assert placed(
        standing(1, stage=Stage.SQL, touched_at=edge - HOUR),
        standing(2, stage=Stage.SQL, touched_at=edge - DAY),
        standing(3, stage=Stage.SQL, touched_at=edge),
    ) == {Section.SQL: [3], Section.QUIET: [2, 1]}


def test_appointments_of_today_and_unclosed_ones_come_by_time():
    assert placed(
        standing(1, stage=Stage.SQL, meets_at=NOW + HOUR),
        standing(2, stage=Stage.LEAD, meets_at=NOW - DAY),
        standing(3, stage=Stage.SQL, meets_at=NOW + 2 * DAY),
        standing(4, stage=Stage.SQL, meets_at=NOW + HOUR, next_step_at=NOW),
    ) == {Section.CALL_BACK: [4], Section.APPOINTMENT: [2, 1], Section.SQL: [3]}


def test_care_that_has_ended_asks_for_a_decision():
    assert placed(
        standing(1, stage=Stage.SQL, care_until=NOW),
        standing(2, stage=Stage.SQL, care_until=NOW + HOUR),
        standing(3, stage=Stage.SQL, care_until=NOW - DAY, touched_at=NOW - 40 * DAY),
    ) == {Section.CARE: [1, 3], Section.SQL: [2]}


@given(
    st.lists(
        st.builds(
            standing,
            pk=st.integers(1, 10**6),
            touched=st.booleans(),
            stage=st.sampled_from([Stage.MQL, Stage.SQL, Stage.LEAD]),
            next_step_at=st.none() | st.sampled_from([NOW - DAY, NOW + HOUR, NOW + 3 * DAY]),
            sla_due_at=st.none() | st.sampled_from([NOW - HOUR, NOW + HOUR]),
            touched_at=st.sampled_from([NOW, NOW - 30 * DAY]),
            meets_at=st.none() | st.sampled_from([NOW - DAY, NOW + HOUR, NOW + 3 * DAY]),
            care_until=st.none() | st.sampled_from([NOW - DAY, NOW + DAY]),
        ),
        max_size=20,
    )
)
def test_every_lead_is_in_exactly_one_section(rows):
    found = sections(rows, day=TODAY)
    assert sum(len(section) for section in found.values()) == len(rows)
    assert all(row.section == section for section, members in found.items() for row in members)
