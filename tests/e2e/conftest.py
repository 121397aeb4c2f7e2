"""One product with the people of the demo and thirty leads; one browser a module; everybody logs in once."""

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from leadflow import places
from leadflow.demo.cast import PASSWORD
from tests import stack as stacks
from tests.e2e.watch import Watch
from tests.faults.sender import Sender
from tests.stack import Stack

CHROMIUM = os.environ.get("LEADFLOW_CHROMIUM") or "/usr/bin/chromium"
FLAGS = (
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
)  # fmt: skip
DESKTOP = {"width": 1440, "height": 900}
PATIENCE = 30_000  # milliseconds; the suite shares two cores
PEOPLE = {
    role: f"{name}@leadflow.example"
    for role, name in {
        "marketer": "marketer",
        "rep": "rep",
        "team_lead": "lead",
        "marketing_manager": "manager.marketing",
        "sales_manager": "manager.sales",
        "admin": "admin",
    }.items()
}

expect.set_options(timeout=PATIENCE)

Opener = Callable[..., Page]


@pytest.fixture(scope="session")
def product() -> Iterator[Stack]:
    collect_files()
    with stacks.up(test_build=False) as running:
        running.inside("furnish", leads=30)
        running.inside("give_lead", email=PEOPLE["rep"], lead_name="Lý Thu Hà")
        yield running


@pytest.fixture(scope="session")
def integration(product: Stack) -> Sender:
    return Sender(product.port, product.api_key("leads:write", "leads:read", "events:write"))


@pytest.fixture(scope="session")
def sessions() -> dict[str, Any]:
    """The cookies of everybody who has logged in."""
    return {}


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Of the module, not the session: while it is open, no other test of this process may use the database."""
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, headless=True, args=list(FLAGS))
        yield chromium
        chromium.close()


@pytest.fixture
def watch(product: Stack) -> Watch:
    return Watch(product.url)


@pytest.fixture
def open_as(browser: Browser, product: Stack, sessions: dict[str, Any], watch: Watch) -> Iterator[Opener]:
    """Opens a page in a fresh window of a role's person, or of nobody (role "")."""
    contexts = []

    def open_page(role: str, path: str = "/", **options: Any) -> Page:
        if role and role not in sessions:
            sessions[role] = log_in(browser, product.url, PEOPLE[role])
        context = browser.new_context(
            base_url=product.url,
            viewport=DESKTOP,
            locale="vi-VN",
            reduced_motion="reduce",
            storage_state=sessions.get(role),
            **options,
        )
        context.set_default_timeout(PATIENCE)
        contexts.append(context)
        watch.over(context)
        page = context.new_page()
        page.goto(path)
        return page

    yield open_page
    for context in contexts:
        context.close()


def log_in(browser: Browser, url: str, email: str) -> Any:
    """Through the form, as everybody does. Returns the cookies."""
    with browser.new_context(base_url=url, locale="vi-VN") as context:
        context.set_default_timeout(PATIENCE)
        page = context.new_page()
        page.goto("/accounts/login/")
        fill_login(page, email, PASSWORD)
        page.wait_for_url(lambda address: "/accounts/login" not in address)
        return context.storage_state()


def fill_login(page: Page, email: str, password: str) -> None:
    page.get_by_label("E-mail").fill(email)
    page.get_by_label("Mật khẩu").fill(password)
    page.get_by_role("button", name="Đăng nhập").click()


def collect_files() -> None:
    """What `make setup` does, where a file has changed since."""
    manifest = places.BASE / "staticfiles" / "staticfiles.json"
    newest = max(f.stat().st_mtime for f in (places.BASE / "static").rglob("*") if f.is_file())
    if not manifest.exists() or manifest.stat().st_mtime < newest:
        command = [sys.executable, "manage.py", "collectstatic", "--no-input", "--verbosity", "0"]
        subprocess.run(
            command, cwd=places.BASE, env={**os.environ, "LEADFLOW_TEST": "", "SECRET_KEY": "unused"}, check=True
        )
        assert json.loads(manifest.read_text())
