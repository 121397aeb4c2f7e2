import pytest

from accounts.enums import Role
from tests.pages import as_role

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("role", "url"),
    [
        (Role.REP, "/today/"),
        (Role.TEAM_LEAD, "/today/"),
        (Role.MARKETER, "/mql/"),
        (Role.MARKETING_MANAGER, "/overview/"),
        (Role.SALES_MANAGER, "/overview/"),
        (Role.ADMIN, "/overview/"),
    ],
)
def test_home_is_where_each_role_begins(role, url):
    client, _user = as_role(role)
    response = client.get("/")
    assert (response.status_code, response.url) == (302, url)
    assert client.get(url).status_code == 200


def test_home_of_a_stranger_is_the_log_in(client):
    assert client.get("/").url == "/accounts/login/?next=/"


@pytest.mark.parametrize(
    ("language", "words"), [("vi", "Cách tính &amp; thuật ngữ"), ("en", "Definitions &amp; glossary")]
)
def test_help_explains_in_both_languages_with_the_numbers_in_force(language, words):
    client, _user = as_role(language=language)
    page = client.get("/help/").content.decode()
    assert words in page
    assert all(number in page for number in ("60", "75", "80"))
    assert page.count("badge") > 30
