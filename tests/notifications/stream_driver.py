"""Speaks ASGI to the stream as a web server does, and reads what it says."""

import asyncio
import contextlib
from contextlib import asynccontextmanager

from django.conf import settings
from django.test import Client

from notifications.stream import stream


def session_of(user):
    """The session key of a fresh login."""
    client = Client()
    client.force_login(user)
    return client.cookies[settings.SESSION_COOKIE_NAME].value


def scope(session="", *, path="/events/", query="", method="GET", headers=()):
    cookie = [(b"cookie", b"theme=dark"), (b"cookie", f"{settings.SESSION_COOKIE_NAME}={session}".encode())]
    return {
        "type": "http",
        "path": path,
        "method": method,
        "query_string": query.encode("latin-1"),
        "headers": [*cookie, *headers],
    }


class Page:
    """One open page: `text` is all that was received, `status` and `headers` the start of the answer."""

    def __init__(self, asked):
        self.status, self.headers, self.text, self.ended = 0, {}, "", False
        self._incoming = asyncio.Queue()
        self._incoming.put_nowait({"type": "http.request", "body": b"", "more_body": False})
        self._arrived = asyncio.Condition()
        self.task = asyncio.create_task(stream(asked, self._incoming.get, self._send))

    async def _send(self, message):
        async with self._arrived:
            if message["type"] == "http.response.start":
                self.status, self.headers = message["status"], dict(message["headers"])
            else:
                self.text += message["body"].decode()
                self.ended = not message["more_body"]
            self._arrived.notify_all()

    @property
    def events(self):
        """(event, data) of every event so far."""
        blocks = [block.splitlines() for block in self.text.split("\n\n") if block.startswith("event: ")]
        return [(name.removeprefix("event: "), data.removeprefix("data: ")) for name, data in blocks]

    async def until(self, condition, *, seconds=10):
        """Waits until the condition holds for this page."""
        async with asyncio.timeout(seconds), self._arrived:
            await self._arrived.wait_for(lambda: condition(self))

    async def hears(self, event, data):
        await self.until(lambda page: (event, data) in page.events)

    async def leave(self):
        """Goes away as a browser does."""
        self._incoming.put_nowait({"type": "http.disconnect"})
        async with asyncio.timeout(5):
            await self.task


@asynccontextmanager
async def opened(session, **more):
    """A page whose stream hears."""
    page = Page(scope(session, **more))
    try:
        await page.hears("ready", "ready")
        yield page
    finally:
        with contextlib.suppress(TimeoutError):
            await page.leave()
