"""Erasure: whatever the person ever said is found nowhere afterwards, and no figure moves."""

from datetime import date, timedelta
from pathlib import Path

import pytest
from django.apps import apps
from django.core.files.base import ContentFile
from django.db import connection

from accounts.enums import Role
from api.enums import Scope as KeyScope
from core.errors import Conflict, Invalid, NotFound
from leads.assigning.leaving import hand_over_all
from leads.bulk.selection import matching, ticked
from leads.bulk.undo import undo
from leads.enums import Outcome
from leads.erasure.carrying_out import carry_out
from leads.erasure.people import GONE, look_up
from leads.exporting import export_leads
from leads.files import attach
from leads.jobs import run_due, start
from leads.merging.joining import merge
from leads.models import Call, Event, Handoff, Lead, Merge, Standing, Submission
from leads.moves import move_status
from leads.requests.registering import Asked, erasure_of, register
from leads.requests.tables import tables
from leads.saved_views import save_view
from reports.invariants import violations
from sla.disputes import dispute_breach
from sla.models import Clock
from sla.sweep import sweep
from tests.api.caller import Caller
from tests.factories import NOW, accept, arrive, make_handoff, make_lead, make_mql, make_user
from tests.leads.importing.files import bring_in, match, upload
from tests.leads.whole_life import PNG, a_full_life

pytestmark = pytest.mark.django_db
THEN = NOW + timedelta(days=9)
TODAY = date(2026, 11, 23)
# Where an erasure finds the person and what is handed over does not look: copies for an undo, work of colleagues,
# answers kept for a sender.
NOT_THE_PERSONS = {"api_idempotencyrecord", "leads_import", "leads_job", "leads_merge", "leads_savedview"}
PHONE, NATIONAL = "+84912345678", "912345678"
CANARIES = ("kanarie", NATIONAL, "912 345 678", "912.345.678")


