"""Appointments, notes, files, care, the board, the worksheet and the settings of the daily work, as pages."""

from datetime import date, datetime, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from accounts.enums import Role
from leads.appointments import make_appointment
from leads.board import way_back
from leads.calls import log_call
from leads.models import Appointment, Attachment, CalendarFeed, Event, Handoff, Lead, Policy, Standing
from leads.views.agenda import usual_hour
from tests.factories import accept, make_lead, make_mql, make_team, make_user
from tests.pages import EARLIER, HTMX, as_role, enter, lead_of, said, signals

pytestmark = pytest.mark.django_db
LATER = EARLIER + timedelta(minutes=5)
DAYS = {"access_days": 9, "correct_days": 10, "object_days": 15, "erasure_days": 30}
PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 20


@pytest.fixture
def at_work():
    client, user = as_role()
    return client, user, lead_of(user, name="Nguyễn Ánh", company="Đại Phước")


def tomorrow(hour=9):
    return (timezone.localtime() + timedelta(days=1)).replace(hour=hour, minute=0, second=0, microsecond=0)


# --- appointments -------------------------------------------------------------------------------------


def test_appointment_is_made_moved_and_closed_on_the_page(at_work):
    client, user, lead = at_work
    assert 'type="datetime-local"' in client.get(f"/leads/{lead.pk}/appointments/new/", headers=HTMX).content.decode()
    sent = {
        "starts_at": tomorrow().strftime("%Y-%m-%dT%H:%M"),
        "minutes": 45,
        "place": "Quán A",
        "link": "",
        "note": "",
    }
    assert said(client.post(f"/leads/{lead.pk}/appointments/new/", sent, headers=HTMX)) == "Đã đặt lịch hẹn."
    made = Appointment.objects.get()
    assert (made.starts_at, made.minutes, made.owner) == (tomorrow(), 45, user)
    page = client.get(f"/leads/{lead.pk}/").content.decode()
    assert ("Quán A" in page, f"/appointments/{made.pk}/end/" in page) == (True, True)
    dialog = client.get(f"/appointments/{made.pk}/", headers=HTMX).content.decode()
    assert ('value="Quán A"' in dialog, "by_lead" in dialog) == (True, False)
    moved = {**sent, "place": "Quán B"}
    assert said(client.post(f"/appointments/{made.pk}/", moved, headers=HTMX)) == "Đã đổi lịch hẹn."
    early = client.post(f"/appointments/{made.pk}/end/", {"outcome": "held", "result": "Tốt"}, headers=HTMX)
    assert (early.status_code, "Chưa đến giờ hẹn." in early.content.decode()) == (422, True)
    assert "Tốt</textarea>" in early.content.decode()
    assert client.get(f"/appointments/{made.pk}/end/", headers=HTMX).status_code == 200
    client.post(f"/appointments/{made.pk}/end/", {"outcome": "cancelled"}, headers=HTMX)
    made.refresh_from_db()
    assert (made.outcome, made.place) == ("cancelled", "Quán B")


@pytest.mark.parametrize(("field", "value"), [("minutes", "0"), ("starts_at", ""), ("link", "javascript:1")])
def test_appointment_says_beside_the_field_what_is_wrong(at_work, field, value):
    client, user, lead = at_work
    sent = {"starts_at": "2026-12-01T09:00", "minutes": 60, "place": "Quán A", field: value}
    response = client.post(f"/leads/{lead.pk}/appointments/new/", sent, headers=HTMX)
    assert (response.status_code, "invalid-feedback" in response.content.decode()) == (422, True)
    assert 'value="Quán A"' in response.content.decode()
    made = make_appointment(lead.pk, by=user, at=timezone.now(), starts_at=tomorrow())
    assert client.post(f"/appointments/{made.pk}/", sent, headers=HTMX).status_code == 422


