"""An integration with its key, and a person with a session: how the API tests talk."""

from typing import Any

import orjson
from django.http import HttpResponse
from django.test import Client

from accounts.models import User
from api.keys import create_key
from tests.factories import NOW


class Caller:
    """Sends JSON and reads JSON. `answer.data` is the decoded body."""

    def __init__(self, *scopes: str, user: User | None = None, token: str = "") -> None:
        self.client = Client(raise_request_exception=False)
        self.headers: dict[str, str] = {}
        if user:
            self.client.force_login(user)
        elif scopes:
            self.key, token = create_key("Kiểm thử", scopes, by=None, at=NOW)
        if token:
            self.headers["Authorization"] = f"Bearer {token}"

    def send(self, method: str, path: str, body: Any = None, **headers: str) -> HttpResponse:
        """`body` is encoded unless it is bytes; headers as keywords, `_` for `-`."""
        raw = body if isinstance(body, bytes) else b"" if body is None else orjson.dumps(body)
        given = {name.replace("_", "-"): value for name, value in headers.items()}
        address = path if path.startswith("/") else f"/api/v1/{path}"
        kind = given.pop("Content-Type", "application/json")
        response = self.client.generic(method, address, raw, content_type=kind, headers=self.headers | given)
        is_json = "json" in response.headers.get("Content-Type", "")
        response.data = orjson.loads(response.content) if is_json and response.content else None
        return response

    def get(self, path: str, **headers: str) -> HttpResponse:
        return self.send("GET", path, **headers)

    def post(self, path: str, body: Any = None, **headers: str) -> HttpResponse:
        return self.send("POST", path, body, **headers)

    def put(self, path: str, body: Any = None, **headers: str) -> HttpResponse:
        return self.send("PUT", path, body, **headers)

    def patch(self, path: str, body: Any = None, **headers: str) -> HttpResponse:
        return self.send("PATCH", path, body, **headers)


def problem(response: HttpResponse) -> tuple[int, str]:
    """Status and code of a refusal, after checking that it is a well-formed problem document."""
    assert response.headers["Content-Type"] == "application/problem+json", response.content[:300]
    data = response.data
    assert set(data) >= {"type", "title", "status", "detail", "code", "errors"}
    assert data["status"] == response.status_code
    assert data["type"] == f"urn:leadflow:problem:{data['code']}"
    assert all(set(error) == {"field", "code", "message"} for error in data["errors"])
    return response.status_code, data["code"]
