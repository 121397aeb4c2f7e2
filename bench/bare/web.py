"""The same bridge and as many threads as leadflow/asgi.py."""

import multiprocessing
import signal
from collections.abc import Awaitable, Callable
from typing import Any, cast

from a2wsgi import WSGIMiddleware
from django.core.wsgi import get_wsgi_application

from leadflow.up.leash import follow

THREADS = 4
threaded: Any = WSGIMiddleware(cast("Any", get_wsgi_application()), workers=THREADS)

if main := multiprocessing.parent_process():
    follow(main.pid or 0, signal.SIGKILL)


async def application(scope: Any, receive: Callable[[], Awaitable[Any]], send: Any) -> None:
    async def received() -> Any:
        return await receive()  # the bridge wants a coroutine, the server gives something else to wait for

    await threaded(scope, received, send)