def test_a_foreign_appointment_is_not_there(at_work):
    _client, user, lead = at_work
    made = make_appointment(lead.pk, by=user, at=timezone.now(), starts_at=tomorrow())
    other = enter(make_user(on_duty=False))
    for path in (f"/appointments/{made.pk}/", f"/appointments/{made.pk}/end/", f"/appointments/{made.pk}.ics"):
        assert other.get(path).status_code == 404


@pytest.mark.parametrize("shape", ["day", "week", "month", "", "year"])
def test_calendar_shows_ones_own_appointments(at_work, shape):
    client, user, lead = at_work
    make_appointment(lead.pk, by=user, at=timezone.now(), starts_at=tomorrow(), place="Quán A")
    day = tomorrow().date().isoformat()
    page = client.get(f"/calendar/?view={shape}&day={day}").content.decode()
    assert ("Nguyễn Ánh" in page, "09:00" in page) == (True, True)
    part = client.get(f"/calendar/?view={shape}&day={day}", headers=HTMX).content.decode()
    assert ('id="calendar"' in part, "<html" in part) == (True, False)
    assert "Nguyễn Ánh" not in client.get("/calendar/?day=2026-02-03").content.decode()


def test_calendar_of_an_empty_day_says_so(at_work):
    client, _user, _lead = at_work
    assert "Chưa có lịch" in client.get("/calendar/?view=day&day=2027-01-01").content.decode()
    assert client.get("/calendar/?day=xyz").status_code == 200


def test_an_appointment_is_made_from_the_calendar(at_work):
    client, _user, lead = at_work
    day = tomorrow().date().isoformat()
    assert f'href="/appointments/new/?day={day}"' in client.get(f"/calendar/?day={day}").content.decode()
    page = client.get(f"/appointments/new/?day={day}").content.decode()
    assert ("<html" in page, f'href="/leads/{lead.pk}/appointments/new/?day={day}"' in page) == (True, True)
    form = client.get(f"/leads/{lead.pk}/appointments/new/?day={day}", headers=HTMX).content.decode()
    assert f'value="{day}T09:00"' in form


def test_whom_to_meet_is_found_by_words_but_no_strangers_and_nobody_erased(at_work):
    client, user, lead = at_work
    foreign = lead_of(make_user(Role.REP, team=make_team()), name="Nguyễn Ánh Xa")
    gone = lead_of(user, name="Nguyễn Ánh Cũ")
    Lead.objects.filter(pk=gone.pk).update(erased_at=timezone.now())
    part = client.get("/appointments/new/?q=nguyen+anh", headers={**HTMX, "HX-Target": "to-meet"}).content.decode()
    shown = [f"/leads/{one.pk}/appointments/new/" in part for one in (lead, foreign, gone)]
    assert ("<html" in part, "<form" in part, shown) == (False, False, [True, False, False])
    assert "Không tìm thấy ai" in client.get("/appointments/new/?q=zzzz+zzzz", headers=HTMX).content.decode()
    assert f"/leads/{gone.pk}/" not in client.get("/appointments/new/?day=xyz", headers=HTMX).content.decode()


def test_who_has_no_leads_is_asked_for_a_name():
    client, _user = as_role(Role.SALES_MANAGER)
    assert "Gõ tên, công ty" in client.get("/appointments/new/", headers=HTMX).content.decode()


def test_an_appointment_ahead_is_called_off_and_a_past_one_has_an_outcome(at_work):
    client, user, lead = at_work
    ahead = make_appointment(lead.pk, by=user, at=timezone.now(), starts_at=tomorrow())
    past = make_appointment(lead.pk, by=user, at=timezone.now(), starts_at=tomorrow() - timedelta(days=3))
    pages = [client.get(f"/appointments/{one.pk}/", headers=HTMX).content.decode() for one in (ahead, past)]
    assert ["Huỷ lịch hẹn" in page for page in pages] == [True, False]


