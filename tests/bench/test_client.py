import asyncio
import threading

import pytest

from bench.client import Load, request, send


@pytest.fixture
def server():
    """Answers every request with its own first line; `/no` is refused. Gives the port and the requests it saw."""
    seen, started, box = [], threading.Event(), {}

    async def answer(reader, writer):
        while head := await reader.readuntil(b"\r\n\r\n"):
            first = head.split(b"\r\n")[0]
            length = int(head.lower().split(b"content-length: ")[1].split(b"\r\n")[0])
            seen.append((first, await reader.readexactly(length)))
            status = b"404 Not Found" if b"/no" in first else b"200 OK"
            writer.write(b"HTTP/1.1 " + status + b"\r\nContent-Length: 2\r\n\r\nok")

    async def serve():
        listening = await asyncio.start_server(answer, "127.0.0.1", 0)
        box["port"], box["loop"], box["end"] = (
            listening.sockets[0].getsockname()[1],
            asyncio.get_running_loop(),
            asyncio.Event(),
        )
        started.set()
        await box["end"].wait()
        listening.close()

    def answer_quietly():
        loop = asyncio.new_event_loop()
        loop.set_exception_handler(lambda *_: None)  # the client hangs up in the middle of nothing
        loop.run_until_complete(serve())
        for task in asyncio.all_tasks(loop):
            task.cancel()
        loop.run_until_complete(asyncio.sleep(0))
        loop.close()

    thread = threading.Thread(target=answer_quietly)
    thread.start()
    started.wait()
    yield box["port"], seen
    box["loop"].call_soon_threadsafe(box["end"].set)
    thread.join()


def test_send_sends_each_request_once(server):
    port, seen = server
    bodies = [f"{n}".encode() for n in range(20)]
    load = send(port, (request("POST", "/x", body=body) for body in bodies), connections=3)
    assert sorted(seen) == sorted((b"POST /x HTTP/1.1", body) for body in bodies)
    assert (len(load.times), load.rate > 0) == (20, True)


def test_send_stops_when_time_is_over(server):
    port, _seen = server
    endless = iter(lambda: request("GET", "/x"), None)
    load = send(port, endless, connections=1, seconds=0.2)
    assert 0 < len(load.times) < 100_000


def test_send_raises_on_a_refusal(server):
    port, _seen = server
    with pytest.raises(RuntimeError, match="404"):
        send(port, iter([request("GET", "/no")]), connections=1)


def test_load_knows_its_percentiles():
    load = Load(10.0, tuple(float(n) for n in range(1, 101)))
    assert (load.p50, round(load.p95), round(load.p99)) == (50.5, 96, 100)