@pytest.fixture
def house(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


def sound():
    """Nobody sends mails here, so they wait."""
    return [line for line in violations(at=THEN) if not line.startswith("notifications: delivery")]


def delete(ground="asked", *, on=TODAY):
    return Asked(kind="delete", ground=ground, asked_on=on)


def erase_now(lead_id, *, by=None, at=THEN):
    by = by or make_user(Role.ADMIN)
    found = register(lead_id, delete(), by=by, at=at)
    job = carry_out(found, by=by, at=at, clock=lambda: at)
    found.refresh_from_db()
    return found, job


def start_bulk(kind, by, leads, **params):
    params["selection"] = ticked([lead.pk for lead in leads], at=NOW).as_params()
    return start(kind, by=by, at=THEN, title="x", params=params, at_once=lambda: THEN)


def traces(place: Path) -> list[str]:
    """Tables with the canary in any column, and files with it in name or content."""
    found = []
    with connection.cursor() as cursor:
        for model in apps.get_models(include_auto_created=True):
            table = model._meta.db_table
            columns = " || ' ' || ".join(
                f"coalesce(convert_from({f.column}, 'SQL_ASCII'), '')"
                if f.get_internal_type() == "BinaryField" and table.startswith("api")
                else f"coalesce(\"{f.column}\"::text, '')"
                for f in model._meta.concrete_fields
            )
            cursor.execute(f"SELECT {columns} FROM {table}")
            found += [table for (said,) in cursor.fetchall() if any(canary in said.lower() for canary in CANARIES)]
    for file in place.rglob("*"):
        if file.is_file() and (b"kanarie" in file.read_bytes() or "kanarie" in file.name):
            found.append(file.name)
    return found


def test_nothing_the_person_said_is_found_anywhere(house):
    rep, manager, admin = make_user(), make_user(Role.SALES_MANAGER), make_user(Role.ADMIN)
    lead = a_full_life(rep, manager)
    other = make_lead(name="Kanarie Cũ", email="kanarie.cu@anphat.example", source="Facebook")
    merge(lead.pk, other.pk, by=manager, at=NOW)
    wanted = matching(manager, {"q": "kanarie@anphat.example"}, at=NOW)
    export_leads(wanted, by=manager, at=NOW, keys=["name"], shape="csv", clock=lambda: NOW)
    save_view(by=manager, at=NOW, name="Tìm", share="mine", query="q=Nguy%E1%BB%85n+Kanarie+Anh&status=new")
    refused = ["Hỏng", "12", "như kanarie@anphat.example"]
    bring_in([["Tên", "SĐT", "Ghi chú"], ["Kanarie Anh", "0912.345.678", ""], refused])
    match(upload([["Tên", "SĐT"], ["Chưa chạy Kanarie", "0912 345 678"]], name="cho.csv"))
    Caller(KeyScope.LEADS_WRITE).post("leads/", {"name": "Kanarie", "phone": "0912345678"}, Idempotency_Key="k")
    before = traces(house)
    assert len(before) > 25
    told = {table.model._meta.db_table for table in tables()}
    assert {place for place in before if "." not in place} - told == NOT_THE_PERSONS
    erase_now(lead.pk, by=admin)
    assert traces(house) == []
    assert sound() == []


def test_counts_stay_and_the_proof_says_what_went(house):
    rep, manager = make_user(), make_user(Role.SALES_MANAGER)
    lead = a_full_life(rep, manager)
    before = Standing.objects.get(pk=lead.pk)
    kinds = sorted(Event.objects.filter(lead=lead).values_list("kind", flat=True))
    calls = list(Call.objects.filter(lead=lead).values_list("outcome", "occurred_at", "duration_seconds"))
    found, job = erase_now(lead.pk)
    gone, now = Lead.objects.get(pk=lead.pk), Standing.objects.get(pk=lead.pk)
    assert (gone.erased_at, gone.source, str(gone)) == (THEN, before.source, f"Người đã xoá #{lead.pk}")
    assert (now.status, now.stage, now.owner_id) == ("wrong_target", "disqualified", before.owner_id)
    later = ["lead.asked", "lead.erased", "status.moved"]
    assert sorted(Event.objects.filter(lead=lead).values_list("kind", flat=True)) == sorted([*kinds, *later])
    assert calls == list(Call.objects.filter(lead=lead).values_list("outcome", "occurred_at", "duration_seconds"))
    assert (found.closed_at, job.phase, found.held["files"], found.held["calls"]) == (THEN, "done", 1, 1)
    assert found.held["events"] == len(kinds) + 1  # that it was asked for
    assert Handoff.objects.get(lead=lead).outcome == Outcome.ACCEPTED


def test_an_open_handoff_is_withdrawn_and_its_clocks_end(house):
    handoff = make_handoff()
    erase_now(handoff.lead_id)
    handoff.refresh_from_db()
    assert (handoff.outcome, handoff.reason, handoff.decided_at) == (Outcome.WITHDRAWN, "other", THEN)
    assert Clock.objects.running().filter(lead=handoff.lead_id).count() == 0
    assert sound() == []


def test_a_customer_stays_won(house):
    handoff = accept(make_handoff(), by=make_user())
    move_status(handoff.lead_id, "hot", by=handoff.owner, at=NOW)
    move_status(handoff.lead_id, "won", by=handoff.owner, at=NOW, amount=5_000_000)
    erase_now(handoff.lead_id)
    now = Standing.objects.get(pk=handoff.lead_id)
    assert (now.status, now.stage, now.won_amount) == ("won", "customer", 5_000_000)
    assert sound() == []


def test_what_five_others_share_stays_countable(house):
    for _number in range(5):
        make_lead(city="Huế", product="CRM")
    make_lead(city="Huế", product="Riêng")
    erase_now(lead := make_lead(city="Huế", product="Riêng").pk)
    assert list(Lead.objects.filter(pk=lead).values_list("city", "product")) == [("Huế", "")]


def test_words_of_disputes_go(house):
    rep = make_user()
    handoff = make_handoff()
    sweep(at=NOW + timedelta(days=2))
    clock = Clock.objects.filter(lead=handoff.lead_id).exclude(breached_at=None)[0]
    dispute = dispute_breach(clock.pk, by=rep, at=NOW + timedelta(days=2), reason="kanarie bận")
    erase_now(handoff.lead_id)
    dispute.refresh_from_db()
    assert (dispute.reason, dispute.note) == ("–", "")


def test_request_is_kept_until_it_is_due(house):
    lead, admin = make_lead(), make_user(Role.ADMIN)
    found = register(lead.pk, delete("withdrawn"), by=admin, at=NOW)
    assert (found.due_on, found.closed_at) == (date(2026, 12, 13), None)
    again = register(lead.pk, delete(on=date(2026, 11, 20)), by=admin, at=THEN)
    assert (again.pk, again.due_on, again.at) == (found.pk, date(2026, 12, 10), NOW)
    assert erasure_of(lead) == found


def test_what_can_not_be(house):
    lead, admin = make_lead(), make_user(Role.ADMIN)
    with pytest.raises(Invalid) as refused:
        register(lead.pk, delete(on=date(2026, 12, 3)), by=admin, at=NOW)
    assert (refused.value.code, refused.value.field) == ("in_future", "asked_on")
    with pytest.raises(NotFound):
        register(lead.pk + 999, delete(), by=admin, at=NOW)
    found, _job = erase_now(lead.pk, by=admin)
    for act in (
        lambda: register(lead.pk, delete(), by=admin, at=THEN),
        lambda: carry_out(found, by=admin, at=THEN, clock=lambda: THEN),
    ):
        with pytest.raises(Conflict) as refused:
            act()
        assert refused.value.code == "already_erased"


def test_a_file_that_can_not_be_removed_now_is_tried_again(house, monkeypatch):
    lead = make_lead()
    attach(lead.pk, by=None, at=NOW, file=ContentFile(PNG, name="a.png"))
    with monkeypatch.context() as broken:
        broken.setattr("leads.erasure.work.default_storage.delete", lambda _name: 1 / 0)
        found, job = erase_now(lead.pk)
    assert (job.phase, found.closed_at, Lead.objects.get(pk=lead.pk).erased_at) == ("running", None, THEN)
    later = THEN + timedelta(hours=1)
    while run_due(clock=lambda: later):
        pass
    job.refresh_from_db()
    found.refresh_from_db()
    assert (job.phase, found.closed_at, traces(house)) == ("done", later, [])


def test_an_export_that_still_runs_is_stopped(house):
    lead, manager = make_lead(), make_user(Role.SALES_MANAGER)
    params = {"selection": matching(manager, {}, at=NOW).as_params(), "columns": ["name"], "shape": "csv"}
    running = start("leads.export", by=manager, at=NOW, title="x", params=params, total=1)
    erase_now(lead.pk)
    running.refresh_from_db()
    assert running.cancel_asked_at == THEN


@pytest.mark.parametrize(
    "query", ["0912 345 678", "kanarie@x.example", "nguyen kanarie", "+84912345678", "cu@x.example"]
)
def test_the_person_is_found_by_whatever_is_known(house, query):
    admin = make_user(Role.ADMIN)
    lead = make_lead(name="Nguyễn Kanarie", phone=PHONE, email="kanarie@x.example")
    merge(lead.pk, make_lead(name="Khác", email="cu@x.example").pk, by=None, at=NOW)
    assert [row.pk for row in look_up(query, user=admin)] == [lead.pk]


def test_looking_up_a_number_and_nobody(house):
    admin, lead = make_user(Role.ADMIN), make_lead()
    assert [row.pk for row in look_up(f"#{lead.pk}", user=admin)] == [lead.pk]
    assert (look_up("", user=admin), look_up("khong co ai", user=admin)) == ([], [])
    erase_now(lead.pk, by=admin)
    assert look_up(f"{lead.pk}", user=admin) == []


def test_who_enquires_again_is_somebody_new(house):
    lead = make_lead(phone=PHONE)
    erase_now(lead.pk)
    assert (arrive(phone=PHONE).outcome, Merge.objects.count(), Submission.objects.count()) == ("created", 0, 2)


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("PATCH", "", {"name": "kanarie"}),
        ("POST", "notes/", {"text": "kanarie"}),
        ("POST", "tags/", {"add": ["kanarie"]}),
        ("POST", "calls/", {"outcome": "reached"}),
        ("POST", "events/", {"type": "page_view"}),
        ("POST", "score/", {"points": 5, "reason": "kanarie"}),
    ],
)
def test_nothing_is_written_about_an_erased_person_over_the_api(house, method, path, body):
    lead = make_lead(phone=PHONE)
    erase_now(lead.pk)
    answer = Caller(KeyScope.ADMIN).send(method, f"leads/{lead.pk}/{path}", body)
    assert (answer.status_code, answer.data["code"]) == (409, "erased")
    assert Caller(KeyScope.ADMIN).get(f"leads/{lead.pk}/").status_code == 200


