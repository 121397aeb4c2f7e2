"""`GET /events/`: server-sent events, asynchronous, holding no database connection.

A page hears `leads`, `dashboard`, its own `user`, `notifications` and `jobs`, and with `?lead=<id>` that `lead`.
Each event only says that something changed (data: the topic); the page asks for what it shows. `ready` comes
once the stream hears, `lost` when it has become deaf, `resync` when it hears again: something may be missed.
With `?age=<milliseconds since the page was asked for>` it hears after `ready` what changed while it was made.
"""

import asyncio
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any
from urllib.parse import parse_qs

import orjson
from asgiref.sync import sync_to_async
from django.conf import settings
from django.http import parse_cookie
from django.utils.translation import gettext as _

from core.text import natural
from notifications.hearing import admit
from notifications.hub import LINGER, SLACK, Listener, hub

HEARTBEAT = 15.0  # seconds; keeps proxies from closing a quiet stream
GATHER = 0.15  # seconds after a message in which further changes are gathered into the next one
RETRY = 2000  # milliseconds after which the browser connects again

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]


async def stream(scope: Scope, receive: Receive, send: Send) -> None:
    """The whole life of one stream: admitted once, fed until the page or its login goes away."""
    headers = dict(scope["headers"])
    if scope["path"] != "/events/":
        return await _problem(send, 404, _("Not found."))
    if scope["method"] != "GET":
        return await _problem(send, 405, _("This address can only be read."), (b"allow", b"GET"))
    if headers.get(b"sec-fetch-site", b"same-origin") not in {b"same-origin", b"none"}:
        return await _problem(send, 403, _("Only LeadFlow's own pages may listen."))
    hearing = await sync_to_async(admit)(_session_key(scope), lead_id=natural(_asked(scope, "lead")))
    if hearing is None:
        return await _problem(send, 401, _("Log in first."))
    listener = Listener(hearing, deaf_since=_deaf_since(scope))
    if not hub().join(listener):
        return await _problem(send, 429, _("Too many open pages."), (b"retry-after", b"60"))
    try:
        await _start(send, 200, b"text/event-stream; charset=utf-8", (b"x-accel-buffering", b"no"))
        await _feed(listener, receive, send)
    finally:
        hub().leave(listener)


async def _feed(listener: Listener, receive: Receive, send: Send) -> None:
    watcher = asyncio.create_task(_until_gone(receive, listener))
    try:
        await _write(send, f"retry: {RETRY}\n\n")
        while not listener.closed:
            news = await listener.news(wait=HEARTBEAT)
            text = "".join(f"event: {event}\ndata: {topic}\n\n" for topic, event in news)
            if not listener.closed:
                await _write(send, text or ": still here\n\n")
                await asyncio.sleep(GATHER if news else 0)
        await send({"type": "http.response.body", "body": b"", "more_body": False})
    finally:
        watcher.cancel()


async def _until_gone(receive: Receive, listener: Listener) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
    listener.close()


def _session_key(scope: Scope) -> str:
    cookies = b"; ".join(value for name, value in scope["headers"] if name == b"cookie")
    return parse_cookie(cookies.decode("latin-1")).get(settings.SESSION_COOKIE_NAME, "")


def _deaf_since(scope: Scope) -> float | None:
    """The loop's second at which this page was asked for. An older page has reconnected, and asks for all by itself."""
    age = natural(_asked(scope, "age"))
    if age is None or age > LINGER * 1000:
        return None
    return asyncio.get_running_loop().time() - age / 1000 - SLACK


def _asked(scope: Scope, name: str) -> str:
    query: str = scope["query_string"].decode("latin-1")
    return parse_qs(query).get(name, [""])[0]


async def _problem(send: Send, status: int, title: str, *more: tuple[bytes, bytes]) -> None:
    await _start(send, status, b"application/problem+json", *more)
    body = orjson.dumps({"type": "about:blank", "title": title, "status": status})
    await send({"type": "http.response.body", "body": body, "more_body": False})


async def _start(send: Send, status: int, content_type: bytes, *more: tuple[bytes, bytes]) -> None:
    headers = [
        (b"content-type", content_type),
        (b"cache-control", b"no-store"),
        (b"x-content-type-options", b"nosniff"),
    ]
    await send({"type": "http.response.start", "status": status, "headers": [*headers, *more]})


async def _write(send: Send, text: str) -> None:
    await send({"type": "http.response.body", "body": text.encode(), "more_body": True})
