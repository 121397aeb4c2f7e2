import pytest
from django.core.cache import caches
from django.utils import timezone

from tests.factories import NOW
from tests.reports.history import History, make_history
from tests.reports.kept import keep, put_back
from tests.reports.rolling import roll


@pytest.fixture(autouse=True)
def _nothing_remembered():
    """What the filters offer, counted days and drawn blocks are kept; a test reads and draws its own history."""
    for name in ("default", "drawn"):
        caches[name].clear()


@pytest.fixture(scope="session")
def kept_histories(django_db_setup, django_db_blocker):
    with django_db_blocker.unblock():
        return {"from the rows": keep(make_history), "rolled up": keep(_rolled_history)}


@pytest.fixture(params=["from the rows", "rolled up"])
def history(request, kept_histories, db):
    """The little history, read from its rows, and read from the roll-ups: every figure must be the same."""
    return put_back(kept_histories[request.param])


def _rolled_history() -> History:
    made = make_history()
    roll(at=NOW)
    made.rolled = True
    return made


@pytest.fixture
def at_ten(monkeypatch):
    """The clock that views and tasks read stands at Monday 23 November 2026, 10:00 local time."""
    monkeypatch.setattr(timezone, "now", lambda: NOW)
