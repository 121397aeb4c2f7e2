"""The bridge between the asynchronous server and Django's threads, with small applications in Django's place."""

import asyncio
import gc
import threading

import pytest

from leadflow.bridge import YOUNG, Bridge, tidy

HTTP = {
    "type": "http", "http_version": "1.1", "method": "POST", "scheme": "http", "path": "/x", "query_string": b"a=1",
    "headers": [(b"content-length", b"3"), (b"x-name", b"Lan")], "client": ("127.0.0.1", 5000),
    "server": ("127.0.0.1", 8000), "root_path": "",
}  # fmt: skip


class Streaming:
    """Pieces one after the other, as Django's StreamingHttpResponse."""

    streaming = True

    def __init__(self, pieces):
        self.pieces, self.closed = pieces, False

    def __iter__(self):
        return iter(self.pieces)

    def close(self):
        self.closed = True


def talk(application, *messages, scope=HTTP):
    """What the bridge sends for one request whose body comes as these messages."""
    sent, waiting = [], list(messages)

    async def receive():
        if not waiting:
            raise ConnectionResetError
        return waiting.pop(0)

    async def send(message):
        sent.append(message)

    asyncio.run(Bridge(application, threads=1)(scope, receive, send))
    return sent


def body(data, more=False):
    return {"type": "http.request", "body": data, "more_body": more}


def echo(environ, start_response):
    start_response("201 Created", [("Content-Type", "text/plain"), ("X-Name", environ["HTTP_X_NAME"])])
    return [environ["REQUEST_METHOD"].encode(), b" ", environ["wsgi.input"].read()]


def test_a_whole_answer_goes_out_as_one_piece():
    assert talk(echo, body(b"abc")) == [
        {
            "type": "http.response.start",
            "status": 201,
            "headers": [(b"content-type", b"text/plain"), (b"x-name", b"Lan")],
        },
        {"type": "http.response.body", "body": b"POST abc", "more_body": False},
    ]


def test_a_body_in_pieces_is_read_as_it_comes():
    assert talk(echo, body(b"a", more=True), body(b"b", more=True), body(b"c"))[1]["body"] == b"POST abc"


def test_a_body_that_is_there_as_announced_is_not_waited_for():
    assert talk(echo, body(b"abc", more=True))[1]["body"] == b"POST abc"


def test_a_body_of_unknown_length_is_read_to_its_end():
    unknown = HTTP | {"headers": [(b"transfer-encoding", b"chunked"), (b"x-name", b"Lan")]}
    assert talk(echo, body(b"abc", more=True), body(b"d"), scope=unknown)[1]["body"] == b"POST abcd"


def test_a_body_that_breaks_off_raises_in_the_application():
    with pytest.raises(ConnectionResetError):
        talk(echo, body(b"a", more=True))


def test_who_leaves_before_saying_anything_is_not_answered():
    assert talk(echo) == []


def test_a_streamed_answer_goes_out_piece_by_piece_and_is_closed():
    answer = Streaming([b"one", b"two"])

    def application(environ, start_response):
        start_response("200 OK", [])
        return answer

    sent = talk(application, body(b""))
    assert [message.get("body") for message in sent] == [None, b"one", b"two", b""]
    assert [message.get("more_body") for message in sent] == [None, True, True, False]
    assert answer.closed


def test_the_application_runs_on_a_thread_of_the_bridge():
    seen = []

    def application(environ, start_response):
        seen.append(threading.current_thread().name)
        start_response("204 No Content", [])
        return []

    talk(application, body(b""))
    assert seen == ["web_0"]


def test_garbage_is_searched_once_the_answer_is_out(monkeypatch):
    def makes_rings(environ, start_response):
        for _number in range(YOUNG + 100):
            ring = []
            ring.append(ring)
        return echo(environ, start_response)

    gc.collect()
    monkeypatch.setattr("leadflow.bridge.MIDDLING", 0)
    assert len(talk(makes_rings, body(b"abc"))) == 2
    assert gc.get_count()[0] < YOUNG
    tidy()
    assert gc.get_count()[0] < YOUNG
