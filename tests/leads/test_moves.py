from datetime import timedelta

import pytest

from accounts.enums import Role
from core.errors import IllegalMove, Invalid
from leads.calls import log_call
from leads.enums import Outcome, Stage, Status
from leads.models import Event, Handoff, Standing
from leads.moves import move_status
from tests.factories import NOW, accept, make_handoff, make_lead, make_user

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(hours=1)


def standing(lead_id: int) -> Standing:
    return Standing.objects.get(pk=lead_id)


def won_lead(rep) -> Handoff:
    handoff = make_handoff()
    accept(handoff, by=rep)
    move_status(handoff.lead_id, "hot", by=rep, at=LATER)
    move_status(handoff.lead_id, "won", by=rep, at=LATER, amount=120_000_000)
    return Handoff.objects.get(pk=handoff.pk)


def test_move_records_who_when_from_to_and_seconds():
    rep, lead = make_user(), make_lead()
    move_status(lead.pk, "researched", by=rep, at=NOW + timedelta(seconds=90))
    event = Event.objects.get(kind="status.moved")
    assert event.properties == {"from": "new", "to": "researched", "reason": "", "seconds": 90}
    assert (event.actor_id, event.occurred_at) == (rep.pk, NOW + timedelta(seconds=90))
    assert standing(lead.pk).status_since == NOW + timedelta(seconds=90)


def test_move_not_in_the_chain_is_refused_with_the_legal_ones():
    lead = make_lead()
    with pytest.raises(IllegalMove) as refusal:
        move_status(lead.pk, "won", by=make_user(), at=LATER, amount=5)
    assert refusal.value.code == "illegal_transition"
    assert refusal.value.extra == {"legal": ["researched", "wrong_target"]}
    assert standing(lead.pk).status == Status.NEW


def test_move_to_a_status_nobody_knows_is_refused():
    with pytest.raises(IllegalMove):
        move_status(make_lead().pk, "sold\x00", by=None, at=LATER)


def test_move_without_its_reason_is_refused():
    with pytest.raises(Invalid) as refusal:
        move_status(make_lead().pk, "wrong_target", by=make_user(), at=LATER, reason="  ")
    assert (refusal.value.code, refusal.value.field) == ("reason_required", "reason")


def test_unreachable_needs_a_failed_attempt():
    rep, lead = make_user(), make_lead()
    with pytest.raises(IllegalMove):
        move_status(lead.pk, "unreachable", by=rep, at=LATER)
    log_call(lead.pk, by=rep, at=LATER, outcome="busy")
    move_status(lead.pk, "unreachable", by=rep, at=LATER)
    assert standing(lead.pk).status == Status.UNREACHABLE


def test_wrong_target_discards_the_open_handoff_with_the_typed_reason():
    rep, handoff = make_user(), make_handoff()
    move_status(handoff.lead_id, "wrong_target", by=rep, at=LATER, reason="Sinh viên làm bài tập")
    handoff.refresh_from_db()
    assert (handoff.outcome, handoff.reason, handoff.note) == (Outcome.DISCARDED, "other", "Sinh viên làm bài tập")
    assert (standing(handoff.lead_id).status, standing(handoff.lead_id).stage) == ("wrong_target", "disqualified")


def test_wrong_target_with_a_coded_reason_keeps_the_code():
    handoff = make_handoff()
    move_status(handoff.lead_id, "wrong_target", by=make_user(), at=LATER, reason="out_of_target")
    handoff.refresh_from_db()
    assert (handoff.reason, handoff.note) == ("out_of_target", "")


def test_wrong_target_without_handoff_only_disqualifies():
    lead = make_lead()
    move_status(lead.pk, "wrong_target", by=make_user(), at=LATER, reason="Đối thủ")
    assert (standing(lead.pk).status, standing(lead.pk).stage) == (Status.WRONG_TARGET, Stage.DISQUALIFIED)
    assert not Handoff.objects.exists()


def test_won_writes_the_contract_on_the_handoff_and_makes_a_customer():
    handoff = won_lead(make_user())
    assert (handoff.won_at, handoff.revenue) == (LATER, 120_000_000)
    row = standing(handoff.lead_id)
    assert (row.status, row.stage, row.won_amount) == (Status.WON, Stage.CUSTOMER, 120_000_000)


@pytest.mark.parametrize("amount", [None, 0, -5, True, 10**16])
def test_won_needs_an_amount(amount):
    rep, handoff = make_user(), make_handoff()
    accept(handoff, by=rep)
    move_status(handoff.lead_id, "hot", by=rep, at=LATER)
    with pytest.raises(Invalid) as refusal:
        move_status(handoff.lead_id, "won", by=rep, at=LATER, amount=amount)
    assert refusal.value.code == "amount_required"
    assert standing(handoff.lead_id).status == Status.HOT


def test_fallen_through_contract_is_reopened_by_a_manager_only():
    rep = make_user()
    handoff = won_lead(rep)
    with pytest.raises(IllegalMove):
        move_status(handoff.lead_id, "hot", by=rep, at=LATER, reason="Khách hủy")
    move_status(handoff.lead_id, "hot", by=make_user(Role.SALES_MANAGER), at=LATER, reason="Khách hủy")
    handoff.refresh_from_db()
    row = standing(handoff.lead_id)
    assert (handoff.won_at, handoff.revenue, row.stage, row.won_amount) == (None, None, Stage.SQL, None)


def test_manager_reopens_a_wrong_target():
    lead = make_lead()
    move_status(lead.pk, "wrong_target", by=make_user(), at=LATER, reason="Nhầm")
    move_status(lead.pk, "new", by=make_user(Role.SALES_MANAGER), at=LATER, reason="Gọi lại được")
    assert (standing(lead.pk).status, standing(lead.pk).stage) == (Status.NEW, Stage.CONTACT)