@pytest.mark.parametrize(
    ("kind", "params"),
    [
        ("bulk.assign", {}),
        ("bulk.tag", {"add": ["vip"], "remove": []}),
        ("bulk.status", {"to": "new", "reason": "x"}),
        ("bulk.recycle", {"reason": "timing", "note": ""}),
    ],
)
def test_many_leads_are_worked_but_not_who_was_erased(house, kind, params):
    manager, rep = make_user(Role.SALES_MANAGER), make_user(Role.REP, on_duty=False)
    gone, kept = make_mql(), make_mql()
    erase_now(gone.pk)
    events = Event.objects.filter(lead=gone).count()
    job = start_bulk(kind, manager, [gone, kept], owner=rep.pk, **params)
    rows = {row.lead_id: (row.outcome, row.reason) for row in job.rows.all()}
    assert rows[gone.pk] == ("refused", str(GONE))
    assert rows[kept.pk][1] != str(GONE)
    assert (Event.objects.filter(lead=gone).count(), Lead.objects.get(pk=gone.pk).tags) == (events, [])


def test_a_bulk_act_is_not_taken_back_for_who_was_erased_since(house):
    manager, rep = make_user(Role.SALES_MANAGER), make_user(Role.REP, on_duty=False)
    gone, kept = make_lead(by=rep), make_lead(by=rep)
    job = start_bulk("bulk.tag", manager, [gone, kept], add=["vip"], remove=[])
    erase_now(gone.pk)
    back = undo(job, by=manager, at=THEN, clock=lambda: THEN)
    assert {row.lead_id: row.outcome for row in back.rows.all()} == {kept.pk: "done"}


