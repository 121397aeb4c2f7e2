"""The API reference works where nothing but this server can be reached, under the same strict policy as every page."""

import pytest

from tests.e2e.conftest import Opener
from tests.e2e.watch import Watch

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("e2e")]


def test_reference_shows_and_tries_a_call(open_as: Opener, watch: Watch, product):
    key = product.api_key("leads:read")
    page = open_as("", "/api/docs/")
    page.locator("[data-tag=agreement]").wait_for()
    page.locator("button.authorize").first.click()
    page.locator(".modal-ux input").first.fill(key)
    page.locator(".modal-ux button.authorize").first.click()
    page.locator(".modal-ux .btn-done").first.click()
    page.locator("[data-tag=me]").click()
    call = page.locator(".opblock", has_text="Who this key or session is")
    call.locator(".opblock-summary-control").click()
    call.locator("button.try-out__btn").click()
    call.locator("button.execute").click()
    answer = call.locator(".live-responses-table .highlight-code").first
    answer.wait_for()
    assert '"kind": "key"' in answer.inner_text()
