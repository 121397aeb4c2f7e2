import pytest
from django.core.cache import cache

from tests.api.caller import Caller


@pytest.fixture(autouse=True)
def _fresh_limits():
    """Rate limits count in the cache, which no transaction rolls back."""
    cache.clear()


@pytest.fixture
def api(db):
    """A key that may do everything."""
    return Caller("admin")


@pytest.fixture
def anonymous(db):
    return Caller()
