"""JSON bodies, read strictly: what PostgreSQL or the code behind could choke on never gets past here."""

from collections.abc import Mapping
from typing import IO, Any

import orjson
from django.http import HttpRequest
from django.utils.translation import gettext as _
from rest_framework.exceptions import ParseError
from rest_framework.parsers import BaseParser

from api.errors import PayloadTooLarge
from core import failpoints

LARGEST_BODY = 5 * 1024 * 1024
DEEPEST = 32
ESCAPED_NUL = b"\\u0000"


class StrictJSONParser(BaseParser):
    """At most 5 MB and 32 levels deep; no NaN, no infinite numbers, no half characters; NUL characters are removed.

    Of a name that stands twice in an object, the last counts. Raises ParseError or PayloadTooLarge.
    """

    media_type = "application/json"

    def parse(
        self,
        stream: IO[Any],
        media_type: str | None = None,  # noqa: ARG002 - the framework's signature
        parser_context: Mapping[str, Any] | None = None,  # noqa: ARG002
    ) -> Any:
        raw = read_body(stream)
        failpoints.reach("body_read")
        try:
            value = orjson.loads(raw.removeprefix(b"\xef\xbb\xbf"))
        except (orjson.JSONDecodeError, RecursionError) as error:
            message = _("The body is not valid JSON: %(why)s.") % {"why": str(error)[:200]}
            raise ParseError(message) from error
        _check_depth(value)
        return without_nul(value) if ESCAPED_NUL in raw else value


def is_chunked(request: HttpRequest) -> bool:
    """Whether the body comes in chunks of unannounced total length."""
    return "chunked" in request.META.get("HTTP_TRANSFER_ENCODING", "").lower()


def read_body(stream: Any) -> bytes:
    """The whole body; refuses one that is, or turns out, too long before holding more than the limit."""
    meta = getattr(stream, "META", {})
    announced = str(meta.get("CONTENT_LENGTH") or "0")
    if announced.isdecimal() and int(announced) > LARGEST_BODY:
        raise PayloadTooLarge
    # Django reads nothing without an announced length, so chunks are read past it.
    source = meta["wsgi.input"] if isinstance(stream, HttpRequest) and is_chunked(stream) else stream
    try:
        raw: bytes = source.read(LARGEST_BODY + 1)
    except OSError as error:
        raise ParseError(_("The body broke off.")) from error
    if len(raw) > LARGEST_BODY:
        raise PayloadTooLarge
    return raw


def without_nul(value: Any) -> Any:
    """The same JSON value without NUL characters, which PostgreSQL can't store."""
    if isinstance(value, str):
        return value.replace("\x00", "")
    if isinstance(value, dict):
        return {without_nul(key): without_nul(item) for key, item in value.items()}
    return [without_nul(item) for item in value] if isinstance(value, list) else value


def _check_depth(value: Any) -> None:
    level, depth = [value], 0
    while level:
        depth += 1
        if depth > DEEPEST:
            raise ParseError(_("The body is nested too deeply."))
        level = [
            item
            for node in level
            for item in (node.values() if type(node) is dict else node if type(node) is list else ())
            if type(item) in (dict, list)
        ]
