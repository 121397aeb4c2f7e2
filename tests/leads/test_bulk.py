"""One act on many leads: what becomes of each, and taking it back."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.enums import Role
from core.errors import Conflict, Invalid
from leads.bulk.rows import CHUNK
from leads.bulk.selection import Selection, from_params, matching, ticked
from leads.bulk.undo import may_undo, undo
from leads.enums import JobPhase, Outcome, Status
from leads.events import Fact
from leads.jobs import row_counts, run_due, start
from leads.kinds import HANDOFF_POOLED, LEAD_ASSIGNED, LEAD_RELEASED
from leads.models import Event, Handoff, Lead, Standing
from leads.moves import move_many, move_status
from leads.tags import MOST_TAGS, tag_lead
from tests.factories import NOW, accept, make_handoff, make_lead, make_mql, make_team, make_user

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(hours=1)


def clock():
    return LATER


@pytest.fixture
def manager():
    return make_user(Role.SALES_MANAGER)


def do(kind, by, leads, **params):
    selection = leads if isinstance(leads, Selection) else ticked([lead.pk for lead in leads], at=NOW)
    params["selection"] = selection.as_params()
    return start(kind, by=by, at=LATER, title="Trial", params=params, at_once=clock)


def take_back(job, by):
    return undo(job, by=by, at=LATER, clock=clock)


def rows(job):
    """What became of each lead, with the reason."""
    return {row.lead_id: (row.outcome, row.reason) for row in job.rows.all()}


def standing(lead):
    return Standing.objects.get(pk=lead.pk)


def test_assign_gives_leads_and_handoffs_to_one_person(manager):
    free, pooled = make_lead(), make_mql()
    rep = make_user(Role.REP, on_duty=False)
    own = make_lead(by=rep)
    job = do("bulk.assign", manager, [free, pooled, own], owner=rep.pk)
    assert (job.phase, job.done, job.refused) == (JobPhase.DONE, 3, 0)
    assert rows(job) == {free.pk: ("done", ""), pooled.pk: ("done", ""), own.pk: ("same", "")}
    assert {standing(lead).owner_id for lead in (free, pooled, own)} == {rep.pk}
    assert Handoff.objects.get(lead=pooled).owner_id == rep.pk


def test_assign_is_undone_to_whoever_had_it_and_to_the_pool(manager):
    before, rep = make_user(Role.REP, on_duty=False), make_user(Role.REP, on_duty=False)
    had, free, pooled = make_lead(by=before), make_lead(), make_mql()
    job = do("bulk.assign", manager, [had, free, pooled], owner=rep.pk)
    back = take_back(job, manager)
    assert (back.phase, back.done, back.refused, back.undoes) == (JobPhase.DONE, 3, 0, job)
    assert [standing(lead).owner_id for lead in (had, free, pooled)] == [before.pk, None, None]
    handoff = Handoff.objects.get(lead=pooled)
    assert (handoff.owner, handoff.team, handoff.assigned_at, handoff.outcome) == (None, None, None, Outcome.OPEN)
    last = {e.lead_id: e.kind for e in Event.objects.order_by("id")}
    assert last == {had.pk: LEAD_ASSIGNED, free.pk: LEAD_RELEASED, pooled.pk: HANDOFF_POOLED}


def test_undo_leaves_alone_what_somebody_has_changed_since(manager):
    first, second = make_user(Role.REP, on_duty=False), make_user(Role.REP, on_duty=False)
    lead = make_lead()
    job = do("bulk.assign", manager, [lead], owner=first.pk)
    do("bulk.assign", manager, [lead], owner=second.pk)
    back = take_back(job, manager)
    assert rows(back) == {lead.pk: ("refused", "Đã có người thay đổi sau đó.")}
    assert standing(lead).owner_id == second.pk


def test_undo_gives_nothing_to_who_has_left(manager):
    gone, rep = make_user(Role.REP, on_duty=False), make_user(Role.REP, on_duty=False)
    lead = make_lead(by=gone)
    job = do("bulk.assign", manager, [lead], owner=rep.pk)
    type(gone).objects.filter(pk=gone.pk).update(is_active=False)
    assert rows(take_back(job, manager)) == {lead.pk: ("refused", "Người phụ trách trước đã nghỉ.")}


def test_assign_to_who_may_have_none_fails_with_the_reason():
    lead_of_team = make_user(Role.TEAM_LEAD)
    foreign = make_user(Role.REP, team=make_team())
    job = do("bulk.assign", lead_of_team, [make_mql()], owner=foreign.pk)
    assert (job.phase, job.last_error, job.done) == (JobPhase.FAILED, "Người này không (còn) nhận lead.", 0)


def test_leads_one_may_not_see_are_not_touched():
    rep, other = make_user(Role.REP, on_duty=False), make_user(Role.REP, on_duty=False)
    own, foreign = make_lead(by=rep), make_lead(by=other)
    job = do("bulk.tag", rep, [own, foreign], add=["vip"], remove=[])
    assert rows(job) == {own.pk: ("done", "")}
    assert Lead.objects.get(pk=foreign.pk).tags == []


def test_tags_are_pinned_unpinned_and_brought_back(manager):
    plain, tagged, full = make_lead(), make_lead(), make_lead()
    tag_lead(tagged.pk, by=None, at=NOW, add=["vip", "cũ"])
    tag_lead(full.pk, by=None, at=NOW, add=[str(n) for n in range(MOST_TAGS)])
    job = do("bulk.tag", manager, [plain, tagged, full], add=["vip"], remove=["cũ"])
    assert rows(job) == {
        plain.pk: ("done", ""),
        tagged.pk: ("done", ""),
        full.pk: ("refused", "Một lead có tối đa 30 thẻ."),
    }
    assert [Lead.objects.get(pk=lead.pk).tags for lead in (plain, tagged)] == [["vip"], ["vip"]]
    assert (job.done, job.refused) == (2, 1)
    assert take_back(job, manager).done == 2
    assert [Lead.objects.get(pk=lead.pk).tags for lead in (plain, tagged)] == [[], ["vip", "cũ"]]


def test_tags_that_are_there_change_nothing(manager):
    lead = make_lead()
    tag_lead(lead.pk, by=None, at=NOW, add=["vip"])
    job = do("bulk.tag", manager, [lead], add=["vip"], remove=[])
    assert rows(job) == {lead.pk: ("same", "")}
    assert may_undo(job) is False


def test_status_moves_where_the_chain_lets_and_says_why_not(manager):
    new, researched = make_lead(), make_lead()
    move_status(researched.pk, "researched", by=manager, at=NOW)
    job = do("bulk.status", manager, [new, researched], to="researched", reason="")
    assert rows(job) == {new.pk: ("done", ""), researched.pk: ("same", "")}
    other = do("bulk.status", manager, [new], to="hot", reason="")
    assert rows(other)[new.pk][0] == "refused"
    assert "Có thể chuyển" in rows(other)[new.pk][1] or "hot" not in rows(other)[new.pk][1]
    assert standing(new).status == Status.RESEARCHED


def test_status_without_its_reason_stays(manager):
    lead, discarded = make_lead(), make_handoff().lead
    job = do("bulk.status", manager, [lead, discarded], to="wrong_target", reason="")
    assert (job.done, job.refused) == (0, 2)
    job = do("bulk.status", manager, [lead, discarded], to="wrong_target", reason="Ngoài vùng")
    assert (job.done, {standing(one).stage for one in (lead, discarded)}) == (2, {"disqualified"})
    assert Handoff.objects.get(lead=discarded).outcome == Outcome.DISCARDED
    reopened = do("bulk.status", manager, [lead], to="new", reason="Nhầm")
    assert (reopened.done, standing(lead).status) == (1, Status.NEW)


def test_a_contract_is_taken_back_one_by_one(manager):
    rep = make_user()
    lead = accept(make_handoff(), by=rep).lead
    move_status(lead.pk, "hot", by=rep, at=NOW)
    move_status(lead.pk, "won", by=rep, at=NOW, amount=350_000_000)
    job = do("bulk.status", manager, [lead], to="hot", reason="Nhầm")
    assert rows(job) == {lead.pk: ("refused", "Huỷ hợp đồng phải làm ở trang của từng lead, không làm hàng loạt.")}
    assert (standing(lead).won_amount, Handoff.objects.get().revenue) == (350_000_000, 350_000_000)


def test_status_is_undone_where_the_chain_knows_the_way(manager):
    lead = make_lead()
    Standing.objects.filter(pk=lead.pk).update(status="potential", stage="sql")
    hot = do("bulk.status", manager, [lead], to="hot", reason="")
    back = take_back(hot, manager)
    assert (back.done, standing(lead).status) == (1, Status.POTENTIAL)
    fresh = make_lead()
    job = do("bulk.status", manager, [fresh], to="researched", reason="")
    back = take_back(job, manager)
    assert (back.refused, standing(fresh).status) == (1, Status.RESEARCHED)


def test_status_undo_leaves_what_moved_on(manager):
    lead = make_lead()
    job = do("bulk.status", manager, [lead], to="researched", reason="")
    move_status(lead.pk, "wrong_target", by=manager, at=LATER, reason="x")
    assert rows(take_back(job, manager)) == {lead.pk: ("refused", "Đã có người thay đổi sau đó.")}


def test_won_is_not_given_to_many(manager):
    lead = make_lead()
    Standing.objects.filter(pk=lead.pk).update(status="hot", stage="sql")
    refused = move_many([lead.pk], Status.WON, by=manager, at=NOW)
    assert refused[lead.pk].code == "amount_required"


def test_recycle_gives_open_handoffs_back_and_refuses_the_rest(manager):
    open_, none = make_handoff().lead, make_lead()
    job = do("bulk.recycle", manager, [open_, none], reason="bad_timing", note="")
    assert rows(job) == {
        open_.pk: ("done", ""),
        none.pk: ("refused", "Không có bàn giao nào đang mở để trả về."),
    }
    handoff = Handoff.objects.get(lead=open_)
    assert (handoff.outcome, handoff.reason, standing(open_).owner_id) == (Outcome.RECYCLED, "bad_timing", None)
    assert may_undo(job) is False
    with pytest.raises(Conflict):
        take_back(job, manager)


def test_nothing_is_undone_twice(manager):
    lead = make_lead()
    job = do("bulk.tag", manager, [lead], add=["a"], remove=[])
    take_back(job, manager)
    job.refresh_from_db()
    with pytest.raises(Conflict):
        take_back(type(job).objects.get(pk=job.pk), manager)


def test_undo_of_many_goes_to_the_workers(manager, monkeypatch):
    monkeypatch.setattr("leads.bulk.undo.AT_ONCE", 1)
    leads = [make_lead(), make_lead()]
    job = do("bulk.tag", manager, leads, add=["a"], remove=[])
    back = take_back(job, manager)
    assert back.phase == JobPhase.WAITING
    run_due(clock=clock)
    back.refresh_from_db()
    assert (back.phase, back.done, row_counts(back)["done"]) == (JobPhase.DONE, 2, 2)


def test_all_that_match_are_taken_as_they_stood(manager):
    old = make_lead(source="web")
    selection = matching(manager, {"source": "web"}, at=NOW)
    late, other = make_lead(source="web"), make_lead(source="zalo")
    job = do("bulk.tag", manager, selection, add=["x"], remove=[])
    assert rows(job) == {old.pk: ("done", "")}
    assert {Lead.objects.get(pk=lead.pk).tags == [] for lead in (late, other)} == {True}


def test_matching_refuses_a_filter_that_can_not_be(manager):
    with pytest.raises(Invalid):
        matching(manager, {"status": "lukewarm"}, at=NOW)


def test_matching_nothing_is_an_empty_selection(manager):
    selection = matching(manager, {"source": "nowhere"}, at=NOW)
    assert (selection.newest, selection.rows(manager).count()) == (0, 0)


def test_selection_survives_as_the_parameters_of_a_job(manager):
    for selection in (ticked([3, 1, 3], at=NOW), matching(manager, {"source": "web"}, at=NOW)):
        assert from_params(selection.as_params()) == selection
    assert ticked([3, 1, 3], at=NOW).ids == (1, 3)


def test_many_leads_go_in_chunks_with_a_fixed_number_of_statements(manager, django_assert_max_num_queries, monkeypatch):
    monkeypatch.setattr("leads.bulk.rows.CHUNK", 4)
    leads = [make_lead() for _n in range(8)]
    with django_assert_max_num_queries(70):
        job = do("bulk.tag", manager, leads, add=["x"], remove=[])
    assert (job.done, job.position) == (8, {"last": leads[-1].pk})
    assert CHUNK == 100


def test_a_chunk_costs_the_same_for_any_number_of_leads(manager):
    costs = []
    for count in (1, 6):
        leads = [make_lead() for _n in range(count)]
        with CaptureQueriesContext(connection) as queries:
            job = do("bulk.status", manager, leads, to="researched", reason="")
        assert job.done == count
        costs.append(len(queries))
    assert costs[0] == costs[1]


def test_release_says_who_had_it(manager):
    rep = make_user(Role.REP, on_duty=False)
    lead = make_lead()
    job = do("bulk.assign", manager, [lead], owner=rep.pk)
    take_back(job, manager)
    fact = Event.objects.get(kind=LEAD_RELEASED)
    assert (fact.properties, fact.actor) == ({"handoff": None, "previous": rep.pk}, manager)
    assert isinstance(Fact(lead.pk, LEAD_RELEASED, NOW), Fact)
