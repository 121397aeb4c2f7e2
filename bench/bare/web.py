"""The same bridge and as many threads as leadflow/asgi.py."""

import multiprocessing
import signal
from collections.abc import Awaitable, Callable
from typing import Any

from django.core.wsgi import get_wsgi_application

from leadflow.bridge import Bridge
from leadflow.up.leash import follow

THREADS = 8
threaded = Bridge(get_wsgi_application(), threads=THREADS)

if main := multiprocessing.parent_process():
    follow(main.pid or 0, signal.SIGKILL)


async def application(scope: Any, receive: Callable[[], Awaitable[Any]], send: Any) -> None:
    await threaded(scope, receive, send)