def test_only_erased_leads_chosen_ends_with_the_reason(house):
    manager, gone = make_user(Role.SALES_MANAGER), make_lead()
    erase_now(gone.pk)
    job = start_bulk("bulk.tag", manager, [gone], add=["vip"], remove=[])
    assert (job.phase, job.done, job.refused) == ("done", 0, 1)


@pytest.mark.parametrize("stays", [0, 1])
def test_an_erased_person_is_merged_with_nobody(house, stays):
    gone, other = make_lead(), make_lead(phone=PHONE)
    erase_now(gone.pk)
    pair = [other.pk, gone.pk]
    with pytest.raises(Conflict) as refusal:
        merge(pair[stays], pair[1 - stays], by=None, at=THEN)
    assert (refusal.value.code, Merge.objects.count()) == ("erased", 0)


def test_who_leaves_hands_no_erased_person_on(house):
    rep, to = make_user(Role.REP), make_user(Role.REP)
    gone = make_mql()
    start_bulk("bulk.assign", make_user(Role.SALES_MANAGER), [gone], owner=rep.pk)
    erase_now(gone.pk)
    handed = hand_over_all(rep, to=to, by=None, at=THEN)
    assert (handed.given, handed.waiting, Standing.objects.get(pk=gone.pk).owner_id) == (0, 0, rep.pk)


def test_a_file_that_names_an_erased_person_brings_somebody_new(house):
    rows = [["Tên", "SĐT"], ["Nguyễn Kanarie", "0912 345 678"]]
    bring_in(rows)
    gone = Lead.objects.get()
    erase_now(gone.pk)
    bring_in(rows, at=THEN + timedelta(days=1))
    new = Lead.objects.exclude(pk=gone.pk).get()
    assert (new.phone, Lead.objects.get(pk=gone.pk).phone) == (PHONE, None)
    assert Event.objects.filter(lead=gone, recorded_at__gt=THEN).count() == 0
