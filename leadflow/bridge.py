"""Django's WSGI application under an asynchronous server: one hop to a thread and one back.

An answer that is whole is handed back whole; one that streams (exports, files) is sent from its thread piece by piece,
as fast as the client takes it. A thread is taken only once the client has begun to send its body.
"""

import asyncio
import gc
import io
from collections.abc import Awaitable, Callable, Iterable, MutableMapping
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from typing import Any

from a2wsgi.wsgi import Body, build_environ

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Wsgi = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]
YOUNG, MIDDLING = 2_000, 20  # objects, and searches among them


class Bridge:
    """Runs `application` on up to `threads` threads."""

    def __init__(self, application: Wsgi, *, threads: int) -> None:
        self._application = application
        self._threads = ThreadPoolExecutor(threads, thread_name_prefix="web")

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            first = await receive()
        except ConnectionResetError:
            return  # nobody is there to be answered
        loop = asyncio.get_running_loop()
        environ: dict[str, Any] = build_environ(scope, _body(first, _announced(scope), receive, loop))  # type: ignore[arg-type,assignment]
        answer = _Answer(send, loop)
        run = copy_context().run
        for message in await loop.run_in_executor(self._threads, run, answer.make, self._application, environ):
            await send(message)
        tidy()


def tidy() -> None:
    """Looks for young garbage when the answer is out: one search among 50,000 objects made a page 40 ms slower."""
    young, middling, _old = gc.get_count()
    if young >= YOUNG:
        gc.collect(1 if middling >= MIDDLING else 0)


class _Answer:
    """What the application answers, as messages."""

    def __init__(self, send: Send, loop: asyncio.AbstractEventLoop) -> None:
        self._send, self._loop = send, loop
        self._start: Message = {}

    def make(self, application: Wsgi, environ: dict[str, Any]) -> list[Message]:
        """Runs on a thread; the messages that are left to send."""
        answer = application(environ, self._begin)
        try:
            if getattr(answer, "streaming", False):
                self._stream(answer)
                return [_piece(b"")]
            return [self._start, _piece(b"".join(answer))]
        finally:
            getattr(answer, "close", bool)()

    def _begin(self, status: str, headers: Iterable[tuple[str, str]], _error: Any = None) -> None:
        named = [(name.lower().encode("latin1"), value.encode("latin1")) for name, value in headers]
        self._start = {"type": "http.response.start", "status": int(status[:3]), "headers": named}

    def _stream(self, answer: Iterable[bytes]) -> None:
        self._now(self._start)
        for piece in answer:
            self._now(_piece(piece, more=True))

    def _now(self, message: Message) -> None:
        """Sends from the thread and waits until it is gone."""
        asyncio.run_coroutine_threadsafe(_sent(self._send, message), self._loop).result()


def _announced(scope: Scope) -> int:
    """How long the client says its body is; -1 where it does not say."""
    length = next((value for name, value in scope["headers"] if name == b"content-length"), b"")
    return int(length) if length.isdigit() else -1


def _body(first: Message, announced: int, receive: Receive, loop: asyncio.AbstractEventLoop) -> Any:
    """The body to read: in memory when it came at once, else as it comes.

    The server says only with an empty piece more that it was all: to wait for that, the thread would ask back.
    """
    body = first.get("body", b"")
    if not first.get("more_body", False) or len(body) == announced:
        return io.BytesIO(body)
    kept = [first]

    async def following() -> Message:
        return kept.pop() if kept else await receive()

    return Body(loop, following)  # type: ignore[arg-type]


def _piece(body: bytes, *, more: bool = False) -> Message:
    return {"type": "http.response.body", "body": body, "more_body": more}


async def _sent(send: Send, message: Message) -> None:
    await send(message)
