"""Who is not logged in goes on where they were."""

import pytest
from django.test import Client

pytestmark = pytest.mark.django_db
LOGIN = "/accounts/login/?next="


@pytest.mark.parametrize(
    ("referer", "wanted"),
    [
        ("http://testserver/agreement/breaches/7/dispute/?x=1", "/agreement/breaches/7/dispute/%3Fx%3D1"),
        ("http://evil.example/agreement/", "/"),
        ("//testserver.evil.example/", "/"),
        ("", "/"),
    ],
)
def test_a_form_sent_after_the_login_lapsed_leads_back_to_its_page(referer, wanted):
    answer = Client().post("/bonus/1/approve/", {"month": "2026-10"}, headers={"Referer": referer})
    assert (answer.status_code, answer["Location"]) == (302, LOGIN + wanted)


def test_a_page_asked_for_is_where_it_goes_on():
    assert Client().get("/bonus/?month=2026-10")["Location"] == LOGIN + "/bonus/%3Fmonth%3D2026-10"
