"""Every page of every role: it opens, nothing complains, nothing foreign is loaded, everybody can read it."""

import pytest

from tests.e2e.conftest import PEOPLE, Opener
from tests.e2e.tour import Inspector, pages
from tests.e2e.watch import Watch

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("e2e")]
HOME = {"marketer": "/mql/", "rep": "/today/", "team_lead": "/today/"}
# What a role has to have met on its tour, so that an empty menu does not pass for a clean one.
MEETS = {
    "marketer": {"/mql/", "/leads/", "/leads/N/", "/leads/new/", "/handoffs/", "/scoring/", "/agreement/", "/help/"},
    "rep": {"/today/", "/leads/", "/leads/N/", "/leads/new/", "/notifications/", "/profile/"},
    "team_lead": {"/today/", "/overview/", "/overview/rows/", "/leads/N/assign/"},
    "marketing_manager": {"/overview/", "/overview/rows/", "/mql/", "/leads/N/"},
    "sales_manager": {"/overview/", "/today/", "/mql/", "/leads/N/assign/"},
    "admin": {
        "/people/",
        "/people/new/",
        "/people/N/",
        "/teams/",
        "/teams/N/",
        "/settings/api-keys/",
        "/system/health/",
    },
}


@pytest.fixture(scope="module")
def inspector() -> Inspector:
    return Inspector()


@pytest.mark.parametrize("role", PEOPLE)
def test_every_page_of_the_role_is_sound(open_as: Opener, watch: Watch, inspector: Inspector, role: str):
    page = open_as(role)
    assert page.url.endswith(HOME.get(role, "/overview/"))
    faults, met = [], set()
    for kind in pages(page):
        met.add(kind)
        page.wait_for_load_state("load")
        faults += [f"{kind} {fault}" for fault in inspector.faults(page, kind)]
    assert "\n".join(faults) == ""
    assert watch.complaints == []
    assert MEETS[role] - met == set()


def test_log_in_pages_are_sound(open_as: Opener, watch: Watch, inspector: Inspector):
    page = open_as("", "/accounts/login/")
    faults = {kind: inspector.faults(page, kind) for kind in pages(page)}
    assert [fault for found in faults.values() for fault in found] == []
    assert "/accounts/password/reset/" in faults
    assert watch.complaints == []
