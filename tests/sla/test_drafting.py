from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.enums import Role
from core.errors import Conflict, Invalid, NotFound, Refused
from leads.models import Policy
from sla.agreements import draft, in_force, put_in_force, versions
from sla.drafting import drop_draft, edit_draft, open_draft, sign_draft
from sla.models import Agreement, AgreementEntry
from sla.promises import lines
from sla.terms import TERMS, differences, written
from tests.factories import NOW, make_user
from tests.pages import as_role, enter
from tests.sla.makers import make_clock

pytestmark = pytest.mark.django_db
TOMORROW = date(2026, 11, 24)


@pytest.fixture
def managers():
    return make_user(Role.MARKETING_MANAGER), make_user(Role.SALES_MANAGER)


def drafted(by, **terms):
    open_draft(by=by, at=NOW)
    return edit_draft(terms={"in_force_from": TOMORROW, **terms}, revision=1, by=by, at=NOW)


def agreed(managers, **terms):
    made = drafted(managers[0], **terms)
    for manager in managers:
        made = sign_draft(revision=made.revision, by=manager, at=NOW)
    return made


def test_draft_says_what_the_last_version_says_and_binds_nobody(managers):
    made = open_draft(by=managers[0], at=NOW)
    assert [getattr(made, name) for name in TERMS[1:]] == [getattr(versions()[0], name) for name in TERMS[1:]]
    assert (made.version, made.in_force_from, [v.version for v in versions()]) == (2, None, [1])
    with pytest.raises(Conflict):
        open_draft(by=managers[1], at=NOW)


def test_both_signatures_on_one_revision_make_it_agreed(managers):
    made = agreed(managers, decision_days=2)
    assert (made.state, made.signed_by_marketing, made.signed_by_sales) == ("agreed", *managers)
    known = versions()
    assert in_force(known, at=NOW).version == 1
    assert in_force(known, at=NOW + timedelta(days=1)).version == 2
    assert [e.what for e in AgreementEntry.objects.order_by("pk")] == ["opened", "edited", "signed", "signed", "agreed"]


def test_an_edit_voids_signatures_and_signing_the_old_text_is_refused(managers):
    marketing, sales = managers
    made = drafted(marketing)
    sign_draft(revision=made.revision, by=marketing, at=NOW)
    edited = edit_draft(terms={"attempts": 4}, revision=made.revision, by=sales, at=NOW)
    assert (edited.signed_by_marketing, edited.marketing_signed_at, edited.revision) == (None, None, 3)
    with pytest.raises(Conflict):
        sign_draft(revision=made.revision, by=sales, at=NOW)
    with pytest.raises(Conflict):
        edit_draft(terms={"attempts": 5}, revision=made.revision, by=marketing, at=NOW)
    assert AgreementEntry.objects.filter(what="edited").first().changes == {"attempts": [3, 4]}


def test_an_edit_that_changes_nothing_keeps_the_signature(managers):
    made = drafted(managers[0])
    sign_draft(revision=made.revision, by=managers[0], at=NOW)
    same = edit_draft(terms={"attempts": 3, "version": 9}, revision=made.revision, by=managers[1], at=NOW)
    assert (same.revision, same.signed_by_marketing_id, same.version) == (2, managers[0].pk, 2)


@pytest.mark.parametrize("role", [Role.ADMIN, Role.MARKETER, Role.REP, Role.TEAM_LEAD])
def test_nobody_else_signs(managers, role):
    made = drafted(managers[0])
    with pytest.raises(Refused):
        sign_draft(revision=made.revision, by=make_user(role), at=NOW)


def test_who_changes_sides_signs_once(managers):
    made = drafted(managers[0])
    sign_draft(revision=made.revision, by=managers[0], at=NOW)
    managers[0].role = Role.SALES_MANAGER
    managers[0].save()
    with pytest.raises(Refused) as refused:
        sign_draft(revision=made.revision, by=managers[0], at=NOW)
    assert (refused.value.code, draft().signed_by_sales) == ("signed_for_the_other_side", None)


def test_one_side_alone_agrees_nothing_and_signs_once(managers):
    made = sign_draft(revision=drafted(managers[0]).revision, by=managers[0], at=NOW)
    for manager in (managers[0], make_user(Role.MARKETING_MANAGER)):
        with pytest.raises(Conflict, match="đã ký"):
            sign_draft(revision=made.revision, by=manager, at=NOW)
    assert (made.is_draft, [v.version for v in versions()]) == (True, [1])
    assert AgreementEntry.objects.filter(what="signed").count() == 1


@pytest.mark.parametrize("day", [None, date(2026, 11, 22)])
def test_a_version_never_reaches_back(managers, day):
    made = drafted(managers[0], in_force_from=day)
    with pytest.raises(Invalid):
        sign_draft(revision=made.revision, by=managers[0], at=NOW)


