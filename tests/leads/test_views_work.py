from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.enums import Role
from leads.enums import Outcome, Stage, Status
from leads.models import Call, Handoff, Qualification, Standing
from leads.qualification import save_qualification
from tests.factories import GOOD_ANSWERS, make_user
from tests.pages import EARLIER, HTMX, as_role, lead_of, said, signals

pytestmark = pytest.mark.django_db
ANSWERS = {k: {True: "true", False: "false"}.get(v, v) for k, v in GOOD_ANSWERS.items()}


@pytest.fixture
def rep():
    return as_role()


def test_call_is_logged_and_the_page_is_told(rep):
    client, user = rep
    lead = lead_of(user)
    sent = {"outcome": "reached", "minutes": "12", "note": "Rất quan tâm", "direction": "outbound"}
    response = client.post(f"/leads/{lead.pk}/call/", sent, headers=HTMX)
    assert response.status_code == 204
    assert set(signals(response)) == {"toast", "close-dialog", "lead-changed"}
    assert said(response) == "Đã ghi cuộc gọi: Gặp khách"
    call = Call.objects.get()
    assert (call.by, call.duration_seconds, call.note, call.outcome) == (user, 720, "Rất quan tâm", "reached")
    assert Standing.objects.get(pk=lead.pk).status == Status.RESEARCHED


def test_call_without_javascript_comes_back_to_the_lead(rep):
    client, user = rep
    lead = lead_of(user)
    response = client.post(f"/leads/{lead.pk}/call/", {"outcome": "no_answer"}, follow=True)
    assert response.redirect_chain == [(f"/leads/{lead.pk}/", 302)]
    assert "Đã ghi cuộc gọi: Không nghe máy" in response.content.decode()
    assert Call.objects.get().duration_seconds == 0


def test_call_back_keeps_its_time_and_others_ignore_the_suggestion(rep):
    client, user = rep
    lead = lead_of(user)
    at = timezone.localtime(timezone.now() + timedelta(days=1)).replace(second=0, microsecond=0)
    typed = at.strftime("%Y-%m-%dT%H:%M")
    client.post(f"/leads/{lead.pk}/call/", {"outcome": "busy", "callback_at": typed}, headers=HTMX)
    assert Call.objects.get().callback_at is None
    client.post(f"/leads/{lead.pk}/call/", {"outcome": "callback", "callback_at": typed}, headers=HTMX)
    assert Call.objects.latest("pk").callback_at == at
    assert Standing.objects.get(pk=lead.pk).next_step_at == at


def test_call_back_in_the_past_is_refused_beside_its_field_and_keeps_the_note(rep):
    client, user = rep
    lead = lead_of(user)
    sent = {"outcome": "callback", "callback_at": "2020-01-01T09:00", "note": "đừng mất"}
    response = client.post(f"/leads/{lead.pk}/call/", sent, headers={**HTMX, "HX-Target": "lead-call"})
    page = response.content.decode()
    assert response.status_code == 422
    assert 'id="lead-call"' in page
    assert "đừng mất" in page
    assert "Hãy chọn lúc gọi lại; phải là thời điểm sắp tới." in page
    assert Call.objects.count() == 0


def test_a_bad_suggestion_does_not_hinder_another_outcome(rep):
    client, user = rep
    lead = lead_of(user)
    response = client.post(f"/leads/{lead.pk}/call/", {"outcome": "busy", "callback_at": "mai"}, headers=HTMX)
    assert response.status_code == 204


def test_call_without_outcome_is_refused_on_a_page_of_its_own(rep):
    client, user = rep
    lead = lead_of(user)
    response = client.post(f"/leads/{lead.pk}/call/", {"note": "đừng mất"})
    page = response.content.decode()
    assert response.status_code == 422
    assert "<html" in page
    assert "đừng mất" in page


def test_call_dialog_opens_from_the_queue(rep):
    client, user = rep
    lead = lead_of(user)
    page = client.get(f"/leads/{lead.pk}/call/", headers=HTMX).content.decode()
    assert page.count("<dialog") == 1
    assert "data-auto" in page
    assert [
        outcome
        for outcome in ("reached", "no_answer", "busy", "wrong_number", "callback")
        if f'value="{outcome}"' in page
    ] == [
        "reached",
        "no_answer",
        "busy",
        "wrong_number",
        "callback",
    ]


def test_bant_is_saved_as_a_draft(rep):
    client, user = rep
    lead = lead_of(user)
    sent = {"budget": "planned", "budget_amount": "350.000.000", "right_phone": "true", "need_note": "Đang dùng Excel"}
    response = client.post(f"/leads/{lead.pk}/bant/", sent, headers=HTMX)
    assert (response.status_code, said(response)) == (204, "Đã lưu BANT.")
    saved = Qualification.objects.get()
    assert (saved.bant, saved.budget_amount, saved.right_phone, saved.right_name) == (15, 350_000_000, True, None)
    assert (saved.need, saved.need_note, saved.saved_by) == ("unknown", "Đang dùng Excel", user)


def test_bant_and_accept_in_one_go(rep):
    client, user = rep
    lead = lead_of(user)
    response = client.post(f"/leads/{lead.pk}/bant/", {**ANSWERS, "then": "accept"}, headers=HTMX)
    assert said(response) == "Đã nhận: lead này giờ là SQL."
    standing = Standing.objects.get(pk=lead.pk)
    assert (standing.stage, standing.status) == (Stage.SQL, Status.POTENTIAL)


