import re

import pytest
from django.core import mail
from django.test import Client

from tests.core.page import show
from tests.factories import PASSWORD, make_user

pytestmark = pytest.mark.django_db


def get(client, address, **extra):
    response = client.get(address, **extra)
    return response.status_code, show("{{ html|safe }}", html=response.content.decode())


def heading(page_html):
    return re.search(r"<h1[^>]*>(.*?)</h1>", page_html, re.DOTALL)[1].strip()


@pytest.mark.parametrize(
    ("address", "title", "english"),
    [
        ("/accounts/login/", "Chào bạn", "Good to see you"),
        ("/accounts/signup/", "Tài khoản do quản trị viên tạo", "Accounts are made by the administrator"),
        ("/accounts/password/reset/", "Quên mật khẩu?", "Forgot your password?"),
        ("/accounts/password/reset/done/", "Hãy xem hộp thư", "Look in your mail"),
        ("/accounts/password/reset/key/x-bad/", "Liên kết không còn dùng được", "This link no longer works"),
        ("/accounts/password/reset/key/done/", "Đã đổi mật khẩu", "Your password is changed"),
        ("/accounts/inactive/", "Tài khoản ngừng hoạt động", "Account Inactive"),
    ],
)
def test_entrance_pages_speak_both_languages(client, address, title, english):
    status, page = get(client, address)
    assert (status, heading(page.html), page.one("html")["lang"]) == (200, title, "vi")
    client.cookies["language"] = "en"
    status, page = get(client, address)
    assert (status, heading(page.html), page.one("html")["lang"]) == (200, english, "en")


@pytest.mark.parametrize(
    ("address", "title"),
    [
        ("/accounts/logout/", "Đăng xuất?"),
        ("/accounts/password/change/", "Đổi mật khẩu"),
        ("/accounts/email/", "Địa chỉ e-mail"),
        ("/accounts/reauthenticate/", "Xác nhận danh tính"),
    ],
)
def test_pages_of_ones_own_account_wear_our_look(client, address, title):
    client.force_login(make_user())
    status, page = get(client, address)
    assert (status, heading(page.html)) == (200, title)
    assert len(page.all("link", href="/static/leadflow/css/shell.css")) == 1


def test_wrong_password_is_told_beside_the_form():
    make_user(email="huy@leadflow.example")
    response = Client().post("/accounts/login/", {"login": "huy@leadflow.example", "password": "wrong"})
    page = show("{{ html|safe }}", html=response.content.decode())
    assert page.one("div", css="alert-danger")["role"] == "alert"
    assert ("E-mail hoặc mật khẩu chưa đúng." in page.words) is True
    assert page.one("input", name="login")["value"] == "huy@leadflow.example"


def test_forgotten_password_is_replaced_by_mail(client):
    user = make_user(email="huy@leadflow.example")
    client.post("/accounts/password/reset/", {"email": user.email})
    (message,) = mail.outbox
    assert message.subject.endswith("Đặt lại mật khẩu") is True
    link = re.search(r"http://testserver(/\S+)", message.body)[1]
    form = client.get(link, follow=True)
    assert heading(form.content.decode()) == "Chọn mật khẩu mới"
    done = client.post(form.redirect_chain[-1][0], {"password1": "mat-khau-moi-1", "password2": "mat-khau-moi-1"})
    assert done.status_code == 302
    user.refresh_from_db()
    assert (user.check_password("mat-khau-moi-1"), user.check_password(PASSWORD)) == (True, False)


def test_unknown_address_is_told_by_mail_only(client):
    response = client.post("/accounts/password/reset/", {"email": "nobody@leadflow.example"}, follow=True)
    assert heading(response.content.decode()) == "Hãy xem hộp thư"
    (message,) = mail.outbox
    assert ("không có tài khoản nào dùng địa chỉ này" in message.body) is True
