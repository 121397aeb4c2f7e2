from types import SimpleNamespace

import pytest
from django.test import RequestFactory
from django.urls import path, reverse
from django.utils import translation

from accounts.context import menu_for, shell
from accounts.enums import Role
from accounts.menu import MENU, UNDER
from accounts.models import User
from accounts.permissions import PERMISSIONS, may
from core.templatetags.ui import icon


def _page(_request):
    """Never opened: the menu only needs the address."""


PAGES = {entry.url_name for group in MENU for entry in group.entries}
urlpatterns = [path(f"{name}/", _page, name=name) for name in sorted(PAGES - {"teams"})]

pytestmark = pytest.mark.urls(__name__)


def request(role, address="/"):
    made = RequestFactory().get(address)
    made.user = User(full_name="Lê Thu Hà", role=role)
    return made


def urls(role, address="/"):
    return [item.url for section in menu_for(request(role, address)) for item in section.items]


@pytest.mark.parametrize("role", Role)
def test_menu_shows_only_what_the_role_may_open(role):
    user = User(role=role)
    allowed = [
        f"/{entry.url_name}/"
        for group in MENU
        for entry in group.entries
        if may(user, entry.permission) and entry.url_name != "teams"
    ]
    assert urls(role) == allowed


def test_menu_leaves_out_pages_that_do_not_exist():
    assert ("/users/" in urls(Role.ADMIN), "/teams/" in urls(Role.ADMIN)) == (True, False)


def test_menu_of_a_rep_has_no_administration():
    with translation.override("vi"):
        labels = [str(section.label) for section in menu_for(request(Role.REP))]
    assert labels == ["", "Thoả thuận hai đội", ""]


def test_menu_marks_the_page_one_is_on():
    sections = menu_for(request(Role.REP, reverse("lead_list") + "12/"))
    assert [item.url for section in sections for item in section.items if item.active] == ["/lead_list/"]


def test_a_merge_lies_under_the_duplicates_and_an_appointment_under_the_calendar():
    lit = []
    for name in ("lead_merge", "appointment_new", "lead"):
        asked = request(Role.ADMIN, "/lead_list/1/")
        asked.resolver_match = SimpleNamespace(url_name=name)
        lit.append([item.url for section in menu_for(asked) for item in section.items if item.active])
    assert lit == [["/duplicates/"], ["/calendar/"], ["/lead_list/"]]
    assert {*UNDER.values()} <= PAGES


def test_menu_marks_nothing_elsewhere():
    sections = menu_for(request(Role.REP, "/accounts/login/"))
    assert [item for section in sections for item in section.items if item.active] == []


def test_shell_makes_the_menu_only_when_it_is_shown():
    context = shell(request(Role.ADMIN))
    assert [item.url for section in context["menu"] for item in section.items] == urls(Role.ADMIN)


@pytest.mark.parametrize("entry", [entry for group in MENU for entry in group.entries], ids=lambda e: e.url_name)
def test_menu_entries_have_a_known_permission_and_icon(entry):
    assert (entry.permission in PERMISSIONS, icon(entry.icon).startswith("<svg")) == (True, True)


def test_menu_letters_are_used_once():
    letters = [entry.key for group in MENU for entry in group.entries if entry.key]
    assert sorted(set(letters)) == sorted(letters)
