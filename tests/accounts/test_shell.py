import pytest
from django.core.cache import caches
from django.test import Client, RequestFactory
from django.urls import reverse

from accounts.context import shell
from accounts.enums import Role
from accounts.models import User
from tests.factories import make_user

pytestmark = pytest.mark.django_db


def page(role, language="vi", address="help"):
    browser = Client()
    browser.force_login(make_user(role, language=language))
    return browser.get(reverse(address)).content.decode()


def links(page):
    return page.count('class="side-link'), page.count('class="palette-item"')


def test_a_menu_drawn_for_one_role_is_not_shown_to_another():
    caches["drawn"].clear()
    admin, rep = page(Role.ADMIN), page(Role.REP)
    assert (reverse("users") in admin, reverse("users") in rep) == (True, False)
    assert links(page(Role.ADMIN)) == links(admin)
    assert links(page(Role.REP)) == links(rep)


def test_a_menu_is_drawn_once_for_each_language():
    caches["drawn"].clear()
    assert ("Thông báo" in page(Role.REP), "Notifications" in page(Role.REP, "en")) == (True, True)
    assert ("Notifications" in page(Role.REP), "Thông báo" in page(Role.REP, "en")) == (False, False)


def test_a_kept_menu_marks_the_page_one_is_on():
    caches["drawn"].clear()
    pages = [page(Role.ADMIN, address=address) for address in ("help", "jobs", "help")]
    marked = [text.split('class="side-link active"')[1].split('"')[1] for text in pages]
    assert marked == [reverse("help"), reverse("jobs"), reverse("help")]


def test_who_may_not_log_in_any_more_has_no_menu():
    request = RequestFactory().get("/help/")
    request.user = User(role=Role.ADMIN, is_active=False)
    assert (shell(request)["menu_role"], list(shell(request)["menu"])) == ("", [])


def test_a_page_for_nobody_has_a_frame():
    assert shell(RequestFactory().get("/nowhere/"))["menu_role"] == ""
