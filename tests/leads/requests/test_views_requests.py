"""The administrator's pages: whose request, keep it, answer it, the list with its filters."""

import zipfile
from datetime import timedelta
from io import BytesIO

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.enums import Role
from leads.export_files import folder
from leads.models import Job, Lead, Objection, PersonRequest
from leads.requests import bundling
from leads.requests.registering import Asked, register
from tests.factories import make_lead, make_mql
from tests.pages import EARLIER, as_role

pytestmark = pytest.mark.django_db


@pytest.fixture
def admin(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    return as_role(Role.ADMIN)


def keep(kind, *, by, lead=None, **said):
    lead = lead or make_lead(at=EARLIER)
    asked = Asked(kind=kind, **{"asked_on": timezone.localdate(), **said})
    return register(lead.pk, asked, by=by, at=timezone.now())


def sent(**more):
    return {"kind": "access", "channel": "phone", "asked_on": f"{timezone.localdate():%Y-%m-%d}", **more}


def listed(client, **query):
    answer = client.get(reverse("person_requests"), query)
    return [one.pk for one in [*answer.context["waiting"], *answer.context["page"].rows]]


def test_a_request_is_kept_from_the_lead_page(admin):
    client, _user = admin
    lead = make_lead(at=EARLIER, name="Lê Văn Chờ")
    where = reverse("lead_requests", args=[lead.pk])
    assert where in client.get(reverse("lead", args=[lead.pk])).content.decode()
    assert client.get(where, {"kind": "object"}).context["form"].initial["kind"] == "object"
    answer = client.post(where, sent(kind="object", objects_to=["calls"], note="Đừng gọi nữa", asked_by="Vợ"))
    found = PersonRequest.objects.get()
    assert (answer.url, found.objects_to, found.asked_by) == (found.get_absolute_url(), ["calls"], "Vợ")
    page = client.get(answer.url).content.decode()
    due = timezone.localdate() + timedelta(days=15)
    assert (f"hạn {due:%d/%m/%Y}" in page, "Đừng gọi nữa" in page) == (True, True)
    assert answer.url in client.get(where).content.decode()


def test_what_is_missing_is_said_beside_its_field(admin):
    client, _user = admin
    where = reverse("lead_requests", args=[make_lead(at=EARLIER).pk])
    answer = client.post(where, sent(kind="object", note="giữ lại"))
    assert (answer.status_code, list(answer.context["form"].errors)) == (422, ["objects_to"])
    assert "giữ lại" in answer.content.decode()
    assert client.post(where, sent(kind="nonsense")).status_code == 422
    assert client.get(where, {"kind": "nonsense"}).context["form"].initial["kind"] == "access"


def test_data_are_prepared_downloaded_and_handed_over(admin):
    client, user = admin
    lead = make_mql(at=EARLIER, name="Trần Thị Hoa")
    where = keep("access", by=user, lead=lead).get_absolute_url()
    early = client.post(where, {"act": "done"})
    assert (early.status_code, "Hãy chuẩn bị dữ liệu" in early.content.decode()) == (422, True)
    client.post(where, {"act": "prepare"})
    job = Job.objects.get(kind="leads.access")
    link = reverse("job_download", args=[job.pk])
    assert link in client.get(where).content.decode()
    answer = client.get(link)
    assert answer["Content-Disposition"].startswith(f'attachment; filename="leadflow-person-{lead.pk}-')
    archive = zipfile.ZipFile(BytesIO(b"".join(answer.streaming_content)))
    assert "Trần Thị Hoa" in archive.read("index.html").decode()
    client.post(where, {"act": "done"})
    assert PersonRequest.objects.get().state == "done"
    assert link in client.get(where).content.decode()
    (folder() / job.result["file"]).unlink()
    assert "bảy ngày" in client.get(where).content.decode()


def test_the_export_log_and_the_bell_lead_to_it(admin):
    client, user = admin
    found = keep("access", by=user)
    client.post(found.get_absolute_url(), {"act": "prepare"})
    page = client.get(reverse("export_log")).content.decode()
    assert (f"#{found.lead_id}" in page, "Toàn bộ dữ liệu của người này" in page, "ZIP" in page) == (True, True, True)
    assert found.get_absolute_url() in client.get(reverse("jobs")).content.decode()


def test_the_bundle_is_only_for_whoever_asked_and_still_may(admin):
    client, user = admin
    client.post(keep("access", by=user).get_absolute_url(), {"act": "prepare"})
    link = reverse("job_download", args=[Job.objects.get(kind="leads.access").pk])
    assert as_role(Role.ADMIN)[0].get(link).status_code == 404
    user.role = Role.SALES_MANAGER
    user.save()
    assert client.get(link).status_code == 403


def test_what_runs_and_what_failed_is_shown(admin, monkeypatch):
    client, user = admin
    monkeypatch.setattr(bundling, "AT_ONCE", 0)
    where = keep("access", by=user).get_absolute_url()
    client.post(where, {"act": "prepare"})
    assert "đang được tập hợp" in client.get(where).content.decode()
    Job.objects.update(state="dead", last_error="Hỏng")
    assert "Hỏng" in client.get(where).content.decode()


def test_a_correction_opens_the_profile_and_shows_old_and_new(admin):
    client, user = admin
    lead = make_lead(at=EARLIER, city="Huế")
    where = keep("correct", by=user, lead=lead).get_absolute_url()
    edit = reverse("lead_profile", args=[lead.pk])
    assert edit in client.get(where).content.decode()
    assert client.post(where, {"act": "done"}).status_code == 422
    client.post(reverse("lead_field", args=[lead.pk, "city"]), {"city": "Đà Nẵng"})
    page = client.get(where).content.decode()
    assert ("<del>Huế</del>" in page, "<strong>Đà Nẵng</strong>" in page) == (True, True)
    assert client.post(where, {"act": "done"}).status_code == 302
    assert edit not in client.get(where).content.decode()


def test_an_objection_is_heeded_and_taken_back(admin):
    client, user = admin
    lead = make_lead(at=EARLIER, phone="0912345678")
    where = keep("object", by=user, lead=lead, objects_to=["calls"]).get_absolute_url()
    client.post(where, {"act": "done"})
    assert Objection.objects.get().lead_id == lead.pk
    page = client.get(reverse("lead", args=[lead.pk])).content.decode()
    assert ("Không được gọi" in page, 'href="tel:' in page) == (True, False)
    assert "rút lại phản đối" in client.get(where).content.decode()
    client.post(where, {"act": "back"})
    assert Objection.objects.count() == 0
    assert 'href="tel:' in client.get(reverse("lead", args=[lead.pk])).content.decode()
    assert client.post(where, {"act": "back"}).status_code == 422


def test_a_refusal_needs_its_reason(admin):
    client, user = admin
    where = keep("access", by=user).get_absolute_url()
    answer = client.post(where, {"act": "refuse"})
    assert (answer.status_code, list(answer.context["form"].errors)) == (422, ["reason"])
    client.post(where, {"act": "refuse", "reason": "Không rõ là ai"})
    assert "Không rõ là ai" in client.get(where).content.decode()
    assert client.post(where, {"act": "nonsense"}).status_code == 422


def test_an_erasure_leads_to_its_page(admin):
    client, user = admin
    lead = make_lead(at=EARLIER)
    found = keep("delete", by=user, lead=lead, channel="letter", asked_by="Luật sư")
    erasing = reverse("lead_erasure", args=[lead.pk])
    assert erasing in client.get(found.get_absolute_url()).content.decode()
    client.post(erasing, {**sent(act="erase", sure="on"), "ground": "purpose"})
    found.refresh_from_db()
    assert (found.state, found.channel, found.asked_by, found.ground) == ("done", "letter", "", "purpose")
    assert "Đã xoá dữ liệu" in client.get(found.get_absolute_url()).content.decode()
    page = client.get(reverse("lead_requests", args=[lead.pk])).content.decode()
    assert (found.get_absolute_url() in page, "<textarea" in page) == (True, False)


def test_an_erasure_on_its_way_and_one_refused(admin):
    client, user = admin
    found = keep("delete", by=user)
    PersonRequest.objects.filter(pk=found.pk).update(closed_by=user)
    assert "đang gỡ các tệp" in client.get(found.get_absolute_url()).content.decode()
    PersonRequest.objects.filter(pk=found.pk).update(state="refused", reason="x", closed_at=timezone.now())
    assert "Không có gì bị xoá" in client.get(found.get_absolute_url()).content.decode()


def test_the_list_and_its_filters(admin):
    client, user = admin
    today = timezone.localdate()
    assert "Chưa có ai yêu cầu" in client.get(reverse("person_requests")).content.decode()
    late = keep("access", by=user, lead=make_lead(at=EARLIER, name="Ngô Trễ"), asked_on=today - timedelta(days=12))
    soon = keep("object", by=user, objects_to=["calls"], asked_on=today - timedelta(days=13))
    far = keep("delete", by=user)
    closed = keep("correct", by=user)
    client.post(closed.get_absolute_url(), {"act": "refuse", "reason": "x"})
    assert listed(client) == [late.pk, soon.pk, far.pk, closed.pk]
    assert (listed(client, kind="delete"), listed(client, state="refused")) == ([far.pk], [closed.pk])
    assert (listed(client, due="over"), listed(client, due="soon")) == ([late.pk], [soon.pk])
    assert (listed(client, q="ngo tre"), listed(client, q=f"#{far.lead_id}")) == ([late.pk], [far.pk])
    assert (listed(client, q="khong ai ca"), listed(client, kind="bad")) == ([], [late.pk, soon.pk, far.pk, closed.pk])
    page = client.get(reverse("person_requests")).content.decode()
    assert ("Quá hạn" in page, "Sắp đến hạn" in page) == (True, True)
    assert "Không có gì phù hợp" in client.get(reverse("person_requests"), {"q": "khong ai ca"}).content.decode()


@pytest.mark.parametrize("rows", [1, 3])
def test_the_list_asks_as_often_for_many(admin, rows, django_assert_max_num_queries):
    client, user = admin
    for _number in range(rows):
        keep("access", by=user)
    client.get(reverse("person_requests"))
    with django_assert_max_num_queries(8):
        client.get(reverse("person_requests"))


@pytest.mark.parametrize("role", [role for role in Role if role != Role.ADMIN])
def test_only_the_administrator_sees_them(admin, role):
    client, _user = as_role(role)
    found = keep("access", by=admin[1])
    pages = [reverse("person_requests"), reverse("person_request_new"), found.get_absolute_url()]
    pages += [reverse("lead_requests", args=[found.lead_id])]
    assert [client.get(page).status_code for page in pages] == [403] * 4
    assert client.post(pages[2], {"act": "refuse", "reason": "x"}).status_code == 403
    assert PersonRequest.objects.get().state == "open"


def test_nobody_there(admin):
    client, _user = admin
    assert client.get("/requests/999999/").status_code == 404
    assert client.get("/leads/999999/requests/").status_code == 404
    assert Lead.objects.count() == 0
