"""Bulk acts and exports from the list, as the page asks for them."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.enums import Role
from leads.columns import FIXED
from leads.enums import JobPhase
from leads.jobs import run_due
from leads.models import Handoff, Job, Lead, Standing
from tests.core.sheet_readers import read_csv, read_xlsx
from tests.factories import make_handoff, make_lead, make_user
from tests.pages import EARLIER, HTMX, as_role, enter, said, signals

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def files(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def manager():
    return as_role(Role.SALES_MANAGER)


def ids(*leads):
    return ",".join(str(lead.pk) for lead in leads)


def lead(**fields):
    return make_lead(at=EARLIER, **fields)


def test_dialog_says_how_many_and_offers_the_people(manager):
    client, _user = manager
    rep = make_user(Role.REP, full_name="Trần Huy")
    page = client.get(f"/leads/bulk/assign/?ids={ids(lead(), lead())}", headers=HTMX).content.decode()
    assert "Giao 2 lead" in page
    assert re.findall(r'name="owner" value="(\d+)"', page) == [str(rep.pk)]


def test_assign_says_what_happened_and_can_be_undone(manager):
    client, _user = manager
    rep, one = make_user(Role.REP, full_name="Trần Huy", on_duty=False), lead()
    answer = client.post("/leads/bulk/assign/", {"ids": ids(one), "owner": rep.pk}, headers=HTMX)
    job = Job.objects.get()
    toast = signals(answer)["toast"]
    assert (answer.status_code, toast["level"], toast["title"], toast["text"]) == (
        204, "success", "Phân công: Trần Huy", "1 đã đổi.",
    )  # fmt: skip
    assert (toast["undo"], toast["href"]) == (f"/jobs/{job.pk}/undo/", f"/jobs/{job.pk}/")
    assert {"lead-changed", "close-dialog", "selection-done"} <= set(signals(answer))
    back = client.post(toast["undo"], headers=HTMX)
    assert said(back) == "Đã hoàn tác 1 lead."
    assert Standing.objects.get(pk=one.pk).owner is None


def test_refused_rows_are_reported_not_skipped(manager):
    client, _user = manager
    good, none = make_handoff(lead=lead()).lead, lead()
    answer = client.post("/leads/bulk/recycle/", {"ids": ids(good, none), "reason": "no_need"}, headers=HTMX)
    toast = signals(answer)["toast"]
    assert (toast["level"], toast["text"], toast["undo"]) == ("warning", "1 đã đổi, 1 bị từ chối.", "")
    page = client.get(toast["href"]).content.decode()
    assert "Không có bàn giao nào đang mở để trả về." in page
    assert f'href="/leads/{none.pk}/"' in page


def test_tags_go_to_all_that_match(manager):
    client, _user = manager
    web, zalo = lead(source="Web, tỉnh"), lead(source="Zalo")
    asked = {"all": "1", "query": "source=%22Web%2C+t%E1%BB%89nh%22&sort=score", "add": "nóng, vip", "remove": ""}
    answer = client.post("/leads/bulk/tag/", asked, headers=HTMX)
    assert signals(answer)["toast"]["title"] == "Thẻ: +nóng, +vip"
    assert (Lead.objects.get(pk=web.pk).tags, Lead.objects.get(pk=zalo.pk).tags) == (["nóng", "vip"], [])


def test_what_is_missing_is_said_beside_its_field(manager):
    client, _user = manager
    one = lead()
    answer = client.post("/leads/bulk/tag/", {"ids": ids(one), "add": " ", "remove": ""}, headers=HTMX)
    assert (answer.status_code, "Nhập ít nhất một thẻ." in answer.content.decode()) == (422, True)
    answer = client.post("/leads/bulk/recycle/", {"ids": ids(one), "reason": "other", "note": ""}, headers=HTMX)
    assert (answer.status_code, "lý do" in answer.content.decode()) == (422, True)
    assert Job.objects.count() == 0


def test_status_of_many_with_and_without_scripts(manager):
    client, _user = manager
    one, two = lead(), lead()
    answer = client.post("/leads/bulk/status/", {"ids": ids(one, two), "to": "researched", "reason": ""})
    job = Job.objects.get()
    assert (answer.status_code, answer.headers["Location"]) == (302, f"/jobs/{job.pk}/")
    assert "Đã tìm hiểu" in client.get(f"/jobs/{job.pk}/").content.decode()
    assert client.post("/leads/bulk/status/", {"ids": ids(one), "to": "won"}, headers=HTMX).status_code == 422


def test_more_than_a_screenful_runs_in_the_background(manager, monkeypatch):
    client, _user = manager
    monkeypatch.setattr("leads.views.bulk.AT_ONCE", 1)
    one, two = lead(), lead()
    page = client.get(f"/leads/bulk/tag/?ids={ids(one, two)}", headers=HTMX).content.decode()
    assert "chạy nền" in page
    answer = client.post("/leads/bulk/tag/", {"ids": ids(one, two), "add": "x"}, headers=HTMX)
    job = Job.objects.get()
    assert (answer.status_code, answer.headers["HX-Redirect"]) == (204, f"/jobs/{job.pk}/")
    waiting = client.get(f"/jobs/{job.pk}/").content.decode()
    assert ("every 3s" in waiting, f'action="/jobs/{job.pk}/cancel/"' in waiting) == (True, True)
    run_due(clock=timezone.now)
    done = client.get(f"/jobs/{job.pk}/", headers=HTMX).content.decode()
    assert ("every 3s" in done, "2 trên 2 dòng" in done, f'action="/jobs/{job.pk}/undo/"' in done) == (
        False,
        True,
        True,
    )


def test_stop_is_asked_once_and_the_page_says_so(manager, monkeypatch):
    client, _user = manager
    monkeypatch.setattr("leads.views.bulk.AT_ONCE", 0)
    client.post("/leads/bulk/tag/", {"ids": ids(lead()), "add": "x"}, headers=HTMX)
    job = Job.objects.get()
    assert "Sẽ dừng" in said(client.post(f"/jobs/{job.pk}/cancel/", headers=HTMX))
    assert "Đang dừng…" in client.get(f"/jobs/{job.pk}/").content.decode()
    run_due(clock=timezone.now)
    job.refresh_from_db()
    assert job.phase == JobPhase.CANCELLED


def test_each_act_asks_for_its_own_right():
    one = make_lead(at=EARLIER)
    marketer, _user = as_role(Role.MARKETER)
    for name in ("assign", "status", "recycle"):
        assert marketer.get(f"/leads/bulk/{name}/?ids={one.pk}", headers=HTMX).status_code == 403
    assert marketer.get(f"/leads/bulk/tag/?ids={one.pk}", headers=HTMX).status_code == 200
    rep, _rep = as_role(Role.REP)
    assert rep.get(f"/leads/export/?ids={one.pk}").status_code == 403
    assert rep.get("/leads/bulk/nothing/").status_code == 404


def test_nothing_chosen_is_refused_with_words(manager):
    client, _user = manager
    answer = client.get("/leads/bulk/tag/?ids=x,-1,٣", headers=HTMX)
    assert (answer.status_code, "Chọn ít nhất một lead." in answer.content.decode()) == (422, True)


def test_foreign_leads_count_as_nothing():
    client, _rep = as_role(Role.REP, on_duty=False)
    foreign = lead()
    page = client.get(f"/leads/bulk/tag/?ids={foreign.pk}", headers=HTMX).content.decode()
    assert ("Gắn thẻ 0 lead" in page, "Bạn không (còn) xem được" in page) == (True, True)
    client.post("/leads/bulk/tag/", {"ids": str(foreign.pk), "add": "mine"}, headers=HTMX)
    assert Lead.objects.get(pk=foreign.pk).tags == []


def test_export_of_ticked_rows_downloads_at_once():
    client, user = as_role(Role.MARKETER)
    one, _two = lead(name="=1+1", phone="0912345678", company="Cty"), lead()
    page = client.get(f"/leads/export/?ids={one.pk}", headers=HTMX).content.decode()
    assert "Xuất 1 lead" in page
    asked = {"ids": str(one.pk), "which": "shown", "shape": "csv", "query": "columns=phone,status"}
    answer = client.post("/leads/export/", asked, headers=HTMX)
    job = Job.objects.get()
    assert answer.headers["HX-Redirect"] == f"/jobs/{job.pk}/download/"
    file = client.get(answer.headers["HX-Redirect"])
    assert read_csv(file.getvalue()) == [["Lead", "Điện thoại", "Trạng thái"], ["'=1+1", "'+84912345678", "Mới"]]
    assert "attachment" in file.headers["Content-Disposition"]
    assert (job.by, job.done, job.params["columns"]) == (user, 1, ["name", "phone", "status"])


def test_export_of_all_columns_as_a_workbook():
    client, _user = as_role(Role.MARKETER)
    lead(name="Đạt", source="Web")
    asked = {"all": "1", "query": "source=Web", "which": "all", "shape": "xlsx"}
    answer = client.post("/leads/export/", asked)
    head, row = read_xlsx(client.get(answer.headers["Location"]).getvalue())
    assert (head[:2], row[:2], len(head)) == (["Lead", "Trạng thái"], ["Đạt", "Mới"], len(FIXED))


def test_export_is_opened_by_whoever_asked_alone():
    client, _user = as_role(Role.MARKETER)
    client.post("/leads/export/", {"ids": str(lead().pk), "which": "shown", "shape": "csv"}, headers=HTMX)
    job = Job.objects.get()
    admin = enter(make_user(Role.ADMIN))
    assert [admin.get(f"/jobs/{job.pk}/{rest}").status_code for rest in ("", "download/")] == [404, 404]
    assert client.get(f"/jobs/{job.pk}/").status_code == 200


def test_export_is_gone_after_seven_days():
    client, _user = as_role(Role.MARKETER)
    client.post("/leads/export/", {"ids": str(lead().pk), "which": "shown", "shape": "csv"}, headers=HTMX)
    job = Job.objects.get()
    Job.objects.update(finished_at=timezone.now() - timedelta(days=7))
    assert client.get(f"/jobs/{job.pk}/download/").status_code == 404
    assert "Tệp chỉ được giữ bảy ngày." in client.get(f"/jobs/{job.pk}/").content.decode()


def test_export_form_says_what_is_wrong(monkeypatch):
    client, _user = as_role(Role.MARKETER)
    monkeypatch.setattr("leads.exporting.MOST_XLSX", 0)
    answer = client.post("/leads/export/", {"ids": str(lead().pk), "which": "all", "shape": "xlsx"}, headers=HTMX)
    assert (answer.status_code, "Hãy chọn CSV" in answer.content.decode()) == (422, True)
    assert client.post("/leads/export/", {"ids": "1", "shape": "pdf"}, headers=HTMX).status_code == 422


def test_managers_see_who_took_what_away():
    client, user = as_role(Role.MARKETER, full_name="Lê Thu Hà")
    one = lead(source="Web")
    client.post("/leads/export/", {"ids": str(one.pk), "which": "shown", "shape": "csv"}, headers=HTMX)
    client.post("/leads/export/", {"all": "1", "query": "source=Web", "which": "shown", "shape": "csv"}, headers=HTMX)
    client.post("/leads/export/", {"all": "1", "which": "shown", "shape": "csv"}, headers=HTMX)
    page = enter(make_user(Role.SALES_MANAGER)).get("/exports/").content.decode()
    said_of = [words in page for words in (user.full_name, "<strong>Web</strong>", "1 dòng đã chọn", "Tất cả lead")]
    assert said_of == [True] * 4
    assert ('href="/leads/?source=Web"' in page, "source = Web" in page) == (True, False)
    assert client.get("/exports/").status_code == 403


def test_export_log_says_when_it_is_empty():
    assert "Chưa ai xuất lead" in enter(make_user(Role.ADMIN)).get("/exports/").content.decode()


def test_jobs_page_lists_ones_own_with_what_to_do_first(manager):
    client, _user = manager
    assert "Chưa có việc nào" in client.get("/jobs/").content.decode()
    client.post("/leads/bulk/tag/", {"ids": ids(lead()), "add": "x"}, headers=HTMX)
    page = client.get("/jobs/", headers=HTMX).content.decode()
    assert ("Thẻ: +x" in page, "<html" in page) == (True, False)
    assert "Thẻ: +x" not in enter(make_user(Role.ADMIN)).get("/jobs/").content.decode()


def test_toast_tells_once_what_has_ended(manager, monkeypatch):
    client, user = manager
    monkeypatch.setattr("leads.views.bulk.AT_ONCE", 0)
    client.post("/leads/bulk/tag/", {"ids": ids(lead()), "add": "x"}, headers=HTMX)
    assert client.get("/jobs/toast/").content.decode().strip() == ""
    run_due(clock=timezone.now)
    job = Job.objects.get(by=user)
    assert f'href="/jobs/{job.pk}/"' in client.get("/jobs/toast/").content.decode()
    assert client.get("/jobs/toast/").content.decode().strip() == ""


def test_failed_work_says_why(manager):
    client, _user = manager
    one = make_handoff(lead=lead()).lead
    gone = make_user(Role.REP, on_duty=False)
    page = client.get(f"/leads/bulk/assign/?ids={one.pk}", headers=HTMX)
    assert page.status_code == 200
    client.post("/leads/bulk/assign/", {"ids": ids(one), "owner": gone.pk}, headers=HTMX)
    job = Job.objects.get()
    Job.objects.filter(pk=job.pk).update(
        state="dead", finished_at=None, last_error="Người này không nhận lead.", seen_at=None
    )
    assert "Người này không nhận lead." in client.get(f"/jobs/{job.pk}/").content.decode()
    Job.objects.filter(pk=job.pk).update(seen_at=None)
    assert "Không thực hiện được" in client.get("/jobs/toast/").content.decode()


def test_undone_job_links_to_its_undoing(manager):
    client, _user = manager
    client.post("/leads/bulk/tag/", {"ids": ids(lead()), "add": "x"}, headers=HTMX)
    job = Job.objects.get()
    answer = client.post(f"/jobs/{job.pk}/undo/")
    back = Job.objects.get(undoes=job)
    assert answer.headers["Location"] == f"/jobs/{back.pk}/"
    assert f'href="/jobs/{back.pk}/"' in client.get(f"/jobs/{job.pk}/").content.decode()
    assert client.post(f"/jobs/{job.pk}/undo/", headers=HTMX).status_code == 409


def test_row_of_a_lead_one_sees_no_more_has_no_name():
    client, rep = as_role(Role.REP, on_duty=False)
    handoff = make_handoff(lead=make_lead(at=EARLIER, name="Bí mật", by=rep))
    Handoff.objects.filter(pk=handoff.pk).update(owner=rep, assigned_at=EARLIER)
    Standing.objects.filter(pk=handoff.lead_id).update(owner=rep, team=rep.team)
    client.post("/leads/bulk/recycle/", {"ids": str(handoff.lead_id), "reason": "no_need"}, headers=HTMX)
    page = client.get(f"/jobs/{Job.objects.get().pk}/").content.decode()
    assert ("Bạn không còn xem được" in page, "Bí mật" in page) == (True, False)
