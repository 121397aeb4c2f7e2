"""A file from upload to leads, and back."""

from datetime import timedelta

import pytest

from leads.checks import violations as leads_violations
from leads.importing.work import Pace
from leads.models import Event, Handoff, Identity, ImportRow, Lead, Standing, Submission
from notifications.models import Delivery
from scoring.checks import violations as scoring_violations
from sla.checks import violations as sla_violations
from sla.models import Clock
from tests.factories import NOW, make_lead, make_user
from tests.leads.importing.files import bring_in, take_back

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(minutes=5)
HEADER = ["Họ tên", "Số điện thoại", "Email", "Công ty", "Nguồn"]


def sound(at=LATER):
    return [*leads_violations(at=at), *scoring_violations(at=at), *sla_violations(at=at)]


def test_new_leads_come_in_by_the_same_door():
    found = bring_in([HEADER, ["Nguyễn Văn An", "0912 345 678", "an@b.vn", "ACME", "hội chợ"], ["Lê B", "0987654321"]])
    assert (found.phase, found.rows, found.created, found.matched, found.rejected) == ("done", 2, 2, 0, 0)
    lead = Lead.objects.get(phone="+84912345678")
    assert (lead.name, lead.email, lead.company, lead.source) == ("Nguyễn Văn An", "an@b.vn", "ACME", "hội chợ")
    assert Submission.objects.filter(channel="import", lead=lead).count() == 1
    assert sound() == []


def test_undo_leaves_not_one_row():
    found = bring_in([HEADER, ["Nguyễn Văn An", "0912345678"], ["Trùng", "0912345678"]], tag="hội chợ")
    assert Lead.objects.get().tags == ["hội chợ"]
    undone = take_back(found, at=LATER)
    left = [m.objects.count() for m in (Lead, Standing, Event, Handoff, Identity, Submission, ImportRow)]
    assert (undone.phase, left, undone.undo_result["removed"]) == ("undone", [0] * 7, 1)


def test_a_matched_lead_becomes_what_it_was():
    lead = make_lead(phone="0912345678", name="An", source="web")
    before = Lead.objects.filter(pk=lead.pk).values().get(), Standing.objects.filter(pk=lead.pk).values().get()
    events = list(Event.objects.values_list("pk", flat=True))
    header = [*HEADER, "Mã khách hàng"]
    found = bring_in([header, ["An Nguyễn", "0912345678", "an@b.vn", "ACME", "x", "K1"]], at=LATER, tag="mới")
    assert (found.matched, Lead.objects.get().company, Lead.objects.get().tags) == (1, "ACME", ["mới"])
    undone = take_back(found, at=LATER + timedelta(minutes=1))
    after = Lead.objects.filter(pk=lead.pk).values().get(), Standing.objects.filter(pk=lead.pk).values().get()
    assert (after, undone.undo_result) == (before, {"removed": 0, "restored": 1, "kept": []} | undone.undo_result)
    assert (list(Event.objects.values_list("pk", flat=True)), Identity.objects.count()) == (events, 0)
    assert sound(LATER + timedelta(minutes=1)) == []


def test_a_matched_lead_that_was_handed_over_is_handed_back():
    make_user()  # somebody to hand it to
    lead = make_lead(phone="0912345678", name="An", source="web")
    before = Standing.objects.filter(pk=lead.pk).values().get()
    found = bring_in([HEADER, ["An", "0912345678", "an@b.vn"]], at=LATER, action="meeting.booked")
    standing = Standing.objects.get()
    assert (found.matched, standing.stage, standing.handoff_open, Clock.objects.count() > 0) == (1, "mql", True, True)
    undone = take_back(found, at=LATER + timedelta(minutes=1))
    left = [m.objects.count() for m in (Handoff, Clock, Delivery, ImportRow)]
    assert (undone.phase, left, undone.undo_result["restored"]) == ("undone", [0] * 4, 1)
    assert Standing.objects.filter(pk=lead.pk).values().get() == before
    assert sound(LATER + timedelta(minutes=1)) == []


def test_a_lead_somebody_worked_on_stays_and_is_named():
    from leads.tags import tag_lead

    found = bring_in([HEADER, ["An", "0912345678"], ["Bình", "0987654321"]])
    lead = Lead.objects.get(name="An")
    tag_lead(lead.pk, by=make_user(), at=LATER, add=["nóng"])
    undone = take_back(found, at=LATER + timedelta(minutes=1))
    assert (undone.undo_result["kept"], undone.undo_result["removed"]) == ([lead.pk], 1)
    assert list(Lead.objects.values_list("name", flat=True)) == ["An"]


