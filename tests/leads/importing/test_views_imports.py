"""The import pages as a marketer uses them."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from leads.jobs import unread
from leads.models import Import, Job, Lead
from tests.leads.importing.files import as_csv, bring_in, upload, work
from tests.pages import HTMX, as_role

pytestmark = pytest.mark.django_db
ROWS = [["Họ tên", "Số điện thoại", "Email"], ["Nguyễn An", "0912345678", ""], ["Không ai", "", ""]]


def send(client, rows=ROWS, name="khách.csv", content=None):
    file = SimpleUploadedFile(name, as_csv(rows) if content is None else content)
    return client.post(reverse("import_list"), {"file": file})


def match(client, found, **also):
    data = {"kind": found.kind, **{f"column_{c}": t for c, t in found.mapping.items()}, **also}
    return client.post(reverse("import_match", args=[found.pk]), data)


def act(client, found, name):
    return client.post(reverse("import_act", args=[found.pk, name]), follow=True)


def test_from_upload_to_undo():
    client, _user = as_role("marketer")
    assert "Chưa nhập gì" in client.get(reverse("import_list")).text
    sent = send(client)
    found = Import.objects.get()
    assert (sent.status_code, sent.url) == (302, reverse("import", args=[found.pk]))
    shown = client.get(sent.url).text
    assert "khách.csv" in shown
    assert "Cột nào là gì" in shown
    assert 'value="phone" selected' in shown
    assert match(client, found).status_code == 302
    assert 'hx-trigger="every 1s"' in client.get(sent.url).text
    work(found, at=timezone.now())
    checked = client.get(sent.url).text
    assert "Nhập 1 dòng" in checked
    assert "no_identity" not in checked
    assert Lead.objects.count() == 0
    act(client, found, "start")
    work(found, at=timezone.now())
    result = client.get(sent.url).text
    assert Lead.objects.get().name == "Nguyễn An"
    assert "Hoàn tác cả lần nhập" in result
    assert "Dòng cần xem" in result
    opened = reverse("import_leads", args=[found.pk])
    assert (f'href="{opened}"' in result, f'href="{opened}?fate=matched"' in result) == (True, True)
    assert "Nguyễn An" in client.get(opened).text
    with transaction.atomic():
        found.lines.update(lead_id=0)
        assert "Đã gộp, đã xoá hoặc ngoài quyền xem" in client.get(opened).text
        transaction.set_rollback(True)
    assert "Không có lead nào từ đây" in client.get(opened, {"fate": "matched"}).text
    errors = b"".join(client.get(reverse("import_errors", args=[found.pk])).streaming_content).decode("utf-8-sig")
    assert errors.splitlines()[0] == "Dòng,Kết quả,Lead,Lý do,Họ tên,Số điện thoại,Email"
    assert errors.splitlines()[1].startswith("3,Từ chối,,")
    act(client, found, "undo")
    work(found, at=timezone.now())
    undone = client.get(sent.url).text
    assert ("Đã hoàn tác: xoá 1" in undone, opened in undone) == (True, False)
    assert "Không có lead nào từ đây" in client.get(opened).text
    assert Lead.objects.count() == 0
    assert "khách.csv" in client.get(reverse("import_list")).text


@pytest.mark.parametrize(("content", "words"), [(b"", "trống"), (b"%PDF-1.4", "PDF"), (b"a,b\n", "không có dòng nào")])
def test_a_file_that_is_no_table_is_refused_beside_the_field(content, words):
    client, _user = as_role("marketer")
    answer = send(client, content=content)
    assert (answer.status_code, words in answer.text, Import.objects.count()) == (422, True, 0)


def test_no_file_and_a_file_too_large(monkeypatch):
    client, _user = as_role("marketer")
    assert client.post(reverse("import_list"), {}).status_code == 422
    monkeypatch.setattr("leads.import_forms.LARGEST_TEXT", 3)
    assert "quá lớn" in send(client).text


def test_the_kind_is_changed_by_a_link_and_guesses_anew():
    client, _user = as_role("marketer")
    found = upload([["Ngày", "Chi phí", "Nguồn"], ["01/11/2026", "1.000.000", "google"]])
    page = reverse("import", args=[found.pk])
    assert 'value="amount" selected' in client.get(page).text
    assert 'value="amount" selected' not in client.get(page, {"kind": "leads"}).text
    assert 'value="amount" selected' in client.get(page, {"kind": "???"}).text


def test_columns_that_cannot_be_are_said_and_nothing_is_lost():
    client, _user = as_role("marketer")
    found = upload(ROWS)
    answer = match(client, found, column_1="name", tag="hội chợ")
    assert (answer.status_code, "chọn hai lần" in answer.text, 'value="hội chợ"' in answer.text) == (422, True, True)
    nobody = match(client, found, column_1="", column_2="")
    assert "không nhận ra được ai" in nobody.text
    assert match(client, found, kind="?", column_1="", column_2="").status_code == 422
    assert "số tiền" in match(client, found, kind="spend", column_0="", column_1="", column_2="").text.lower()


def test_moving_twice_is_told_and_does_no_harm():
    client, _user = as_role("marketer")
    found = bring_in(ROWS)
    for name in ("start", "stop", "discard"):
        answer = act(client, found, name)
        assert ("chuyển bước" in answer.text or "kết thúc" in answer.text) is True
    assert match(client, found).status_code in {302, 422}
    found.refresh_from_db()
    assert (found.phase, Lead.objects.count()) == ("done", 1)


def test_an_unknown_act_is_not_a_way_to_throw_away():
    client, _user = as_role("marketer")
    found = upload(ROWS)
    assert client.post(reverse("import_act", args=[found.pk, "whatever"])).status_code == 404
    assert Import.objects.count() == 1


def test_throwing_away_forgets_the_file():
    client, _user = as_role("marketer")
    found = upload(ROWS)
    act(client, found, "discard")
    assert Import.objects.count() == 0


def test_stopping_keeps_what_came_in():
    client, _user = as_role("marketer")
    found = upload(ROWS)
    match(client, found)
    answer = act(client, found, "stop")
    assert "Đang dừng" in answer.text
    assert work(found, at=timezone.now()).phase == "mapping"


def test_htmx_gets_the_moving_part_alone():
    client, _user = as_role("marketer")
    found = upload(ROWS)
    text = client.get(reverse("import", args=[found.pk]), headers=HTMX).text
    assert ("<html" in text, "Cột nào là gì" in text) == (False, True)


def test_a_job_leads_to_its_import():
    client, _user = as_role("marketer")
    found = bring_in(ROWS)
    jobs = Job.objects.filter(kind__startswith="import.")
    assert sorted(jobs.values_list("kind", flat=True)) == ["import.check", "import.run"]
    for job in jobs:
        assert client.get(reverse("import_of_job", args=[job.pk])).url == reverse("import", args=[found.pk])


@pytest.mark.parametrize("role", ["rep", "team_lead"])
def test_sellers_do_not_import(role):
    client, _user = as_role(role)
    found = upload(ROWS)
    pages = [
        reverse("import_list"),
        reverse("import", args=[found.pk]),
        reverse("import_errors", args=[found.pk]),
        reverse("import_leads", args=[found.pk]),
    ]
    assert [client.get(page).status_code for page in pages] == [403] * 4
    assert act(client, found, "start").status_code == 403


def test_a_history_that_cannot_be_is_shown_line_by_line():
    client, _user = as_role("marketer")
    rows = [["Mã KH", "Ngày MQL", "Ngày chốt", "Giá trị"], ["K1", "05/02/2026", "01/02/2026", "100"]]
    found = bring_in(rows, name="crm.csv")
    text = client.get(reverse("import", args=[found.pk])).text
    assert (found.warned, "Chốt trước lần liên hệ đầu" in text) == (1, True)


def test_whoever_looks_at_the_import_has_read_that_it_ended():
    client, user = as_role("marketer")
    found = upload(ROWS, by=user)
    match(client, found)
    found = work(found, at=timezone.now())
    assert list(unread(user)) == [found.job]
    client.get(reverse("import", args=[found.pk]), headers=HTMX)
    assert list(unread(user)) == []


def test_without_headings_phone_and_email_are_told_by_what_stands_there():
    client, _user = as_role("marketer")
    rows = [["An", "0912345678", "an@b.vn"], ["Bình", "", "binh@b.vn"]]
    send(client, rows=rows)
    found = Import.objects.get()
    assert (found.header, found.mapping) == (["#1", "#2", "#3"], {"1": "phone", "2": "email"})
    Import.objects.update(mapping={"0": "phone"})
    send(client, rows=rows)
    assert Import.objects.latest("pk").mapping == {"1": "phone", "2": "email"}  # another file's numbers say nothing
