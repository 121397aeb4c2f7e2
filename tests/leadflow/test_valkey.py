import signal

import redis

from leadflow.up import service as up
from leadflow.up import valkey


def client(folder):
    return redis.Redis(unix_socket_path=str(folder / "run" / "valkey.sock"))


def server(folder):
    return valkey.service(folder, folder / "run" / "valkey.sock")


def test_valkey_listens_on_its_socket_only(tmp_path):
    with up.running(server(tmp_path)), client(tmp_path) as found:
        assert found.config_get("port") == {"port": "0"}
        assert (tmp_path / "run" / "valkey.sock").stat().st_mode & 0o777 == 0o700
    assert not valkey.answers(tmp_path / "run" / "valkey.sock")


def test_valkey_keeps_what_it_had_when_it_is_stopped(tmp_path):
    with up.running(server(tmp_path)), client(tmp_path) as found:
        found.set("colour", "green")
    with up.running(server(tmp_path)), client(tmp_path) as found:
        assert found.get("colour") == b"green"


def test_a_killed_valkey_starts_again(tmp_path):
    with up.running(server(tmp_path)) as process:
        process.send_signal(signal.SIGKILL)
        process.wait()
    with up.running(server(tmp_path)):
        assert valkey.answers(tmp_path / "run" / "valkey.sock")
