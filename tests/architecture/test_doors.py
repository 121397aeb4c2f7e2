"""Every address says who may open it; every event kind and command is known to the docs and the tests."""

from collections.abc import Iterator

from django.core.management import get_commands
from django.urls import URLPattern, URLResolver, get_resolver

from accounts import notices
from accounts.middleware import OPEN_MODULES
from leads.kinds import CATALOGUE
from notifications.enums import WITHOUT_LEAD
from tests.architecture.source import BASE, ROOMS


def _patterns(resolver: URLResolver, prefix: str = "") -> Iterator[tuple[str, URLPattern]]:
    for entry in resolver.url_patterns:
        address = prefix + str(entry.pattern)
        if isinstance(entry, URLResolver):
            yield from _patterns(entry, address)
        else:
            yield address, entry


def test_every_view_says_who_may_open_it():
    silent = [
        address
        for address, pattern in _patterns(get_resolver())
        if not hasattr(pattern.callback, "permission") and not pattern.callback.__module__.startswith(OPEN_MODULES)
    ]
    assert silent == []


def test_every_event_kind_is_documented():
    text = (BASE / "docs" / "events.md").read_text(encoding="utf-8")
    assert [kind for kind in CATALOGUE if f"`{kind}`" not in text] == []


def test_every_notice_is_documented_and_heard():
    text = (BASE / "docs" / "events.md").read_text(encoding="utf-8")
    assert {kind for kind in notices.CATALOGUE if f"`{kind}`" in text} == notices.CATALOGUE == WITHOUT_LEAD


def test_every_command_is_tested():
    ours = {name for name, room in get_commands().items() if room in ROOMS}
    tests = "\n".join(f.read_text(encoding="utf-8") for f in (BASE / "tests").rglob("*.py"))
    assert sorted(name for name in ours if f'"{name}"' not in tests) == []
