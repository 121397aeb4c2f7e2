"""What a person is handed: everything of theirs, whatever table it lies in, and nothing of anybody else."""

import zipfile
from datetime import timedelta

import orjson
import pytest
from django.contrib.postgres.fields import ArrayField
from django.core.files.storage import default_storage
from django.db import models
from django.utils.html import escape

from accounts.enums import Role
from core.errors import Conflict, NotFound, Refused
from leads.enums import JobPhase
from leads.erasure.carrying_out import carry_out
from leads.export_files import KEPT, file_of, folder
from leads.jobs import run_due
from leads.merging.joining import merge
from leads.models import Attachment, Call, CustomField, Duplicate, Event, Handback, Reminder
from leads.requests import bundling
from leads.requests.bundling import bundle_of, prepare
from leads.requests.tables import held_in, tables, untold
from leads.requests.telling import label_of
from sla.disputes import dispute_breach
from sla.models import AuditDraw, AuditedCall, Clock
from sla.sweep import sweep
from tests.factories import NOW, make_handoff, make_lead, make_user
from tests.leads.importing.files import bring_in
from tests.leads.requests.asking import ask
from tests.leads.whole_life import PNG, a_full_life

pytestmark = pytest.mark.django_db
THEN = NOW + timedelta(days=9)


@pytest.fixture
def admin(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    return make_user(Role.ADMIN, full_name="Quản trị Canary")


def handed_over(found, by):
    """The archive: the page, the data, the names of its files."""
    job = prepare(found, by=by, at=THEN, clock=lambda: THEN)
    archive = zipfile.ZipFile(file_of(job, at=THEN))
    page = archive.read("index.html").decode()
    return archive, page, orjson.loads(archive.read("data.json"))


def everything_there_is(admin):
    """A lead with at least one row in every table that holds something of a person."""
    rep = make_user(full_name="Nhân viên Kín")
    lead = a_full_life(rep, make_user(Role.SALES_MANAGER))
    handoff = make_handoff(lead=make_lead(name="Bên kia", phone="0987 654 321"))
    sweep(at=NOW + timedelta(days=2))
    clock = Clock.objects.filter(lead=handoff.lead_id).exclude(breached_at=None)[0]
    dispute_breach(clock.pk, by=rep, at=NOW + timedelta(days=2), reason="bận")
    merge(lead.pk, handoff.lead_id, by=admin, at=NOW + timedelta(days=3))
    call = Call.objects.filter(lead=lead).first()
    draw = AuditDraw.objects.create(week=NOW.date(), seed="1", per_rep=1, last_call=call.pk, drawn_at=NOW)
    AuditedCall.objects.create(draw=draw, call=call, rep=rep)
    Handback.objects.create(handoff=call.handoff, user=rep, kind="declined", number=1, reason="bận", at=NOW)
    Reminder.objects.get_or_create(lead=lead, kind="call", subject=9, due_at=NOW)
    bring_in([["Tên", "SĐT"], ["Kanarie Anh", "0912.345.678"]])
    from_object = ask("object", lead=lead, by=admin, objects_to=["advertising"])
    from_object.objections_made.create(lead=lead, to="advertising", at=NOW)
    return lead


def says_words(field):
    texts = (models.CharField, models.TextField, models.JSONField, ArrayField)
    return isinstance(field, texts) and not field.choices and (getattr(field, "max_length", None) or 99) >= 8


def put_canaries(lead_ids):
    """A word of its own into every column of every table that can hold words."""
    canaries = []
    for table in tables():
        row = next(table.rows(lead_ids), None)
        assert row is not None, f"{table.model.__name__}: the scene of this test makes no row of it"
        words = {}
        for field in filter(says_words, table.fields):
            if isinstance(field, ArrayField) and field.base_field.choices:
                continue
            canary = f"chim{len(canaries)}x"
            canaries.append((f"{table.model.__name__}.{field.name}", canary))
            kept = {models.JSONField: {"k": canary}, ArrayField: [canary]}
            words[field.name] = kept.get(type(field), canary)
        table.model._default_manager.filter(pk=row.pk).update(**words)
    return canaries


def test_every_table_of_the_person_is_told_to_the_last_word(admin):
    lead = everything_there_is(admin)
    found = ask("access", lead=lead, by=admin)
    ids = [lead.pk, *type(lead).objects.filter(merged_into=lead).values_list("pk", flat=True)]
    canaries = put_canaries(ids)
    assert len(canaries) > 50
    _archive, page, data = handed_over(found, admin)
    text = orjson.dumps(data).decode()
    assert [name for name, canary in canaries if canary not in text] == []
    assert [name for name, canary in canaries if canary not in page] == []
    assert set(data) == {table.model._meta.db_table for table in tables()}


def test_every_table_is_told_under_words_or_says_why_not():
    silent = [t.model.__name__ for t in held_in() if not (hasattr(t.model, "told_as") or untold(t.model))]
    assert silent == []
    assert sorted(t.model.__name__ for t in held_in() if untold(t.model)) == [
        "Duplicate", "DuplicateKey", "JobRow", "Merge",
    ]  # fmt: skip


def test_every_column_with_words_has_a_name_a_person_reads():
    nameless = [f"{t.model.__name__}.{f.name}" for t in tables() for f in t.fields if says_words(f) and not label_of(f)]
    assert nameless == []


def test_nothing_of_anybody_else(admin):
    rep = make_user(full_name="Nhân viên Kín")
    lead = a_full_life(rep, make_user(Role.SALES_MANAGER))
    other = make_lead(name="Người Khác", phone="0987654321", email="khac@x.example", company="Kanarie Co")
    one, two = sorted([lead.pk, other.pk])
    Duplicate.objects.create(one_id=one, other_id=two, reason="name", confidence=90, found_at=NOW)
    _archive, page, data = handed_over(ask("access", lead=lead, by=admin), admin)
    text = page + orjson.dumps(data).decode()
    names = ("Nhân viên Kín", rep.email, "Người Khác", "987654321", "khac@x.example", admin.full_name, "token")
    assert [name for name in names if name in text] == []
    tables_ = data["leads_event"]
    assert [row for row in tables_ if {"owner", "owner_name", "mentioned"} & set(row["properties"])] == []


def test_the_files_are_there_as_they_were(admin):
    lead = a_full_life(make_user(), make_user(Role.SALES_MANAGER))
    kept = Attachment.objects.get(lead=lead)
    archive, page, data = handed_over(ask("access", lead=lead, by=admin), admin)
    assert archive.namelist() == ["index.html", "data.json", "person.css", f"files/{kept.pk}-kanarie.png"]
    assert archive.read(f"files/{kept.pk}-kanarie.png") == PNG
    assert data["leads_attachment"][0]["name"] == "kanarie.png"
    assert ("kanarie.png" in page, str(kept.stored) in page, zipfile.ZipFile.testzip(archive)) == (True, False, None)


def test_a_file_that_is_lost_hinders_nothing(admin):
    lead = a_full_life(make_user(), make_user(Role.SALES_MANAGER))
    default_storage.delete(Attachment.objects.get(lead=lead).stored.name)
    archive, _page, _data = handed_over(ask("access", lead=lead, by=admin), admin)
    assert len(archive.namelist()) == 3


def test_the_page_speaks_to_people(admin):
    CustomField.objects.create(key="nhu_cau", label="Nhu cầu riêng", kind="text")
    lead = make_lead(name="<b>=1+1</b>", custom={"nhu_cau": "Kho", "cu": {"a": [True, 2]}})
    _archive, page, data = handed_over(ask("access", lead=lead, by=admin), admin)
    assert escape("<b>=1+1</b>") in page
    assert ("Nhu cầu riêng: Kho" in page, "cu · a: có" in page, "cu · a: 2" in page) == (True, True, True)
    assert ("Tạo lead" in page or "lead mới" in page.lower(), "Hồ sơ của bạn" in page) == (True, True)
    assert data["leads_lead"][0]["custom"] == {"nhu_cau": "Kho", "cu": {"a": [True, 2]}}


def test_a_kind_from_outside_keeps_its_own_name(admin):
    lead = make_lead()
    Event.objects.filter(lead=lead).update(kind="quiz.taken")
    assert "quiz.taken" in handed_over(ask("access", lead=lead, by=admin), admin)[1]


def test_a_long_log_is_put_together_by_a_worker(admin, monkeypatch):
    monkeypatch.setattr(bundling, "AT_ONCE", 0)
    found = ask("access", by=admin)
    job = prepare(found, by=admin, at=THEN, clock=lambda: THEN)
    assert (job.phase, prepare(found, by=admin, at=THEN, clock=lambda: THEN).pk) == (JobPhase.WAITING, job.pk)
    while run_due(clock=lambda: THEN):
        pass
    assert bundle_of(found).phase == JobPhase.DONE


def test_prepared_anew_is_a_new_file(admin):
    found = ask("access", by=admin)
    first, second = (prepare(found, by=admin, at=THEN, clock=lambda: THEN) for _ in range(2))
    assert (first.pk == second.pk, bundle_of(found).pk) == (False, second.pk)
    with pytest.raises(NotFound):
        file_of(second, at=THEN + KEPT)


def test_who_may_not_and_what_is_none(admin):
    found, manager = ask("access", by=admin), make_user(Role.SALES_MANAGER)
    with pytest.raises(Refused):
        prepare(found, by=manager, at=THEN, clock=lambda: THEN)
    with pytest.raises(Conflict):
        prepare(ask("correct", by=admin), by=admin, at=THEN, clock=lambda: THEN)


def test_erased_the_bundle_is_gone_and_others_stay(admin):
    lead = make_lead(name="Kanarie")
    mine, theirs = ask("access", lead=lead, by=admin), ask("access", by=admin)
    jobs = [prepare(one, by=admin, at=THEN, clock=lambda: THEN) for one in (mine, theirs)]
    erasing = ask("delete", lead=lead, by=admin)
    carry_out(erasing, by=admin, at=THEN, clock=lambda: THEN)
    assert [(folder() / job.result["file"]).exists() for job in jobs] == [False, True]
    mine.refresh_from_db()
    assert (mine.state, mine.reason) == ("refused", "Người này đã được xoá.")


def test_an_archive_is_the_same_data_twice(admin):
    """Nothing depends on what was told before: two persons, two archives."""
    leads = [make_lead(name=f"Người {n}") for n in range(2)]
    pages = [handed_over(ask("access", lead=lead, by=admin), admin)[1] for lead in leads]
    assert [[f"Người {n}" in page for n in range(2)] for page in pages] == [[True, False], [False, True]]
