import asyncio

import pytest

from leadflow import asgi

HTTP = {"type": "http", "http_version": "1.1", "method": "GET", "scheme": "http", "query_string": b"", "headers": []}
HTTP |= {"client": ("127.0.0.1", 5000), "server": ("127.0.0.1", 8000), "root_path": ""}


def talk(scope, *messages):
    """Everything the application answers to one connection."""
    answers, waiting = [], list(messages)

    async def receive():
        return waiting.pop(0) if waiting else {"type": "http.disconnect"}

    async def send(message):
        answers.append(message)

    asyncio.run(asgi.application({**HTTP, **scope}, receive, send))
    return answers


def whole(body=b""):
    return {"type": "http.request", "body": body, "more_body": False}


def test_pages_are_served_by_django():
    answers = talk({"path": "/healthz"}, whole())
    assert answers[0]["status"] == 200


def test_the_stream_is_served_apart(monkeypatch):
    async def stream(scope, receive, send):
        await send({"seen": scope["path"]})

    monkeypatch.setattr(asgi, "stream", stream)
    assert talk({"path": "/events/me/"}) == [{"seen": "/events/me/"}]


def test_lifespan_is_answered():
    answers = talk({"type": "lifespan"}, {"type": "lifespan.startup"}, {"type": "lifespan.shutdown"})
    assert [answer["type"] for answer in answers] == ["lifespan.startup.complete", "lifespan.shutdown.complete"]


def test_raw_bytes_in_a_query_are_no_server_error():
    answers = talk({"path": "/healthz", "query_string": "q=Trần\x00%41 &x".encode()}, whole())
    assert answers[0]["status"] == 200


def test_raw_bytes_in_a_query_become_percent_signs():
    assert asgi.ascii_query({"query_string": "q=Trần&a=%41".encode()})["query_string"] == b"q=Tr%E1%BA%A7n&a=%41"


def test_a_plain_query_stays_as_it_is():
    scope = {"query_string": b"q=%20+1"}
    assert asgi.ascii_query(scope) is scope


def test_a_body_that_breaks_off_raises():
    async def gone():
        return {"type": "http.disconnect"}

    with pytest.raises(ConnectionResetError, match="before its request was complete"):
        asyncio.run(asgi.whole_body(gone)())


def test_a_whole_body_passes():
    async def receive():
        return whole(b"name=Lan")

    assert asyncio.run(asgi.whole_body(receive)()) == whole(b"name=Lan")
