"""What the lists around the leads can be narrowed down to."""

from datetime import timedelta

import pytest
from django.http import QueryDict

from accounts.enums import Role
from core.due import DueState
from core.text import fold
from leads.export_files import EXPORT
from leads.list_filters import DuplicateFilter, ExportFilter, FieldFilter, ImportFilter, JobFilter
from leads.models import CustomField, Duplicate, Import, Job
from tests.factories import NOW, make_lead, make_user
from tests.pages import as_role

REPORTS = ("/reports/campaigns/", "/reports/spend/", "/reports/targets/")
SETTINGS = ("/teams/", "/settings/api-keys/", "/settings/fields/", *REPORTS)
pytestmark = pytest.mark.django_db


@pytest.fixture
def pairs():
    an = [make_lead(phone=f"091234567{n}", name="Nguyễn Văn An") for n in (1, 2)]
    binh = [make_lead(phone=f"092234567{n}", name="Lê Bình", company="ACME") for n in (3, 4)]
    for (one, other), reason in ((an, "phone"), (binh, "name")):
        Duplicate.objects.create(one=one, other=other, reason=reason, confidence=75, found_at=NOW)


@pytest.mark.parametrize(
    ("query", "reasons"),
    [
        ("", {"phone", "name"}),
        ("q=nguyen", {"phone"}),
        ("q=0922 345 674", {"name"}),
        ("reason=name", {"name"}),
        ("reason=name&q=nguyen", set()),
        ("reason=colour", {"phone", "name"}),
    ],
)
def test_pairs_by_words_of_either_side_and_by_reason(pairs, query, reasons):
    rows = DuplicateFilter(QueryDict(query)).among(Duplicate.objects.all())
    assert {row.reason for row in rows} == reasons


def job(**fields):
    given = {"kind": "bulk.tag", "title": "Thẻ: +vip", "created_at": NOW, "due_at": NOW, "by": make_user()}
    return Job.objects.create(**given | fields)


@pytest.fixture
def phases():
    later = NOW + timedelta(seconds=1)
    job(title="waiting")
    job(title="running", started_at=NOW)
    job(title="done", state=DueState.DONE, started_at=NOW, finished_at=later)
    job(title="cancelled", state=DueState.DONE, finished_at=later, cancelled=True, cancel_asked_at=NOW)
    job(title="failed", state=DueState.DEAD, started_at=NOW)


@pytest.mark.parametrize("phase", ["waiting", "running", "done", "cancelled", "failed"])
def test_a_phase_of_jobs_is_the_one_the_row_says(phases, phase):
    rows = JobFilter(QueryDict(f"phase={phase}")).among(Job.objects.all())
    assert [(row.title, row.phase) for row in rows] == [(phase, phase)]


def test_jobs_by_kind_and_words():
    job(title="Thẻ: +vip")
    job(title="Xuất 3 lead", kind=EXPORT)
    job(title="Hoàn tác", kind="undo.tag")
    found = [
        sorted(row.title for row in JobFilter(QueryDict(query)).among(Job.objects.all()))
        for query in (f"kind={EXPORT}", "kind=undo.assign", "q=VIP", "kind=nonsense&q=3")
    ]
    assert found == [["Xuất 3 lead"], ["Hoàn tác"], ["Thẻ: +vip"], ["Xuất 3 lead"]]


def test_exports_by_person_and_phase():
    ha, nam = make_user(full_name="Hà"), make_user(full_name="Nam")
    for one in (ha, nam):
        job(kind=EXPORT, by=one)
    found = [
        {row.by for row in ExportFilter(QueryDict(query)).among(Job.objects.all())}
        for query in (f"by={ha.pk}", "phase=done", "by=0")
    ]
    assert found == [{ha}, set(), {ha, nam}]


def test_imports_by_name_kind_and_phase():
    user = make_user(Role.MARKETER)
    for name, kind in (("Khách.csv", "leads"), ("Chi phí.xlsx", "spend")):
        Import.objects.create(name=name, kind=kind, by=user, at=NOW, shape=name, format="csv", header=[])
    found = [
        {row.name for row in ImportFilter(QueryDict(query)).among(Import.objects.all())}
        for query in ("q=khách", "kind=spend", "phase=done", "phase=mapping")
    ]
    assert found == [{"Khách.csv"}, {"Chi phí.xlsx"}, set(), {"Khách.csv", "Chi phí.xlsx"}]


@pytest.mark.parametrize(
    "path", ["/duplicates/", "/imports/", "/jobs/", "/exports/", "/handoffs/", "/people/", *SETTINGS]
)
def test_a_list_nothing_matches_in_says_so_and_keeps_its_filters(path):
    client, _user = as_role(Role.ADMIN)
    page = client.get(path, {"q": "zzz", "phase": "failed", "by": "x"}).content.decode()
    assert ("Xoá bộ lọc" in page, "Xoá bộ lọc" in client.get(path).content.decode()) == (True, False)


def test_fields_by_words_kind_and_state():
    for label, kind, choices, active in (
        ("Ngành nghề", "choice", ["Bán lẻ", "Xây dựng"], True),
        ("Số chi nhánh", "number", [], True),
        ("Ghi chú cũ", "text", [], False),
    ):
        CustomField.objects.create(key=fold(label).replace(" ", "_"), label=label, kind=kind, choices=choices,
                                   is_active=active)  # fmt: skip
    found = [
        [one.label for one in FieldFilter(QueryDict(query)).among(CustomField.objects.order_by("pk"))]
        for query in ("q=nganh", "q=xay+dung", "kind=number", "state=retired", "state=used&q=o", "q=zz")
    ]
    assert found == [
        ["Ngành nghề"], ["Ngành nghề"], ["Số chi nhánh"], ["Ghi chú cũ"], ["Số chi nhánh"], [],
    ]  # fmt: skip