def test_versions_follow_one_another(managers):
    agreed(managers, in_force_from=date(2026, 12, 1))
    open_draft(by=managers[0], at=NOW)
    made = edit_draft(terms={"in_force_from": TOMORROW}, revision=1, by=managers[0], at=NOW)
    with pytest.raises(Invalid):
        sign_draft(revision=made.revision, by=managers[0], at=NOW)


def test_dropping_keeps_the_log(managers):
    open_draft(by=managers[0], at=NOW)
    drop_draft(revision=1, by=managers[0], at=NOW)
    assert (draft(), AgreementEntry.objects.filter(what="dropped").count()) == (None, 1)
    with pytest.raises(NotFound):
        drop_draft(revision=1, by=managers[0], at=NOW)


def test_the_work_of_sales_follows_the_version_in_force(managers):
    agreed(managers, bant_minimum=70, retry_hours=2)
    assert put_in_force(at=NOW) is False
    assert put_in_force(at=NOW + timedelta(days=1)) is True
    policy = Policy.current()
    assert (policy.bant_minimum, policy.retry_hours, policy.attempts) == (70, 2, 3)
    assert put_in_force(at=NOW + timedelta(days=1)) is False


def test_a_clock_started_before_keeps_the_old_promise(managers):
    before = make_clock()
    agreed(managers, first_touch_minutes=30)
    assert (before.minutes, make_clock(at=NOW + timedelta(days=1)).minutes) == (120, 30)


def test_differences_are_said_in_words(managers):
    agreed(managers, qualified_rate=50, sql_rule="score", feedback_weekday=0)
    first, second = versions()
    assert [(str(d.label), d.before, d.after) for d in differences(first, second)] == [
        ("có hiệu lực từ", "01/01/2000", "24/11/2026"),
        ("mô hình điểm định nghĩa MQL", "–", "1"),
        ("điều kiện thành SQL", "BANT đạt mức tối thiểu", "Điểm đạt ngưỡng SQL"),
        ("đạt chuẩn ít nhất", "40\xa0%", "50\xa0%"),
        ("hạn phản hồi hằng tuần", "Thứ 6", "Thứ 2"),
    ]
    assert differences(first, first) == []


def test_pages_from_the_draft_to_the_agreement(django_assert_max_num_queries):
    marketing, _m = as_role(Role.MARKETING_MANAGER)
    sales, _s = as_role(Role.SALES_MANAGER)
    assert marketing.get(reverse("agreement_draft")).status_code == 404
    assert marketing.post(reverse("agreement_open"), follow=True).status_code == 200
    today = timezone.localdate() + timedelta(days=2)
    terms = {name: getattr(versions()[0], name) for name in TERMS} | {"in_force_from": today, "model_version": ""}
    wrong = marketing.post(reverse("agreement_draft"), {**terms, "first_touch_minutes": 5, "revision": 1})
    assert (wrong.status_code, "hạn dài hơn" in wrong.content.decode()) == (422, True)
    saved = marketing.post(
        reverse("agreement_draft"), {**terms, "attempts": 4, "note": "Gọi thêm", "revision": 1}, follow=True
    )
    assert (saved.redirect_chain, "Gọi thêm" in saved.content.decode()) == ([("/agreement/2/", 302)], True)
    for client in (marketing, sales):
        page = client.post(reverse("agreement_sign"), {"revision": 2}, follow=True)
        assert page.status_code == 200
    assert Agreement.objects.get(version=2).state == "agreed"
    with django_assert_max_num_queries(12):
        assert sales.get("/agreement/2/").context["may_sign"] is False
    assert sales.get("/agreement/9/").status_code == 404
    assert sales.post(reverse("agreement_sign"), {"revision": "x"}).status_code == 404


def test_the_draft_is_dropped_from_its_page():
    client, _user = as_role(Role.ADMIN)
    client.post(reverse("agreement_open"))
    assert "Bỏ bản nháp" in client.get("/agreement/2/").content.decode()
    assert client.post(reverse("agreement_drop"), {"revision": 1}, follow=True).status_code == 200
    assert draft() is None


@pytest.mark.parametrize("role", [Role.REP, Role.TEAM_LEAD, Role.MARKETER])
def test_others_read_the_agreement_and_change_nothing(role):
    client, _user = as_role(role)
    assert client.get("/agreement/1/").status_code == 200
    for name in ("agreement_open", "agreement_sign", "agreement_drop"):
        assert client.post(reverse(name), {"revision": 1}).status_code == 403
    assert client.get(reverse("agreement_draft")).status_code == 403


