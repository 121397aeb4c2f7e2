"""A lead whose every field is an attack: it is shown as text, everywhere, and nothing of it runs."""

from itertools import count

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import PEOPLE, Opener
from tests.e2e.watch import Watch
from tests.faults.sender import Sender
from tests.stack import Stack

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("e2e")]
ATTACKS = (
    '<img src=x onerror="alert({n})">',
    "</script><script>alert({n})</script>",
    '"><svg onload=alert({n})>',
    "' autofocus onfocus=alert({n}) x='",
    "javascript:alert({n})",
    "{{{{constructor.constructor('alert({n})')()}}}}",
    "</textarea><iframe srcdoc='<script>parent.alert({n})</script>'>",
)
TEXTS = ("name", "company", "title", "city", "product", "source", "campaign", "note")
# What a browser would have built of them if one had slipped through.
BUILT = "img[src=x], iframe[srcdoc], svg[onload], [onerror], [onfocus], a[href^='javascript:' i]"


def foul_leads() -> list[dict[str, object]]:
    """One hot lead for each attack, which stands in every field."""
    numbers = count(1)
    leads = []
    for row, attack in enumerate(ATTACKS):

        def foul(attack: str = attack) -> str:
            return attack.format(n=next(numbers))

        leads.append({
            **{field: f"{field}{row} {foul()}" for field in TEXTS},
            "phone": f"09880000{row:02d}",
            "external_id": f"foul-{row} {foul()}",
            "utm": {field: foul() for field in ("source", "medium", "campaign", "term", "content")},
            "custom": {foul(): foul(), "list": [foul(), {"deep": foul()}]},
            "consent": {"purpose": foul(), "text_version": foul()},
            "event": {"kind": "meeting.booked", "properties": {"page": foul(), "title": foul(), foul(): foul()}},
        })  # fmt: skip
    return leads


def clean(page: Page) -> None:
    page.wait_for_load_state("load")
    assert page.locator(BUILT).count() == 0


def test_nothing_a_lead_says_is_ever_run(open_as: Opener, product: Stack, integration: Sender, watch: Watch):
    product.inside("keep_on_duty", email=PEOPLE["rep"])
    rep = open_as("rep", "/today/")
    expect(rep.locator("[data-live=open]").first).to_be_attached()
    answers = [integration.post("/api/v1/leads/", lead, key=f"foul-{n}") for n, lead in enumerate(foul_leads())]
    expect(rep.locator("#toasts [data-toast]").first).to_be_visible()
    expect(rep.get_by_text("name0 <img src=x").first).to_be_visible()
    clean(rep)
    for answer in answers:
        rep.goto(f"/leads/{answer.body['id']}/")
        clean(rep)
    for path in ("/notifications/", "/today/", "/leads/?q=foul"):
        rep.goto(path)
        clean(rep)
    rep.keyboard.press("Control+k")
    rep.get_by_role("searchbox", name="Tìm lead và trang").fill("name1")
    expect(rep.locator("#palette-leads").get_by_text("name1 </script>")).to_be_visible()
    clean(rep)
    manager = open_as("admin", "/leads/?ordering=-created_at")
    expect(manager.get_by_text("name6 </textarea>").first).to_be_visible()
    for path in ("/mql/", "/handoffs/", "/overview/", f"/leads/{answers[0].body['id']}/", "/system/health/"):
        clean(manager)
        manager.goto(path)
    clean(manager)
    assert watch.complaints == []