def test_accept_too_early_keeps_the_answers_and_says_what_is_missing(rep):
    client, user = rep
    lead = lead_of(user)
    response = client.post(f"/leads/{lead.pk}/bant/", {"budget": "available", "then": "accept"}, headers=HTMX)
    page = response.content.decode()
    assert response.status_code == 422
    assert 'id="lead-bant"' in page
    assert "Chưa đủ để nhận." in page
    assert Qualification.objects.get().bant == 25
    again = client.post(f"/leads/{lead.pk}/bant/", {"budget": "available", "then": "accept"})
    assert (again.status_code, "<html" in again.content.decode()) == (422, True)


def test_bant_of_a_colleague_meanwhile_is_not_overwritten_unseen(rep):
    client, user = rep
    lead = lead_of(user)
    client.post(f"/leads/{lead.pk}/bant/", {"need": "vague"}, headers=HTMX)
    seen = Qualification.objects.get().saved_at.isoformat()
    colleague = make_user(Role.TEAM_LEAD, team=user.team, on_duty=False)
    save_qualification(lead.pk, by=colleague, at=timezone.now(), answers={"need": "urgent"})
    mine = {"need": "clear", "need_note": "của tôi", "seen": seen}
    response = client.post(f"/leads/{lead.pk}/bant/", mine, headers=HTMX)
    page = response.content.decode()
    assert response.status_code == 422
    assert "Trong lúc đó đồng nghiệp đã lưu câu trả lời khác." in page
    assert "của tôi" in page
    assert Qualification.objects.get().need == "urgent"
    told = Qualification.objects.get().saved_at.isoformat()
    assert told in page
    assert client.post(f"/leads/{lead.pk}/bant/", {**mine, "seen": told}, headers=HTMX).status_code == 204
    assert Qualification.objects.get().need == "clear"


@pytest.mark.parametrize("wrong", [{"budget": "gold"}, {"budget_amount": "nhiều"}])
def test_bant_with_an_answer_that_is_none_is_refused(rep, wrong):
    client, user = rep
    lead = lead_of(user)
    assert client.post(f"/leads/{lead.pk}/bant/", wrong, headers=HTMX).status_code == 422
    assert Qualification.objects.count() == 0


def test_recycle_asks_why_and_when(rep):
    client, user = rep
    lead = lead_of(user)
    url = f"/leads/{lead.pk}/decision/recycle/"
    dialog = client.get(url, headers=HTMX).content.decode()
    assert ('name="reason"' in dialog, 'name="wake_on"' in dialog) == (True, True)
    wake = timezone.localdate() + timedelta(days=30)
    sent = {"reason": "no_budget", "note": "Quý sau", "wake_on": wake.isoformat()}
    assert said(client.post(url, sent, headers=HTMX)) == "Đã quyết định: Trả về Marketing"
    handoff = Handoff.objects.get()
    assert (handoff.outcome, handoff.reason, handoff.note) == (Outcome.RECYCLED, "no_budget", "Quý sau")
    assert (Standing.objects.get(pk=lead.pk).wake_on, Standing.objects.get(pk=lead.pk).owner) == (wake, None)


@pytest.mark.parametrize(
    ("sent", "problem"),
    [
        ({"reason": ""}, "Hãy chọn lý do."),
        ({"reason": "other", "note": " "}, "Hãy viết lý do vào ghi chú."),
        ({"reason": "no_need", "wake_on": "2020-01-01"}, "Hãy chọn một ngày sắp tới."),
    ],
)
def test_recycle_says_what_is_missing(rep, sent, problem):
    client, user = rep
    lead = lead_of(user)
    response = client.post(f"/leads/{lead.pk}/decision/recycle/", sent, headers=HTMX)
    assert (response.status_code, problem in response.content.decode()) == (422, True)
    assert Handoff.objects.get().outcome == Outcome.OPEN


def test_discard_closes_the_lead_and_a_second_decision_finds_nothing(rep):
    client, user = rep
    lead = lead_of(user)
    url = f"/leads/{lead.pk}/decision/discard/"
    assert "wake_on" not in client.get(url).content.decode()
    response = client.post(url, {"reason": "out_of_target"})
    assert response.url == f"/leads/{lead.pk}/"
    assert Standing.objects.get(pk=lead.pk).stage == Stage.DISQUALIFIED
    again = client.post(url, {"reason": "out_of_target"}, headers=HTMX)
    assert (again.status_code, "không có bàn giao đang mở" in again.content.decode()) == (422, True)


def test_accept_by_its_own_dialog_says_what_is_missing(rep):
    client, user = rep
    lead = lead_of(user)
    page = client.get(f"/leads/{lead.pk}/decision/accept/", headers=HTMX).content.decode()
    assert "Còn thiếu để nhận:" in page
    assert 'name="reason"' not in page
    save_qualification(lead.pk, by=user, at=EARLIER + timedelta(minutes=5), answers=GOOD_ANSWERS)
    assert "của bạn để chốt" in client.get(f"/leads/{lead.pk}/decision/accept/", headers=HTMX).content.decode()
    assert client.post(f"/leads/{lead.pk}/decision/accept/", headers=HTMX).status_code == 204


def test_a_decision_nobody_knows_is_not_there(rep):
    client, user = rep
    assert client.get(f"/leads/{lead_of(user).pk}/decision/eat/").status_code == 404


@pytest.mark.parametrize("role", [Role.MARKETER, Role.MARKETING_MANAGER])
@pytest.mark.parametrize("path", ["call/", "bant/", "decision/accept/", "status/hot/"])
def test_marketing_does_not_do_the_work_of_sales(role, path):
    _client, owner = as_role()
    lead = lead_of(owner)
    client, _user = as_role(role)
    assert client.post(f"/leads/{lead.pk}/{path}").status_code == 403