def test_the_hour_is_the_next_full_one_today_and_nine_on_any_other_day():
    now = datetime(2026, 11, 23, 10, 20, tzinfo=timezone.get_default_timezone())
    assert [timezone.localtime(usual_hour(day, now)).isoformat() for day in (None, date(2026, 11, 23))] == [
        "2026-11-23T11:00:00+07:00"
    ] * 2
    assert timezone.localtime(usual_hour(date(2026, 11, 25), now)).isoformat() == "2026-11-25T09:00:00+07:00"


def test_leaders_look_at_their_peoples_calendars():
    team = make_team()
    rep = make_user(team=team, full_name="Sales Một")
    lead = make_mql(at=EARLIER, name="Của đội")
    make_appointment(lead.pk, by=rep, at=timezone.now(), starts_at=tomorrow())
    day = f"day={tomorrow().date().isoformat()}"
    boss, mate, stranger = (
        enter(make_user(role, on_duty=False, **more))
        for role, more in ((Role.TEAM_LEAD, {"team": team}), (Role.REP, {"team": team}), (Role.TEAM_LEAD, {}))
    )
    seen = {
        who: "Của đội" in client.get(f"/calendar/?{day}&who={who}").content.decode()
        for client in (boss,)
        for who in ("team", str(rep.pk), "")
    }
    assert seen == {"team": True, str(rep.pk): True, "": False}
    manager = as_role(Role.SALES_MANAGER)[0]
    assert "Của đội" in manager.get(f"/calendar/?{day}&who=team").content.decode()
    for client in (mate, stranger):
        assert "Của đội" not in client.get(f"/calendar/?{day}&who=team").content.decode()
        assert "Của đội" not in client.get(f"/calendar/?{day}&who={rep.pk}").content.decode()


def test_one_appointment_downloads_as_ics(at_work):
    client, user, lead = at_work
    made = make_appointment(lead.pk, by=user, at=timezone.now(), starts_at=tomorrow())
    response = client.get(f"/appointments/{made.pk}.ics")
    assert response["Content-Type"] == "text/calendar; charset=utf-8"
    assert response["Content-Disposition"].startswith("attachment")
    assert f"UID:appointment-{made.pk}@" in response.content.decode()


def test_feed_is_read_by_its_secret_address_until_it_ends(at_work, client):
    mine, user, lead = at_work
    make_appointment(lead.pk, by=user, at=timezone.now(), starts_at=tomorrow())
    address = mine.post("/calendar/feed/").context["address"]
    path = "/" + address.split("/", 3)[3]
    feed = client.get(path)
    assert (feed.status_code, "Nguyễn Ánh" in feed.content.decode()) == (200, True)
    assert CalendarFeed.objects.get().digest not in path
    again = "/" + mine.post("/calendar/feed/").context["address"].split("/", 3)[3]
    assert (client.get(path).status_code, client.get(again).status_code) == (404, 200)
    user.is_active = False
    user.save()
    assert client.get(again).status_code == 404
    user.is_active = True
    user.save()
    assert enter(user).post("/calendar/feed/", {"end": "1"}).url == "/calendar/"
    assert client.get(again).status_code == 404


# --- notes and files ----------------------------------------------------------------------------------


def test_note_stands_in_the_timeline(at_work):
    client, _user, lead = at_work
    assert said(client.post(f"/leads/{lead.pk}/notes/", {"text": "Gọi lại sau Tết"}, headers=HTMX)) == "Đã lưu ghi chú."
    assert "Gọi lại sau Tết" in client.get(f"/leads/{lead.pk}/?group=note").content.decode()
    refused = client.post(f"/leads/{lead.pk}/notes/", {"text": " "}, headers=HTMX)
    assert (refused.status_code, 'id="lead-note"' in refused.content.decode()) == (422, True)
    assert client.post(f"/leads/{lead.pk}/notes/", {"text": ""}).status_code == 422


def test_notes_offer_colleagues(at_work):
    client, user, lead = at_work
    assert (
        f'data-mention="{user.full_name}"' in client.get(f"/leads/{lead.pk}/mentions/", headers=HTMX).content.decode()
    )


