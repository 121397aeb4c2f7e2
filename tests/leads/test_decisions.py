from datetime import date, timedelta

import pytest

from core.errors import Conflict, Invalid
from leads.decisions import decide
from leads.enums import Outcome, Stage, Status
from leads.models import Event, Handoff, Qualification, Standing
from leads.qualification import save_qualification
from tests.factories import GOOD_ANSWERS, NOW, accept, make_handoff, make_lead, make_user

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(hours=1)


def standing(lead_id: int) -> Standing:
    return Standing.objects.get(pk=lead_id)


def moves() -> list[tuple[str, str]]:
    found = Event.objects.filter(kind="status.moved").order_by("pk").values_list("properties", flat=True)
    return [(p["from"], p["to"]) for p in found]


def test_accept_makes_an_sql_and_moves_it_to_potential_step_by_step():
    rep, handoff = make_user(), make_handoff()
    accept(handoff, by=rep, at=LATER)
    handoff.refresh_from_db()
    assert (handoff.outcome, handoff.decided_at, handoff.decided_by_id) == (Outcome.ACCEPTED, LATER, rep.pk)
    assert (standing(handoff.lead_id).stage, standing(handoff.lead_id).status) == (Stage.SQL, Status.POTENTIAL)
    assert moves() == [("new", "researched"), ("researched", "potential")]


def test_accept_with_strong_bant_within_a_month_goes_on_to_hot():
    handoff = make_handoff()
    accept(handoff, at=LATER, budget="available", need="urgent", timing="within_month")
    assert standing(handoff.lead_id).status == Status.HOT
    assert moves()[-1] == ("potential", "hot")


def test_accept_names_everything_that_is_missing():
    handoff = make_handoff()
    with pytest.raises(Invalid) as refusal:
        decide(handoff.lead_id, by=make_user(), at=LATER, outcome="accept")
    assert refusal.value.code == "not_qualified"
    assert refusal.value.extra["missing"] == ["right_phone", "right_name", "right_need", "agreed_to_talk", "bant"]
    assert Handoff.objects.get().outcome == Outcome.OPEN


def test_recycle_returns_the_lead_without_owner_and_with_a_wake_up_date():
    rep = make_user()
    handoff = make_handoff()
    assert handoff.owner_id == rep.pk
    decide(
        handoff.lead_id,
        by=rep,
        at=LATER,
        outcome="recycle",
        reason="bad_timing",
        note="Quý sau",
        wake_on=date(2027, 1, 5),
    )
    row = standing(handoff.lead_id)
    assert (row.owner_id, row.team_id, row.wake_on, row.handoff_open) == (None, None, date(2027, 1, 5), False)
    assert row.stage in {Stage.CONTACT, Stage.PROSPECT, Stage.LEAD}
    event = Event.objects.get(kind="handoff.recycled")
    assert (event.properties["reason"], event.properties["score_to"]) == ("bad_timing", 50)


def test_discard_disqualifies():
    handoff = make_handoff()
    decide(handoff.lead_id, by=make_user(), at=LATER, outcome="discard", reason="competitor")
    row = standing(handoff.lead_id)
    assert (row.status, row.stage) == (Status.WRONG_TARGET, Stage.DISQUALIFIED)
    assert Handoff.objects.get().outcome == Outcome.DISCARDED


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"outcome": "maybe"}, "outcome"),
        ({"outcome": "recycle"}, "reason"),
        ({"outcome": "discard", "reason": "bored"}, "reason"),
        ({"outcome": "recycle", "reason": "other", "note": " "}, "note"),
    ],
)
def test_decision_that_says_too_little_is_refused(given, field):
    handoff = make_handoff()
    with pytest.raises(Invalid) as refusal:
        decide(handoff.lead_id, by=make_user(), at=LATER, **given)
    assert refusal.value.field == field


def test_second_decision_is_a_conflict():
    handoff = make_handoff()
    accept(handoff)
    with pytest.raises(Conflict):
        decide(handoff.lead_id, by=make_user(), at=LATER, outcome="discard", reason="competitor")


def test_recycled_lead_gets_a_second_cycle():
    first = make_handoff()
    decide(first.lead_id, by=make_user(), at=LATER, outcome="recycle", reason="no_budget")
    second = make_handoff(lead=first.lead, at=LATER + timedelta(days=40))
    assert (second.cycle, Handoff.objects.count()) == (2, 2)


def test_qualification_keeps_answers_not_given_again():
    rep, handoff = make_user(), make_handoff()
    save_qualification(handoff.lead_id, by=rep, at=LATER, answers={"budget": "available", "budget_note": "200 triệu"})
    saved = save_qualification(handoff.lead_id, by=rep, at=LATER, answers={"need": "urgent", "right_phone": None})
    assert (saved.bant, saved.budget_note, Qualification.objects.count()) == (50, "200 triệu", 1)


def test_qualification_of_an_accepted_lead_can_still_be_corrected():
    handoff = make_handoff()
    accept(handoff)
    assert save_qualification(handoff.lead_id, by=None, at=LATER, answers={"budget": "none"}).bant == 68


def test_qualification_without_handoff_is_a_conflict():
    with pytest.raises(Conflict):
        save_qualification(make_lead().pk, by=None, at=NOW, answers=GOOD_ANSWERS)


@pytest.mark.parametrize(
    "answers",
    [
        {"budget": "huge"}, {"budget": 5}, {"right_phone": "yes"}, {"budget_amount": -1}, {"budget_amount": 1.5},
        {"budget_amount": True}, {"bant": 100},
    ],
)  # fmt: skip
def test_qualification_refuses_what_is_no_answer(answers):
    handoff = make_handoff()
    with pytest.raises(Invalid) as refusal:
        save_qualification(handoff.lead_id, by=None, at=NOW, answers=answers)
    assert refusal.value.field == next(iter(answers))
    assert not Qualification.objects.exists()


def test_qualification_takes_an_empty_amount():
    handoff = make_handoff()
    assert save_qualification(handoff.lead_id, by=None, at=NOW, answers={"budget_amount": None}).budget_amount is None
