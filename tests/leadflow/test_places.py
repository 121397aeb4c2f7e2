from pathlib import Path

import pytest

from leadflow import places


@pytest.fixture(autouse=True)
def bare_environment(monkeypatch):
    for name in ("DATABASE_URL", "REDIS_URL", "LEADFLOW_VAR"):
        monkeypatch.delenv(name, raising=False)


def test_var_stands_beside_manage_py():
    assert places.var_folder() == places.BASE / "var"
    assert (places.BASE / "manage.py").exists()


def test_var_moves_with_the_environment(monkeypatch):
    monkeypatch.setenv("LEADFLOW_VAR", "/srv/there")
    assert places.var_folder() == Path("/srv/there")
    assert places.valkey_socket() == Path("/srv/there/run/valkey.sock")


def test_embedded_servers_are_addressed_by_their_sockets(monkeypatch):
    monkeypatch.setenv("LEADFLOW_VAR", "/srv/lf")
    assert places.database_url() == "postgres://leadflow@%2Fsrv%2Flf%2Frun/leadflow"
    assert places.redis_url(0) == "unix:///srv/lf/run/valkey.sock?db=0"
    assert places.broker_url() == "redis+socket:///srv/lf/run/valkey.sock?virtual_host=1"


def test_named_servers_win(monkeypatch):
    monkeypatch.setenv("DATABASE_URL", "postgres://db.example/leadflow")
    monkeypatch.setenv("REDIS_URL", "redis://cache.example:6379/")
    assert places.database_url() == "postgres://db.example/leadflow"
    assert places.redis_url(2) == "redis://cache.example:6379/2"
    assert places.broker_url() == "redis://cache.example:6379/1"


def test_sockets_of_a_deep_var_lie_elsewhere_and_each_var_has_its_own(monkeypatch):
    deep = "/srv/" + "deep/" * 30
    monkeypatch.setenv("LEADFLOW_VAR", deep + "one")
    one = places.socket_folder()
    monkeypatch.setenv("LEADFLOW_VAR", deep + "two")
    two = places.socket_folder()
    assert one != two
    assert {one.parent, two.parent} == {Path(places.tempfile.gettempdir())}
    assert len(str(one / "valkey.sock")) < 100