def test_a_share_nobody_promises_is_said_so():
    before = versions()[0]
    after = Agreement(version=2, in_force_from=before.in_force_from, won_rate=25)
    (closing,) = [d for d in differences(before, after) if d.before == "chưa cam kết"]
    assert closing.after == "25\xa0%"
    assert [line.value for line in lines(before) if str(line.value) == "chưa cam kết"] == ["chưa cam kết"]


def test_a_day_gone_by_is_refused_while_the_draft_is_written_and_the_log_says_what_changed():
    client, _user = as_role(Role.MARKETING_MANAGER)
    client.post(reverse("agreement_open"))
    terms = {name: getattr(versions()[0], name) for name in TERMS} | {"model_version": "", "revision": 1}
    gone = client.post(reverse("agreement_draft"), {**terms, "in_force_from": "2020-01-01"})
    assert (gone.status_code, "từ hôm nay trở đi" in gone.content.decode()) == (422, True)
    saved = client.post(reverse("agreement_draft"), {**terms, "mql_per_month": 45}, follow=True).content.decode()
    assert ("Đã lưu bản nháp." in saved, "không còn giá trị" in saved) == (True, False)
    assert "Bàn giao đạt chuẩn mỗi tháng: 100 → 45" in saved
    (entry,) = AgreementEntry.objects.filter(what="edited")
    entry.changes = {"mql_per_month": [100, 45], "in_force_from": [None, "2027-01-01"]}
    assert [(line.before, line.after) for line in written(entry)] == [("100", "45"), ("–", "01/01/2027")]
    assert "BANT từ 60" in saved  # the definitions are part of the document


def test_a_change_takes_off_signatures_and_says_so(managers):
    signed = sign_draft(revision=drafted(managers[0]).revision, by=managers[0], at=NOW)
    page = enter(managers[0]).get("/agreement/2/")
    assert page.context["may_sign"] is False
    terms = {name: getattr(signed, name) for name in TERMS} | {"revision": signed.revision, "model_version": ""}
    later = timezone.localdate() + timedelta(days=9)
    sent = {**terms, "attempts": 5, "in_force_from": later}
    page = enter(managers[1]).post(reverse("agreement_draft"), sent, follow=True)
    assert "không còn giá trị" in page.content.decode()
    assert enter(managers[0]).get("/agreement/2/").context["may_sign"] is True


def test_versions_are_found_by_number_note_and_signer():
    for n in range(2, 6):
        day = date(2026, 11, n)
        Agreement.objects.create(version=n, state="agreed", in_force_from=day, note=f"Quý {n}" if n < 5 else "Tết")
    client, _user = as_role(Role.REP)

    def found(words: str) -> list[int]:
        return [one.version for one in client.get("/agreement/", {"v": words}).context["versions"]]

    assert (found(""), found("tet"), found("quy 3"), found("không có")) == ([5, 4, 3, 2, 1], [5], [3], [])


def typed_as_it_is():
    """The form of the draft as the page shows it."""
    now = draft()
    return {name: getattr(now, name) for name in TERMS} | {"model_version": "", "revision": now.revision}


def test_what_was_typed_survives_a_colleagues_edit_and_is_saved_by_saving_again():
    client, other = enter(make_user(Role.SALES_MANAGER)), make_user(Role.MARKETING_MANAGER)
    client.post(reverse("agreement_open"))
    terms = typed_as_it_is()
    edit_draft(terms={"mql_per_month": 70}, revision=1, by=other, at=timezone.now())
    late = client.post(reverse("agreement_draft"), {**terms, "mql_per_month": 55, "note": "Vì Tết", "revision": 1})
    page = late.content.decode()
    assert (late.status_code, "Bản nháp vừa được người khác sửa" in page) == (422, True)
    assert ("Vì Tết" in page, 'name="mql_per_month" value="55"' in page) == (True, True)
    assert 'name="revision" value="2"' in page
    client.post(reverse("agreement_draft"), {**terms, "mql_per_month": 55, "note": "Vì Tết", "revision": 2})
    assert (draft().mql_per_month, draft().note) == (55, "Vì Tết")


@pytest.mark.parametrize(
    ("field", "typed", "kept"),
    [
        ("mql_per_month", "1.200", 1200),
        ("mql_per_month", "1.5", None),
        ("care_days", "500.000", None),
        ("first_touch_minutes", "99999999", None),
        ("in_force_from", "9999-12-31", None),
    ],
)
def test_numbers_of_the_draft_are_read_as_written_and_nonsense_is_refused(field, typed, kept):
    client = enter(make_user(Role.SALES_MANAGER))
    client.post(reverse("agreement_open"))
    before = getattr(draft(), field)
    sent = client.post(reverse("agreement_draft"), {**typed_as_it_is(), field: typed})
    assert sent.status_code == (422 if kept is None else 302)
    assert getattr(draft(), field) == (before if kept is None else kept)
    assert (field in sent.context["form"].errors) if kept is None else True
