"""What changes while a page is still on its way."""

import re

import pytest
from playwright.sync_api import Route, expect

from tests.e2e.conftest import PEOPLE, Opener
from tests.e2e.watch import Watch
from tests.stack import Stack

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("e2e")]


def test_lead_handed_over_while_the_page_opens_is_on_it_with_its_toast(open_as: Opener, product: Stack, watch: Watch):
    page = open_as("rep", "/notifications/")
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)

    page.route(re.compile(r"/events/\?|/notifications/toast/"), hold, times=2)
    with page.expect_request("**/events/*"), page.expect_request("**/notifications/toast/*"):
        page.goto("/today/")
    product.inside("give_lead", email=PEOPLE["rep"], lead_name="Mạc Lan Chi")
    for route in held:
        route.continue_()
    expect(page.locator("#first_touch").get_by_role("link", name="Mạc Lan Chi")).to_be_visible()
    expect(page.locator("#toasts").get_by_text("Mạc Lan Chi")).to_be_visible()
    assert watch.complaints == []
