"""Walks through everything a person can reach by links, and looks at each page as people and axe see it."""

import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from tests.e2e.conftest import DESKTOP

PHONE = {"width": 390, "height": 844}
# The API's own reference is Swagger UI as its makers ship it; a log-out would end the tour, a log-in leads home.
NOT_PAGES = re.compile(r"^/(api/|accounts/log|static/)|\.(csv|xlsx)$")
SHAPES = (
    "() => [...new Set([...document.querySelectorAll('body *')].map(e => `${e.localName}.${e.classList[0] || ''}`))]"
)
# Not what scrolls inside a frame of its own: only what makes the page itself wider than the screen.
OVERFLOW = """() => {
    const framed = e => e && (getComputedStyle(e).overflowX !== 'visible' || framed(e.parentElement));
    const root = document.documentElement;
    return root.scrollWidth <= innerWidth ? [] : [`${root.scrollWidth} of ${innerWidth}`,
        ...[...document.querySelectorAll('body *')]
            .filter(e => e.getBoundingClientRect().right > innerWidth + 1 && !framed(e.parentElement))
            .slice(0, 3).map(e => e.outerHTML.slice(0, 150))];
}"""
# The page has taken over the theme; its people move nothing (reduced motion), so every colour is there with it.
SETTLE = """async (theme) => {
    const painted = () => new Promise(requestAnimationFrame);
    do await painted(); while (document.documentElement.dataset.bsTheme !== theme);
    await painted();
}"""
ALL: dict[str, Any] = {"resultTypes": ["violations"]}
# A theme changes colours and nothing else.
COLOURS = ALL | {"runOnly": ["color-contrast", "link-in-text-block"]}


def kind_of(address: str) -> str:
    """Addresses that differ by a number only are one page."""
    return re.sub(r"\d+", "N", urlsplit(address).path)


def pages(page: Page) -> Iterator[str]:
    """Opens one page of each kind that can be reached from here, and yields its kind once it is open."""
    host = urlsplit(page.url).netloc
    seen = {"/", kind_of(page.url)}
    waiting: list[str] = []
    yield kind_of(page.url)
    while True:
        for address in page.eval_on_selector_all("a[href]:not([download])", "links => links.map(a => a.href)"):
            parts = urlsplit(address)
            known = parts.netloc != host or kind_of(address) in seen or NOT_PAGES.search(parts.path)
            if not known:
                seen.add(kind_of(address))
                waiting.append(address.partition("#")[0])
        if not waiting:
            return
        address = waiting.pop(0)
        answer = page.goto(address)
        is_page = answer is not None and answer.headers["content-type"].startswith("text/html")
        if is_page and kind_of(page.url) == kind_of(address):  # not one that only leads elsewhere
            yield kind_of(address)


class Inspector:
    """Runs axe on what it has not seen yet: another role's page is looked at again for its new parts."""

    def __init__(self) -> None:
        self._seen: dict[str, set[str]] = {}
        self._axe = Axe()

    def faults(self, page: Page, kind: str) -> list[str]:
        """In light on the desktop, in dark on a phone, where nothing may stick out either."""
        shapes = set(page.evaluate(SHAPES))
        first = kind not in self._seen
        fresh = not shapes <= self._seen.setdefault(kind, set())
        self._seen[kind] |= shapes
        found = self._look(page, "light", ALL) if fresh else []
        page.set_viewport_size(PHONE)  # type: ignore[arg-type]
        page.evaluate(SETTLE, "light")
        found += [f"phone: {html}" for html in page.evaluate(OVERFLOW)]
        if first:
            page.emulate_media(color_scheme="dark")
            found += [f"phone, dark: {fault}" for fault in self._look(page, "dark", COLOURS)]
        page.emulate_media(color_scheme="light")
        page.set_viewport_size(DESKTOP)  # type: ignore[arg-type]
        return found

    def _look(self, page: Page, theme: str, rules: dict[str, Any]) -> list[str]:
        page.evaluate(SETTLE, theme)
        violations = self._axe.run(page, options=rules).response["violations"]
        return [
            f"{v['id']}: {node['target']} {node['html'][:150]} {node['failureSummary'][-220:]!r}"
            for v in violations
            for node in v["nodes"][:3]
        ]
