from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leads.enums import Stage, Status
from leads.next_step import Facts, NextStep, Step, next_step
from tests.factories import NOW

DUE = NOW + timedelta(hours=2)
NURTURED = Facts(status=Status.NEW, stage=Stage.LEAD, score=60, mql=75)
OFFERED = replace(NURTURED, stage=Stage.MQL, score=80, handoff_open=True, owned=True, sla_due_at=DUE)


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        (NURTURED, NextStep(Step.NURTURE, points=15)),
        (replace(NURTURED, score=75), NextStep(Step.NURTURE)),
        (replace(NURTURED, wake_on=NOW.date()), NextStep(Step.WAKE, wake_on=NOW.date())),
        (replace(NURTURED, next_step_at=DUE), NextStep(Step.CALL_BACK, DUE)),
        (replace(OFFERED, owned=False), NextStep(Step.TAKE, DUE)),
        (OFFERED, NextStep(Step.FIRST_CALL, DUE)),
        (replace(OFFERED, touched=True, next_step_at=NOW), NextStep(Step.CALL_BACK, NOW)),
        (replace(OFFERED, touched=True), NextStep(Step.QUALIFY, DUE)),
        (replace(OFFERED, touched=True, ready=True), NextStep(Step.DECIDE, DUE)),
        (replace(NURTURED, stage=Stage.SQL, status=Status.POTENTIAL), NextStep(Step.ADVANCE)),
        (replace(NURTURED, stage=Stage.SQL, status=Status.HOT), NextStep(Step.CLOSE)),
        (replace(NURTURED, stage=Stage.SQL, status=Status.HOT, care_over=True), NextStep(Step.END_CARE)),
        (replace(NURTURED, stage=Stage.SQL, meets_at=DUE, care_over=True), NextStep(Step.MEET, DUE)),
        (replace(NURTURED, meets_at=DUE, next_step_at=NOW), NextStep(Step.CALL_BACK, NOW)),
        (replace(OFFERED, touched=True, meets_at=DUE), NextStep(Step.MEET, DUE)),
        (replace(NURTURED, stage=Stage.CUSTOMER, status=Status.WON), NextStep(Step.NONE)),
        (replace(NURTURED, stage=Stage.DISQUALIFIED, status=Status.WRONG_TARGET), NextStep(Step.NONE)),
    ],
)
def test_next_step_is_the_one_thing_to_do(facts, expected):
    assert next_step(facts) == expected


@given(
    st.builds(
        Facts,
        status=st.sampled_from(Status.values),
        stage=st.sampled_from(Stage.values),
        score=st.integers(0, 300),
        mql=st.just(75),
        handoff_open=st.booleans(),
        owned=st.booleans(),
        touched=st.booleans(),
        ready=st.booleans(),
    )
)
def test_next_step_always_answers_and_never_asks_for_negative_points(facts):
    answer = next_step(facts)
    assert answer.points >= 0
    assert (answer.step == Step.TAKE) == (facts.handoff_open and not facts.owned)
