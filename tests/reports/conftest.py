import pytest
from django.utils import timezone

from tests.factories import NOW
from tests.reports.history import make_history


@pytest.fixture
def history(db):
    return make_history()


@pytest.fixture
def at_ten(monkeypatch):
    """The clock that views and tasks read stands at Monday 23 November 2026, 10:00 local time."""
    monkeypatch.setattr(timezone, "now", lambda: NOW)
