import pytest
from django.test import Client

from accounts.enums import Role
from accounts.models import Team, User
from tests.factories import PASSWORD, make_lead, make_mql, make_team, make_user
from tests.pages import EARLIER, HTMX, as_role, enter

pytestmark = pytest.mark.django_db


@pytest.fixture
def admin():
    return as_role(Role.ADMIN, full_name="Quản Trị")


def form(**changes):
    given = {
        "full_name": "Trần Đức Huy",
        "email": "huy@leadflow.example",
        "role": Role.REP,
        "capacity": "30",
        "weight": "1",
        "language": "vi",
        "on_duty": "on",
        "is_active": "on",
        "password": "một-mật-khẩu-dài",
    }
    return {name: value for name, value in {**given, **changes}.items() if value is not None}


def test_users_are_listed_with_those_who_left_at_the_end(admin):
    client, _user = admin
    make_user(Role.REP, full_name="Ánh Đã Nghỉ", is_active=False)
    make_user(Role.REP, full_name="Bình", on_duty=False)
    make_user(Role.REP, full_name="Cường")
    page = client.get("/people/").content.decode()
    order = [page.index(name) for name in ("Bình", "Cường", "Ánh Đã Nghỉ")]
    assert order == sorted(order)
    assert ("Đã nghỉ" in page, "Đang nghỉ" in page, "Đang nhận lead" in page) == (True, True, True)


def test_users_are_filtered_by_role(admin):
    client, _user = admin
    make_user(Role.MARKETER, full_name="Lê Thu Hà")
    assert "Lê Thu Hà" in client.get("/people/?role=marketer").content.decode()
    assert "Lê Thu Hà" not in client.get("/people/?role=rep").content.decode()
    assert "Không có gì phù hợp" in client.get("/people/?role=rep").content.decode()
    assert "Lê Thu Hà" in client.get("/people/?role=nonsense").content.decode()


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("q=le+ha", {"Lê Thu Hà"}),
        ("q=HA@", {"Lê Thu Hà"}),
        ("state=left", {"Đỗ Đã Nghỉ"}),
        ("state=active&q=do", set()),
        ("state=sleeping", {"Lê Thu Hà", "Đỗ Đã Nghỉ"}),
    ],
)
def test_users_are_found_by_words_without_accents_and_by_state(admin, query, found):
    client, _user = admin
    make_user(Role.MARKETER, full_name="Lê Thu Hà", email="ha@example.vn")
    make_user(Role.MARKETER, full_name="Đỗ Đã Nghỉ", email="nghi@example.vn", is_active=False)
    page = client.get(f"/people/?{query}").content.decode()
    assert {name for name in ("Lê Thu Hà", "Đỗ Đã Nghỉ") if name in page} == found


@pytest.mark.parametrize("people", [1, 3])
def test_users_cost_the_same_for_any_number(admin, django_assert_num_queries, people):
    client, _user = admin
    for _n in range(people):
        make_user(Role.REP)
    with django_assert_num_queries(3):
        client.get("/people/")


def test_a_new_user_can_log_in_and_leads_of_the_pool_are_dealt_anew(admin, django_capture_on_commit_callbacks):
    client, _user = admin
    team = make_team("Đội Hà Nội")
    assert f'value="{team.pk}" selected' in client.get(f"/people/new/?team={team.pk}").content.decode()
    with django_capture_on_commit_callbacks() as hints:
        response = client.post("/people/new/", form(team=team.pk, email="Huy@LeadFlow.example"), follow=True)
    assert response.redirect_chain == [("/people/", 302)]
    assert "Trần Đức Huy đã có thể đăng nhập." in response.content.decode()
    user = User.objects.get(email="huy@leadflow.example")
    assert (user.team, user.check_password("một-mật-khẩu-dài"), user.language) == (team, True, "vi")
    assert len(hints) == 1


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({"password": ""}, "Trường này là bắt buộc."),
        ({"password": "ngắn"}, "10"),
        ({"email": "TAKEN@leadflow.example"}, "E-mail này đã được dùng."),
        ({"role": Role.REP}, "Nhân viên và trưởng nhóm Sales phải thuộc một đội."),
        ({"weight": "0"}, "1"),
        ({"capacity": "nhiều"}, "số"),
    ],
)
def test_a_new_user_is_refused_with_the_reason(admin, changes, problem):
    client, _user = admin
    make_user(Role.MARKETER, email="taken@leadflow.example")
    response = client.post("/people/new/", form(**{"role": Role.MARKETER, **changes}))
    assert (response.status_code, problem in response.content.decode()) == (422, True)
    assert User.objects.filter(full_name="Trần Đức Huy").count() == 0


