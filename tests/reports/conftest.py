import pytest
from django.core.cache import cache
from django.utils import timezone

from reports.offers import OFFERED
from tests.factories import NOW
from tests.reports.history import make_history
from tests.reports.rolling import roll


@pytest.fixture(autouse=True)
def _nothing_remembered():
    """What the filters offer is kept for minutes; a test offers what is in its own history."""
    cache.delete(OFFERED)


@pytest.fixture(params=["from the rows", "rolled up"])
def history(request, db):
    """The little history, read from its rows, and read from the roll-ups: every figure must be the same."""
    made = make_history()
    if request.param == "rolled up":
        roll(at=NOW)
        made.rolled = True
    return made


@pytest.fixture
def at_ten(monkeypatch):
    """The clock that views and tasks read stands at Monday 23 November 2026, 10:00 local time."""
    monkeypatch.setattr(timezone, "now", lambda: NOW)
