"""Shared by all tests. Django is set up here, once the servers it is to find are running."""

import json
import os
from collections.abc import Generator

import django
import pytest
from django.db import connection
from hypothesis import settings
from pytest_django.plugin import DjangoDbBlocker, blocking_manager_key

from core import hints
from tests import servers

servers.start()
django.setup()
settings.register_profile("leadflow", deadline=None)  # how long an example takes says something of the machine only
settings.load_profile("leadflow")
BACK_BY_THEMSELVES = {"contenttypes", "auth", "sessions", "scoring"}  # made anew after every migrate or flush
# Pages write large numbers with points; a test whose ids are small would not see one written so in an address.
FIRST_ID = 1_000_001
LONGEST_ID = 60
_seeded: list[str] = []


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_setupnodes() -> None:
    """A worker that inherited the name would read the settings before it has servers of its own."""
    os.environ.pop("DJANGO_SETTINGS_MODULE", None)


def pytest_make_parametrize_id(val: object, argname: str) -> str | None:
    """Long values are named by their argument (pytest counts them): an id with a file's bytes in it is a page long.

    Workers must find the same tests under the same names, and an archive made a second later has other bytes.
    """
    return argname if isinstance(val, bytes | str) and len(val) > LONGEST_ID else None


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> None:
    """Remembers what the migrations seed, before any test writes."""
    with django_db_blocker.unblock():
        rows = json.loads(connection.creation.serialize_db_to_string())
        _seeded[:] = [json.dumps([row for row in rows if row["model"].split(".")[0] not in BACK_BY_THEMSELVES])]
        with connection.cursor() as cursor:
            cursor.execute("SELECT setval(sequencename::regclass, %s, false) FROM pg_sequences", [FIRST_ID])


@pytest.hookimpl(wrapper=True)
def pytest_runtest_teardown(item: pytest.Item, nextitem: pytest.Item | None) -> Generator[None, None, None]:
    """A test with real transactions ends by emptying every table: what the migrations seeded is put back."""
    yield
    if item.get_closest_marker("django_db"):
        hints.postman().join(5)  # what this test committed is not news to the next
    mark = item.get_closest_marker("django_db")
    if nextitem and mark and mark.kwargs.get("transaction"):
        with item.config.stash[blocking_manager_key].unblock():
            connection.creation.deserialize_db_from_string(_seeded[0])
