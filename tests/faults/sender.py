"""An integration that sends leads, resends what was not answered, and keeps a journal of what was."""

import http.client
import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import count
from typing import Any

from tests.waiting import PAUSE, eventually

GIVES_UP = 90.0  # seconds without an answer after which the test has failed
ACKNOWLEDGED = {200, 201, 202}
WORTH_RESENDING = {409, 429}


@dataclass
class Answer:
    status: int
    body: dict[str, Any]
    seconds: float  # since it was first sent
    tries: int


@dataclass
class Sender:
    """Sends until it is answered, as an integration does: the same key, the same external id, the same body."""

    port: int
    api_key: str
    refused: list[str] = field(default_factory=list)

    def request(self, method: str, path: str, payload: Any = None, *, key: str = "") -> tuple[int, bytes]:
        """One try. Raises OSError or HTTPException when the connection broke."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
        headers = {"Authorization": f"Bearer {self.api_key}", "Content-Type": "application/json"}
        try:
            connection.request(
                method,
                path,
                json.dumps(payload) if payload else None,
                headers | ({"Idempotency-Key": key} if key else {}),
            )
            response = connection.getresponse()
            return response.status, response.read()
        finally:
            connection.close()

    def post(self, path: str, payload: dict[str, Any], *, key: str = "") -> Answer:
        """Resends until there is an answer that an integration would take for one."""
        since = time.monotonic()
        for tries in count(1):
            try:
                status, body = self.request("POST", path, payload, key=key)
            except (OSError, http.client.HTTPException) as broken:
                status, body = 0, repr(broken).encode()
            seconds = time.monotonic() - since
            if status in ACKNOWLEDGED:
                return Answer(status, json.loads(body), seconds, tries)
            if (status and status < 500 and status not in WORTH_RESENDING) or seconds > GIVES_UP:
                self.refused.append(f"{status} {body[:300]!r}")
                raise AssertionError(self.refused[-1])
            threading.Event().wait(PAUSE)  # a moment, as a polite integration does
        raise AssertionError


@dataclass
class Journal:
    """Everything that was acknowledged: lead number -> answer. Numbers decide what a lead looks like."""

    sender: Sender
    answers: dict[int, Answer] = field(default_factory=dict)
    _numbers: Iterator[int] = field(default_factory=lambda: count(1))
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def send(self, *, hot: bool | None = None) -> int:
        """Sends the next lead until it is acknowledged; returns its number."""
        with self._lock:
            number = next(n for n in self._numbers if hot is None or is_hot(n) == hot)
        payload, key = lead(number)
        answer = self.sender.post("/api/v1/leads/", payload, key=key)
        with self._lock:
            self.answers[number] = answer
        return number

    @contextmanager
    def traffic(self, *, senders: int = 4) -> Iterator[None]:
        """Leads keep coming during the block, and everything begun is acknowledged after it."""
        over = threading.Event()

        def run() -> None:
            while not over.is_set():
                self.send()

        threads = [threading.Thread(target=run, daemon=True) for _n in range(senders)]
        for thread in threads:
            thread.start()
        try:
            yield
        finally:
            over.set()
            for thread in threads:
                thread.join(GIVES_UP + 10)

    def wait_for_more(self, wanted: int, *, seconds: float) -> None:
        """Returns when so many more leads have been acknowledged."""
        target = len(self.answers) + wanted
        assert eventually(lambda: len(self.answers) >= target, seconds=seconds)

    def slowest(self, since: int = 0) -> float:
        """The longest time from the first sending to the answer, of the answers after the first `since`."""
        return max(answer.seconds for answer in list(self.answers.values())[since:])


def is_hot(number: int) -> bool:
    """Every other lead booked a meeting: 75 points, so it has a hand-off, an owner, a clock and an e-mail."""
    return number % 2 == 0


def phone(number: int) -> str:
    return f"+849{number:08d}"


def lead(number: int) -> tuple[dict[str, Any], str]:
    """A lead and its Idempotency-Key: a third is resent under the key, a third by external id, a third by both."""
    payload: dict[str, Any] = {"name": f"Người {number}", "phone": phone(number), "source": "faults"}
    if number % 3:
        payload["external_id"] = f"L-{number}"
    if is_hot(number):
        payload["event"] = {"kind": "meeting.booked", "properties": {"form": "hẹn gặp"}}
    return payload, "" if number % 3 == 1 else f"key-{number}"
