import orjson
import pytest
from django.core.cache import cache
from django.db import OperationalError
from django.test import Client

from core import heartbeat


def test_healthz_asks_nobody(client):
    response = client.get("/healthz")
    assert (response.status_code, orjson.loads(response.content)) == (200, {"status": "ok"})


def test_readyz_is_ready_when_all_live(client, db):
    heartbeat.beat("worker")
    heartbeat.beat("beat")
    response = client.get("/readyz")
    assert response.status_code == 200
    assert orjson.loads(response.content) == {"status": "ok", "database": True, "worker": True, "beat": True}


@pytest.mark.parametrize("silent", ["worker", "beat"])
def test_readyz_names_who_is_silent(client, db, silent):
    cache.clear()
    heartbeat.beat({"worker": "beat", "beat": "worker"}[silent])
    response = client.get("/readyz")
    body = orjson.loads(response.content)
    assert (response.status_code, body["status"], body[silent], body["database"]) == (503, "not ready", False, True)
    assert response["Cache-Control"] == "no-store"


def test_readyz_without_database_is_not_ready(db, monkeypatch):
    def away():
        raise OperationalError

    with monkeypatch.context() as patch:
        patch.setattr("api.health.connection.cursor", away)
        response = Client().get("/readyz")
    assert (response.status_code, orjson.loads(response.content)["database"]) == (503, False)
