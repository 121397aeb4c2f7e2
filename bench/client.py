"""A small HTTP client that costs little itself: keep-alive connections, as many at once as asked for."""

import asyncio
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import count
from statistics import median, quantiles

import uvloop

from leadflow.up.programs import HOST


@dataclass(frozen=True, slots=True)
class Load:
    """One run: finished requests a second, and the times of all of them in milliseconds."""

    rate: float
    times: tuple[float, ...]

    @property
    def p50(self) -> float:
        return median(self.times)

    @property
    def p95(self) -> float:
        return quantiles(self.times, n=100)[94]

    @property
    def p99(self) -> float:
        return quantiles(self.times, n=100)[98]


def request(method: str, path: str, *, body: bytes = b"", headers: Mapping[str, str] | None = None) -> bytes:
    """A request as it goes over the line."""
    given = {"Host": HOST, "Content-Length": str(len(body)), **(headers or {})}
    lines = "".join(f"{name}: {value}\r\n" for name, value in given.items())
    return f"{method} {path} HTTP/1.1\r\n{lines}\r\n".encode() + body


def send(port: int, requests: Iterator[bytes], *, connections: int, seconds: float = 3600.0, most: int = 0) -> Load:
    """Sends until the time is over, `most` were sent, or there are none left; raises on any refusal."""
    return uvloop.run(_send(port, requests, connections=connections, seconds=seconds, most=most))


async def _send(port: int, requests: Iterator[bytes], *, connections: int, seconds: float, most: int) -> Load:
    times: list[float] = []
    start = time.perf_counter()
    left = iter(range(most)) if most else count()
    await asyncio.gather(
        *(_one_connection(port, requests, left, start + seconds, times) for _number in range(connections))
    )
    return Load(len(times) / (time.perf_counter() - start), tuple(times))


async def _one_connection(
    port: int, requests: Iterator[bytes], left: Iterator[int], until: float, times: list[float]
) -> None:
    reader, writer = await asyncio.open_connection(HOST, port)
    try:
        while (started := time.perf_counter()) < until and next(left, None) is not None:
            if (sent := next(requests, None)) is None:
                break
            writer.write(sent)
            await _read_answer(reader)
            times.append((time.perf_counter() - started) * 1000)
    finally:
        writer.close()


async def _read_answer(reader: asyncio.StreamReader) -> bytes:
    head = await reader.readuntil(b"\r\n\r\n")
    lines = head.decode("latin-1").lower().split("\r\n")
    lengths = [int(line.partition(":")[2]) for line in lines if line.startswith("content-length:")]
    if not lengths:
        raise RuntimeError(f"an answer without length: {lines[0]}")
    body = await reader.readexactly(lengths[0])
    if int(lines[0].split()[1]) >= 300:
        raise RuntimeError(f"{lines[0]} {body[:500]!r}")
    return body
