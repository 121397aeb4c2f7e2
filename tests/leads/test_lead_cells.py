"""How a lead is named in the list and on the board."""

import pytest

from accounts.enums import Role
from tests.factories import make_lead
from tests.pages import EARLIER, as_role

pytestmark = pytest.mark.django_db
KEY = "7927b2df-8bba-4d29-b9a2-b6e0beafc620"


@pytest.fixture
def marketer():
    return as_role(Role.MARKETER)[0]


def test_a_key_is_no_name_what_else_is_known_stands_below_it(marketer):
    make_lead(at=EARLIER, name="", external_id=KEY, source="web", city="Huế", title="<b>Sinh viên")
    page = marketer.get("/leads/").content.decode()
    assert f'<span class="cell-sub">&lt;b&gt;Sinh viên · Huế · {KEY}</span>' in page
    assert '/">Chưa có tên</a>' in page


def test_the_board_names_it_so_too(marketer):
    make_lead(at=EARLIER, name="", external_id=KEY, source="web")
    page = marketer.get("/board/").content.decode()
    assert ('tabindex="-1">Chưa có tên</a>' in page, f"web · {KEY}" in page) == (True, True)


def test_an_e_mail_or_a_phone_is_name_enough(marketer):
    make_lead(at=EARLIER, name="", email="an@example.com")
    page = marketer.get("/leads/").content.decode()
    assert ('/">an@example.com</a>' in page, "Chưa có tên" in page) == (True, False)


def test_a_long_name_stands_whole_on_hover(marketer):
    name = "Công Tằng Tôn Nữ Hoàng Phương"
    make_lead(at=EARLIER, name=name, company="Một công ty")
    page = marketer.get("/leads/").content.decode()
    assert f'title="{name}">{name}</a><span class="cell-sub">Một công ty</span>' in page
