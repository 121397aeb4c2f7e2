"""One port for everything: `/events/` is asynchronous, all other paths are Django on threads.

Threads, because Django's own asynchronous handler costs three times the CPU per request and runs out of
database connections; the stream is apart, because thousands of open pages may not hold a thread each.
"""

import gc
import multiprocessing
import os
import signal
import string
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any, cast
from urllib.parse import quote_from_bytes

from a2wsgi import WSGIMiddleware

from leadflow.bridge import Bridge
from leadflow.up.leash import follow
from leadflow.wsgi import application as pages  # sets Django up: before anything that imports models

from notifications.stream import stream  # isort: skip

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]

THREADS = int(os.environ.get("WEB_THREADS", "8"))  # each may hold one database connection
threaded = Bridge(pages, threads=THREADS)
others: Any = WSGIMiddleware(cast("Any", pages), workers=1)  # start-up, shut-down, a web socket nobody serves

# What is loaded by now stays: it is not searched for garbage again and again.
gc.collect()
gc.freeze()

if main := multiprocessing.parent_process():
    # A web worker whose main process was killed would keep the port for ever.
    follow(main.pid or 0, signal.SIGKILL)


async def application(scope: Scope, receive: Receive, send: Send) -> None:
    if scope["type"] == "http" and scope["path"].startswith("/events/"):
        await stream(scope, receive, send)
    elif scope["type"] == "http":
        await threaded(ascii_query(scope), whole_body(receive), send)
    else:
        await others(scope, receive, send)


def ascii_query(scope: Scope) -> Scope:
    """The same request with raw bytes in its query percent-encoded: the bridge to WSGI takes ASCII only."""
    query: bytes = scope["query_string"]
    if query.isascii():
        return scope
    return {**scope, "query_string": quote_from_bytes(query, string.printable).encode()}


def whole_body(receive: Receive) -> Receive:
    """The same body, but one that breaks off raises: half a form must not pass for a whole one."""

    async def receive_or_raise() -> Message:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise ConnectionResetError("the client left before its request was complete")
        return message

    return receive_or_raise
