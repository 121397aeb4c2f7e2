import os

import pytest

from bench import ground
from leadflow import places

CHECK = """
import os, django
os.environ["DJANGO_SETTINGS_MODULE"] = "leadflow.settings"
django.setup()
from django.utils import timezone
from leads.models import Event, Lead
from reports.invariants import violations
assert Lead.objects.count() == 200
assert Event.objects.count() > 1600
assert list(violations(at=timezone.now())) == []
"""


@pytest.mark.slow
def test_seeded_data_keep_every_rule_of_the_house(monkeypatch):
    """A database of its own: COPY goes past transactions, so it can't be undone after the test."""
    for name in ("LEADFLOW_VAR", "DATABASE_URL", "REDIS_URL", "API_REQUESTS_PER_MINUTE"):
        monkeypatch.setenv(name, os.environ.get(name, ""))
    monkeypatch.delenv("LEADFLOW_TEST")
    with ground.temporary_folder() as var, ground.servers(var):
        assert places.var_folder() == var
        ground.run("-m", "bench.seed", "200")
        ground.run("-c", CHECK)
    assert not var.exists()


def test_a_free_port_is_free():
    assert 1024 < ground.free_port() < 65536