def test_file_is_kept_downloaded_and_removed(at_work, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    client, _user, lead = at_work
    url = f"/leads/{lead.pk}/files/"
    sent = {"file": SimpleUploadedFile("Ảnh.png", PNG, content_type="text/html")}
    assert said(client.post(url, sent, headers=HTMX)) == "Đã lưu tệp."
    kept = Attachment.objects.get()
    response = client.get(f"{url}{kept.pk}/")
    assert b"".join(response.streaming_content) == PNG
    assert (response["Content-Type"], response["X-Content-Type-Options"]) == ("image/png", "nosniff")
    assert response["Content-Disposition"].startswith("attachment")
    assert "Ảnh.png" in client.get(f"/leads/{lead.pk}/").content.decode()
    other = enter(make_user(on_duty=False))
    assert other.get(f"{url}{kept.pk}/").status_code == 404
    assert client.get(f"/leads/{make_lead().pk}/files/{kept.pk}/").status_code == 404
    assert said(client.post(f"{url}{kept.pk}/remove/", headers=HTMX)) == "Đã bỏ tệp."
    assert Attachment.objects.count() == 0


def test_file_that_is_not_what_it_says_is_refused(at_work):
    client, _user, lead = at_work
    sent = {"file": SimpleUploadedFile("x.pdf", b"<html>")}
    response = client.post(f"/leads/{lead.pk}/files/", sent, headers=HTMX)
    assert (response.status_code, "không thuộc loại được giữ" in response.content.decode()) == (422, True)
    assert client.post(f"/leads/{lead.pk}/files/", {}).status_code == 422


# --- care ---------------------------------------------------------------------------------------------


def test_when_care_has_ended_the_page_asks_for_a_decision():
    client, user = as_role()
    lead = make_mql(at=EARLIER - timedelta(days=40), name="Quá hạn")
    accept(Handoff.objects.get(lead=lead), by=user, at=EARLIER - timedelta(days=39))
    assert 'id="care"' in client.get("/today/").content.decode()
    page = client.get(f"/leads/{lead.pk}/").content.decode()
    assert ("Hết hạn chăm sóc mà không tiến triển" in page, f"/leads/{lead.pk}/care/" in page) == (True, True)
    assert client.get(f"/leads/{lead.pk}/care/", headers=HTMX).status_code == 200
    assert client.post(f"/leads/{lead.pk}/care/", {"reason": ""}, headers=HTMX).status_code == 422
    assert (
        said(client.post(f"/leads/{lead.pk}/care/", {"reason": "Chờ ký"}, headers=HTMX))
        == "Bạn tiếp tục chăm sóc lead này."
    )
    assert "Chăm sóc đến" in client.get(f"/leads/{lead.pk}/").content.decode()


def test_an_accepted_lead_goes_back_to_marketing():
    client, user = as_role()
    lead = lead_of(user)
    accept(Handoff.objects.get(lead=lead), by=user, at=LATER)
    url = f"/leads/{lead.pk}/give-back/"
    assert client.get(url, headers=HTMX).status_code == 200
    yesterday = (timezone.localdate() - timedelta(days=1)).isoformat()
    for sent in ({"reason": ""}, {"reason": "no_need", "wake_on": yesterday}, {"reason": "other"}):
        assert client.post(url, sent, headers=HTMX).status_code == 422
    ahead = (timezone.localdate() + timedelta(days=9)).isoformat()
    assert client.post(url, {"reason": "no_need", "wake_on": ahead}).url == "/today/"
    assert Standing.objects.get().owner_id is None


# --- the board ----------------------------------------------------------------------------------------


def test_board_has_a_column_for_each_status_and_the_cards_one_may_see(at_work):
    client, _user, lead = at_work
    make_lead(at=EARLIER, name="Của Marketing")
    page = client.get("/board/").content.decode()
    assert page.count('class="board-column') == 7
    assert (f'data-card="{lead.pk}"' in page, "Của Marketing" in page) == (True, False)
    part = client.get("/board/", headers=HTMX).content.decode()
    assert (part.count('hx-swap-oob="true"'), "<html" in part) == (7, False)


def test_board_goes_on_loading_and_narrows():
    client, _user = as_role(Role.MARKETER)
    for n in range(33):
        make_lead(at=EARLIER + timedelta(seconds=n), name=f"Lead {n:02}", source="Web" if n else "Sự kiện, hội chợ")
    page = client.get("/board/").content.decode()
    assert (page.count("data-card="), ">33<" in page) == (30, True)
    more = page.split('hx-get="/board/columns/new/')[1].split('"')[0].replace("&amp;", "&")
    rest = client.get(f"/board/columns/new/{more}", headers=HTMX).content.decode()
    assert (rest.count("data-card="), "Lead 00" in rest) == (3, True)
    assert client.get("/board/columns/nothing/").status_code == 404
    assert (
        client.get("/board/?source=S%E1%BB%B1+ki%E1%BB%87n%2C+h%E1%BB%99i+ch%E1%BB%A3")
        .content.decode()
        .count("data-card=")
        == 1
    )
    assert client.get("/board/?q=Lead+07").content.decode().count("data-card=") == 1
    assert client.get("/board/?owner=999").content.decode().count("data-card=") == 30


def test_board_costs_the_same_for_any_number_of_cards(django_assert_num_queries):
    client, _user = as_role(Role.MARKETER)
    for _n in range(2):
        make_lead(at=EARLIER)
    client.get("/board/")
    with django_assert_num_queries(15):
        client.get("/board/")


def test_a_free_move_happens_at_once(at_work):
    client, _user, lead = at_work
    response = client.post(f"/board/{lead.pk}/researched/", headers=HTMX)
    assert (response.status_code, said(response)) == (204, "Trạng thái giờ là “Đã tìm hiểu”.")
    assert Standing.objects.get(pk=lead.pk).status == "researched"


def test_a_click_takes_a_move_back_and_the_log_says_so(at_work):
    client, user, lead = at_work
    accept(Handoff.objects.get(lead=lead), by=user, at=LATER)
    moved = client.post(f"/board/{lead.pk}/hot/", headers=HTMX)
    undo = signals(moved)["toast"]["undo"]
    assert undo == f"/board/{lead.pk}/potential/?back=1"
    back = client.post(undo, headers=HTMX)
    assert (back.status_code, said(back), "undo" in signals(back)["toast"]) == (
        204, "Trạng thái giờ là “Tiềm năng”.", False,
    )  # fmt: skip
    assert Standing.objects.get(pk=lead.pk).status == "potential"
    last = Event.objects.filter(lead=lead, kind="status.moved").latest("pk")
    assert (last.actor_id, last.properties["reason"]) == (user.pk, "Chuyển nhầm, đã hoàn tác")


def test_no_undo_where_the_chain_has_no_way_back(at_work):
    client, _user, lead = at_work
    response = client.post(f"/board/{lead.pk}/researched/", headers=HTMX)
    assert "undo" not in signals(response)["toast"]


def test_the_way_back_is_the_movers_own_and_only_of_the_last_move(at_work):
    client, user, lead = at_work
    accept(Handoff.objects.get(lead=lead), by=user, at=LATER)
    client.post(f"/board/{lead.pk}/hot/", headers=HTMX)
    standing = Standing.objects.get(pk=lead.pk)
    assert (way_back(standing, by=user), way_back(standing, by=make_user())) == ("potential", None)
    asked = client.post(f"/board/{lead.pk}/wrong_target/?back=1", headers=HTMX)
    assert (asked.status_code, Standing.objects.get(pk=lead.pk).status) == (202, "hot")  # not where it came from


def test_a_move_that_asks_is_asked_first(at_work):
    client, user, lead = at_work
    log_call(lead.pk, by=user, at=LATER, outcome="reached")
    accept(Handoff.objects.get(lead=lead), by=user, at=LATER)
    response = client.post(f"/board/{lead.pk}/wrong_target/", headers=HTMX)
    assert (response.status_code, signals(response)["board-asks"]) == (
        202,
        {"url": f"/leads/{lead.pk}/status/wrong_target/"},
    )
    assert Standing.objects.get().status == "potential"


@pytest.mark.parametrize(("to", "why"), [("potential", "Hãy nhận bàn giao"), ("won", "Không chuyển thẳng được")])
def test_a_refused_move_says_why(at_work, to, why):
    client, _user, lead = at_work
    response = client.post(f"/board/{lead.pk}/{to}/", headers=HTMX)
    assert (response.status_code, response["HX-Retarget"]) == (422, "#toasts")
    assert "Nguyễn Ánh vẫn ở cột cũ." in response.content.decode()
    assert why in response.content.decode() or to == "potential"
    assert Standing.objects.get().status == "new"


def test_board_moves_are_sales_and_known(at_work):
    client, _user, lead = at_work
    assert client.post(f"/board/{lead.pk}/nowhere/").status_code == 404
    assert enter(make_user(on_duty=False)).post(f"/board/{lead.pk}/researched/").status_code == 404
    assert as_role(Role.MARKETER)[0].post(f"/board/{lead.pk}/researched/").status_code == 403
    dialog = client.get(f"/board/{lead.pk}/moves/", headers=HTMX).content.decode()
    assert (f"/leads/{lead.pk}/status/researched/" in dialog, "board-why" in dialog) == (True, True)


# --- the worksheet and the settings -------------------------------------------------------------------


def test_worksheet_prints_filled_and_blank(at_work):
    client, user, lead = at_work
    accept(Handoff.objects.get(lead=lead), by=user, at=LATER)
    page = client.get(f"/leads/{lead.pk}/worksheet/").content.decode()
    assert ("Nguyễn Ánh" in page, page.count("sheet-ticked")) == (True, 9)
    assert client.get("/worksheet/").content.decode().count("sheet-ticked") == 0
    for path in (f"/leads/{lead.pk}/worksheet.xlsx", "/worksheet.xlsx"):
        response = client.get(path)
        assert (response.status_code, response.content[:2]) == (200, b"PK")
        assert response["Content-Disposition"].endswith('.xlsx"')


def test_administrator_sets_the_address_that_calls(at_work):
    client, _user, lead = at_work
    admin = as_role(Role.ADMIN)[0]
    assert "tel:+84912345678" in admin.get("/settings/work/").content.decode()
    sent = {"call_address": "https://voip.vn/?to={phone}", "reminder_minutes": 15, "quiet_days": 7, **DAYS}
    assert admin.post("/settings/work/", sent).url == "/settings/work/"
    policy = Policy.current()
    assert (policy.reminder_minutes, policy.attempts, policy.erasure_days, policy.access_days) == (15, 3, 30, 9)
    assert 'href="https://voip.vn/?to=%2B84' in client.get(f"/leads/{lead.pk}/").content.decode()
    bad = admin.post("/settings/work/", {**sent, "call_address": "javascript:{phone}"})
    assert (bad.status_code, "phải bắt đầu bằng" in bad.content.decode()) == (422, True)
    assert client.get("/settings/work/").status_code == 403


def test_recording_of_a_call_is_linked_in_the_timeline(at_work):
    client, _user, lead = at_work
    sent = {"outcome": "reached", "recording_url": "https://rec.vn/1"}
    assert client.post(f"/leads/{lead.pk}/call/", sent, headers=HTMX).status_code == 204
    assert 'href="https://rec.vn/1"' in client.get(f"/leads/{lead.pk}/").content.decode()
    bad = client.post(f"/leads/{lead.pk}/call/", {**sent, "recording_url": "javascript:1"}, headers=HTMX)
    assert bad.status_code == 422
    assert Event.objects.filter(kind="call.logged").count() == 1