def test_editing_without_a_password_keeps_the_old_one(admin):
    client, _user = admin
    rep = make_user(Role.REP)
    sent = form(team=rep.team_id, email=rep.email, full_name="Tên Mới", capacity="12", password="")
    assert client.post(f"/people/{rep.pk}/", sent).url == "/people/"
    rep.refresh_from_db()
    assert (rep.full_name, rep.capacity, rep.check_password(PASSWORD)) == ("Tên Mới", 12, True)
    client.post(f"/people/{rep.pk}/", {**sent, "password": "một-mật-khẩu-khác"})
    rep.refresh_from_db()
    assert rep.check_password("một-mật-khẩu-khác")


def test_deactivating_says_what_is_left_behind(admin):
    client, _user = admin
    rep = make_user(Role.REP)
    make_mql(at=EARLIER)
    assert "Người này đang giữ 1 lead." in client.get(f"/people/{rep.pk}/").content.decode()
    sent = form(team=rep.team_id, email=rep.email, password="", is_active=None)
    response = client.post(f"/people/{rep.pk}/", sent, follow=True)
    page = response.content.decode()
    assert response.redirect_chain == [(f"/people/{rep.pk}/", 302)]
    assert "Còn 1 lead nằm ở người đã nghỉ" in page
    assert f'href="/leads/?owner={rep.pk}"' in page
    assert User.objects.get(pk=rep.pk).is_active is False


def test_nobody_locks_themselves_out(admin):
    client, user = admin
    sent = form(email=user.email, full_name=user.full_name, password="", role=Role.MARKETER, is_active=None)
    page = client.post(f"/people/{user.pk}/", sent).content.decode()
    assert ("Bạn không thể tự khoá tài khoản của mình." in page, "tự đổi vai trò" in page) == (True, True)
    user.refresh_from_db()
    assert (user.role, user.is_active) == (Role.ADMIN, True)


def test_a_new_password_of_ones_own_keeps_one_logged_in(admin):
    client, user = admin
    sent = form(email=user.email, full_name=user.full_name, role=Role.ADMIN)
    client.post(f"/people/{user.pk}/", sent)
    assert client.get("/people/").status_code == 200


def test_a_user_nobody_knows_is_not_there(admin):
    client, _user = admin
    assert client.get("/people/999999/").status_code == 404
    assert client.get("/teams/999999/").status_code == 404


def test_teams_show_who_is_in_them(admin):
    client, _user = admin
    assert "Chưa có đội nào" in client.get("/teams/").content.decode()
    team = make_team("Đội Hà Nội")
    make_user(Role.REP, team=team, full_name="Vũ Quỳnh Anh", on_duty=False)
    make_user(Role.REP, team=team, full_name="Người Cũ", is_active=False)
    page = client.get("/teams/").content.decode()
    assert ("Đội Hà Nội" in page, "Vũ Quỳnh Anh" in page, "Người Cũ" in page) == (True, True, False)


@pytest.mark.parametrize("number", [1, 3])
def test_teams_cost_the_same_for_any_number(admin, django_assert_num_queries, number):
    client, _user = admin
    for _n in range(number):
        make_user(Role.REP)
    with django_assert_num_queries(4):
        client.get("/teams/")


