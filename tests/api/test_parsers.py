from contextlib import suppress
from io import BytesIO

import orjson
import pytest
from django.test import RequestFactory
from hypothesis import given
from hypothesis import strategies as st
from rest_framework.exceptions import ParseError

from api.errors import PayloadTooLarge
from api.parsers import DEEPEST, LARGEST_BODY, StrictJSONParser, without_nul
from tests.api.caller import problem
from tests.api.unchanged import unchanged


def parse(raw: bytes):
    return StrictJSONParser().parse(BytesIO(raw))


GOOD = [
    (b'{"a": 1}', {"a": 1}),
    (b"\xef\xbb\xbf[]", []),
    (b"null", None),
    (b'"x"', "x"),
    (b'{"a":1,"a":2}', {"a": 2}),
    (b'"a\\u0000b"', "ab"),
    (b'{"\\u0000k":["\\u0000",{"x":"\\u0000y"},1]}', {"k": ["", {"x": "y"}, 1]}),
    (b'"\\\\u0000"', "\\u0000"),
    (b"9223372036854775808", 2**63),
    (b"1e308", 1e308),
    ('"e\u0301 \u202eא"'.encode(), "e\u0301 \u202eא"),
]
BAD = [
    b"", b" ", b"{", b"{'a':1}", b"{a:1}", b"[1,]", b"NaN", b"Infinity", b"-Infinity", b"1e400", b"-1e400",
    b"1" + b"0" * 400, b'"\\ud800"', b'"\\udc00\\ud800"', b'"\xff"', b'"\x00"', b'"\n"', b"\x00", b"{} {}",
    b"\xff\xfe{\x00", b"[" * 100 + b"]" * 100, b"[" * 3000 + b"]" * 3000, b'{"a":' * 3000 + b"1" + b"}" * 3000,
    b"[" * 100_000, b"<xml/>", b"phone=1",
]  # fmt: skip


@pytest.mark.parametrize(("raw", "value"), GOOD)
def test_parser_reads_json(raw, value):
    assert parse(raw) == value


@pytest.mark.parametrize("raw", BAD, ids=lambda raw: repr(raw[:20]))
def test_parser_refuses_what_is_no_storable_json(raw):
    with pytest.raises(ParseError):
        parse(raw)


@pytest.mark.parametrize(("depth", "fine"), [(DEEPEST, True), (DEEPEST + 1, False)])
def test_parser_stops_at_its_depth(depth, fine):
    raw = b"[" * depth + b"]" * depth
    if fine:
        assert orjson.dumps(parse(raw)) == raw
    else:
        with pytest.raises(ParseError):
            parse(raw)


def test_parser_refuses_a_body_beyond_the_limit():
    assert parse(b'"' + b"x" * (LARGEST_BODY - 2) + b'"') == "x" * (LARGEST_BODY - 2)
    with pytest.raises(PayloadTooLarge):
        parse(b" " * (LARGEST_BODY + 1))


def test_parser_refuses_an_announced_length_without_reading():
    request = RequestFactory().post("/", b"", content_type="application/json")
    request.META["CONTENT_LENGTH"] = str(LARGEST_BODY + 1)
    request._stream = None  # reading would fail
    with pytest.raises(PayloadTooLarge):
        StrictJSONParser().parse(request)


def test_parser_says_when_the_body_broke_off():
    class Broken:
        def read(self, _size):
            raise ConnectionResetError

    with pytest.raises(ParseError):
        StrictJSONParser().parse(Broken())


@given(st.binary(max_size=200) | st.text(max_size=100).map(str.encode))
def test_parser_reads_or_refuses_any_bytes(raw):
    with suppress(ParseError):
        orjson.dumps(parse(raw))


JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**63), 2**63) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=20,
)


@given(JSON)
def test_without_nul_takes_only_nul_away(value):
    clean = without_nul(value)
    assert b"\\u0000" not in orjson.dumps(clean).replace(b"\\\\", b"")
    if b"\\u0000" not in orjson.dumps(value):
        assert clean == value


# --- over the wire --------------------------------------------------------------------------------


@pytest.mark.parametrize("raw", [raw for raw in BAD if raw.strip()], ids=lambda raw: repr(raw[:20]))
def test_malformed_body_is_400_and_changes_nothing(api, raw):
    with unchanged():
        assert problem(api.post("leads/", raw)) == (400, "parse_error")


def test_ten_megabytes_are_413(api):
    with unchanged():
        assert problem(api.post("leads/", b" " * 10_000_000)) == (413, "payload_too_large")


def test_chunked_body_is_read(api):
    body = orjson.dumps({"phone": "0912345678"})
    assert chunked(api, body).status_code == 201


def test_chunked_body_beyond_the_limit_is_413(api):
    response = chunked(api, b" " * (LARGEST_BODY + 10))
    assert (response.status_code, response.json()["code"]) == (413, "payload_too_large")


def chunked(api, body: bytes):
    """As the server hands it over: no length, and the bytes behind `wsgi.input`."""
    return api.client.generic(
        "POST",
        "/api/v1/leads/",
        b"",
        headers={**api.headers, "Transfer-Encoding": "chunked"},
        **{"wsgi.input": BytesIO(body), "CONTENT_TYPE": "application/json"},
    )