def test_history_is_told_without_waking_anybody():
    rep = make_user("rep", full_name="Trần Huy")
    header = ["Mã KH", "Ngày tạo", "Ngày MQL", "Ngày chốt", "Giá trị hợp đồng", "Phụ trách", "Nguồn"]
    rows = [["K1", "01/02/2026", "05/02/2026", "20/02/2026", "350.000.000", "Trần Huy", "web"]]
    found = bring_in([header, *rows, ["K2", "01/02/2026", "03/02/2026", "", "", "", "web"]], name="crm.csv")
    assert (found.kind, found.created, found.warned, found.options["system"]) == ("history", 2, 0, "crm")
    won, unknown = Lead.objects.order_by("pk")
    handoff = Handoff.objects.get(lead=won)
    assert (handoff.outcome, handoff.revenue, handoff.owner) == ("accepted", 350_000_000, rep)
    standing = Standing.objects.get(pk=won.pk)
    assert (standing.status, standing.stage, standing.won_amount, standing.owner) == (
        "won",
        "customer",
        350_000_000,
        rep,
    )
    assert Handoff.objects.get(lead=unknown).outcome == "withdrawn"
    assert (Clock.objects.count(), Delivery.objects.count()) == (0, 0)
    assert sound() == []
    take_back(found, at=LATER)
    assert [m.objects.count() for m in (Lead, Standing, Event, Handoff, Identity, Submission)] == [0] * 6


WITH_ID = ["Họ tên", "Số điện thoại", "Mã khách hàng"]
AN = ["An", "0912345678", "K1"]


def test_a_line_that_says_the_same_again_meets_the_lead_of_the_first():
    found = bring_in([WITH_ID, AN, AN, ["Bình", "0987654321", "K2"]], tag="mới")
    rows = list(found.lines.order_by("number").values_list("fate", "lead_id", "submission_id"))
    an, binh = Lead.objects.get(name="An"), Lead.objects.get(name="Bình")
    assert [(fate, lead) for fate, lead, _sub in rows] == [("created", an.pk), ("matched", an.pk), ("created", binh.pk)]
    assert (rows[0][2] == rows[1][2], Submission.objects.count(), Submission.objects.exclude(state="done").count()) == (
        True,
        2,
        0,
    )
    assert sound() == []
    take_back(found, at=LATER)
    assert [m.objects.count() for m in (Lead, Event, Identity, Submission, ImportRow)] == [0] * 5


def test_the_same_file_again_changes_nothing_and_its_undo_leaves_what_the_first_made():
    first = bring_in([WITH_ID, AN])
    lead = Lead.objects.filter(name="An").values().get()
    again = bring_in([WITH_ID, AN], at=LATER, tag="hai lần")
    assert (again.created, again.matched, Submission.objects.count()) == (0, 1, 1)
    assert Lead.objects.get().tags == ["hai lần"]
    take_back(again, at=LATER + timedelta(minutes=1))
    assert Lead.objects.filter(name="An").values().get() == {**lead, "updated_at": Lead.objects.get().updated_at}
    take_back(first, at=LATER + timedelta(minutes=2))
    assert [m.objects.count() for m in (Lead, Event, Identity, Submission, ImportRow)] == [0] * 5


def test_steps_grow_while_they_are_quick_and_shrink_when_they_drag():
    pace, sizes = Pace(), []
    for seconds in (0, 1, 0, 0, 5, 7, 7, 7, 7):
        pace.took(timedelta(seconds=seconds))
        sizes.append(pace.lines)
    assert sizes == [2_000, 4_000, 8_000, 8_000, 8_000, 4_000, 2_000, 1_000, 1_000]


def test_several_steps_bring_in_every_line_once(monkeypatch):
    monkeypatch.setattr("leads.importing.work.Pace", lambda *_lines: Pace(2))
    found = bring_in([HEADER, *([f"Khách {n}", f"09{n:08d}"] for n in range(10000000, 10000011))])
    moments = Event.objects.filter(kind="lead.created").count()
    assert (found.created, found.job.done, moments, Standing.objects.count()) == (11, 11, 11, 11)