def test_a_team_is_made_and_renamed(admin):
    client, _user = admin
    assert client.get("/teams/new/").status_code == 200
    assert client.post("/teams/new/", {"name": "Đội Mới", "side": "sales"}).url == "/teams/"
    team = Team.objects.get()
    make_user(Role.REP, team=team, full_name="Vũ Quỳnh Anh")
    assert "Vũ Quỳnh Anh" in client.get(f"/teams/{team.pk}/").content.decode()
    client.post(f"/teams/{team.pk}/", {"name": "Đội Khác", "side": "sales", "in_hours_only": "on"})
    team.refresh_from_db()
    assert (team.name, team.in_hours_only) == ("Đội Khác", True)


def test_two_teams_do_not_share_a_name(admin):
    client, _user = admin
    make_team("Đội Hà Nội")
    assert client.post("/teams/new/", {"name": "Đội Hà Nội", "side": "sales"}).status_code == 422


@pytest.mark.parametrize("role", [role for role in Role if role != Role.ADMIN])
def test_people_and_teams_are_the_administrators(role):
    client, _user = as_role(role)
    paths = ("/people/", "/people/new/", "/people/1/", "/teams/", "/teams/new/", "/teams/1/")
    assert [client.get(path).status_code for path in paths] == [403] * 6


def test_everybody_edits_their_own_profile_and_nothing_else():
    client, user = as_role()
    page = client.get("/profile/").content.decode()
    assert (user.email in page, "Tạm nghỉ" in page) == (True, True)
    sent = {"full_name": "Tên Mới", "language": "en", "role": Role.ADMIN, "capacity": "999"}
    response = client.post("/profile/", sent, follow=True)
    user.refresh_from_db()
    assert (user.full_name, user.language, user.role, user.capacity) == ("Tên Mới", "en", Role.REP, 30)
    assert ("Profile saved." in response.content.decode(), "My profile" in response.content.decode()) == (True, True)
    assert client.post("/profile/", {"full_name": "", "language": "en"}).status_code == 422


def test_managers_have_no_duty_to_switch():
    client, _user = as_role(Role.SALES_MANAGER)
    assert "/profile/duty/" not in client.get("/profile/").content.decode().split("<main")[1]


def test_going_off_duty_and_on_again_which_hints_at_the_pool(django_capture_on_commit_callbacks):
    client, user = as_role()
    with django_capture_on_commit_callbacks() as hints:
        assert client.post("/profile/duty/", {"on_duty": ""}).url == "/profile/"
    user.refresh_from_db()
    assert (user.on_duty, hints) == (False, [])
    assert "Bắt đầu trực" in client.get("/profile/").content.decode()
    with django_capture_on_commit_callbacks() as hints:
        response = client.post("/profile/duty/", {"on_duty": "on"}, headers=HTMX)
    user.refresh_from_db()
    assert (response.status_code, user.on_duty, len(hints)) == (204, True, 1)


def test_duty_is_not_a_link():
    assert as_role()[0].get("/profile/duty/").status_code == 405


def test_language_of_somebody_logged_in_is_theirs():
    client, user = as_role()
    make_lead(at=EARLIER)
    assert client.post("/language/", {"language": "en", "next": "/leads/"}).url == "/leads/"
    user.refresh_from_db()
    assert user.language == "en"
    assert "Leads · LeadFlow" in " ".join(client.get("/leads/").content.decode().split())


def test_language_of_a_stranger_is_a_cookie():
    client = Client()
    response = client.post("/language/", {"language": "en", "next": "/accounts/login/"})
    assert (response.url, response.cookies["language"].value) == ("/accounts/login/", "en")
    assert "Good to see you" in client.get("/accounts/login/").content.decode()


@pytest.mark.parametrize(("sent", "goes_to"), [("https://elsewhere.example/", "/profile/"), ("", "/profile/")])
def test_language_never_leads_elsewhere(sent, goes_to):
    client = enter(make_user())
    assert client.post("/language/", {"language": "xx", "next": sent}).url == goes_to
    assert User.objects.get().language == "vi"
