"""Records written by our own hand are those that warcio writes of the same, byte for byte."""

from __future__ import annotations

import re
import zlib
from io import BytesIO

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as some

from storage.warc.library import StatusAndHeaders
from storage.warc.written import BUILDER, member, member_of, payload_digest, request_member

URL = "https://v.daum.net/v/20261126120000001"
FIELDS = {
    "WARC-Date": "2026-11-26T12:00:00.000001Z",
    "WARC-Warcinfo-ID": "<urn:uuid:0>",
    "WARC-Concurrent-To": "<urn:uuid:1>",
}
HEAD = b"GET /v/20261126120000001 HTTP/1.1\r\nHost: v.daum.net\r\n"
_NUMBER = re.compile(rb"(?<=WARC-Record-ID: <urn:uuid:)[-0-9a-f]{36}")


def plain(gzipped: bytes) -> bytes:
    """A member's bytes with an id that all share."""
    return _NUMBER.sub(b"0", zlib.decompress(gzipped, wbits=31))


def by_warcio(
    kind: str, url: str, fields: dict[str, str], payload: bytes, http: StatusAndHeaders | None = None
) -> bytes:
    made = BUILDER.create_warc_record(
        url,
        kind,
        payload=BytesIO(payload),
        length=len(payload),
        http_headers=http,
        warc_headers_dict=dict(fields),
    )
    return plain(member_of(made))


@pytest.mark.parametrize(
    "headers",
    [
        [],
        [("Content-Type", "text/html; charset=utf-8"), ("Set-Cookie", "a"), ("Set-Cookie", "b")],
        [("X", ""), ("", "x"), ("Y", "세종")],
    ],
)
@pytest.mark.parametrize(
    ("kind", "body", "known"),
    [
        ("response", b"<html>", True),
        ("response", b"", True),
        ("response", b"\r\n\r\n\0\xff", True),
        ("revisit", b"", True),
        ("revisit", b"", False),
    ],
)
def test_an_answer(kind: str, body: bytes, known: bool, headers: list[tuple[str, str]]) -> None:
    fields = FIELDS | ({"WARC-Payload-Digest": payload_digest(body)} if known else {})

    def head() -> StatusAndHeaders:
        return StatusAndHeaders("200 OK", list(headers), protocol="HTTP/1.1")

    written, number = member(kind, URL, fields, head().to_ascii_bytes() + body)
    assert plain(written) == by_warcio(kind, URL, fields, body, head())
    assert f"WARC-Record-ID: {number}\r\n".encode() in zlib.decompress(written, wbits=31)


@pytest.mark.parametrize("url", [URL, "https://v.daum.net/세종", "urn:x"])
@pytest.mark.parametrize("block", [b'run: 1\r\nseed: "x"\r\n', "a: 가\r\n".encode(), b"no line"])
def test_what_is_known_of_a_capture(url: str, block: bytes) -> None:
    written = member("metadata", url, FIELDS, block, payload_digest(block))[0]
    assert plain(written) == by_warcio("metadata", url, FIELDS, block)


@pytest.mark.parametrize(
    "request_",
    [
        HEAD + b"\r\n",
        HEAD + b'If-None-Match: W/"a b"\r\nX-Y_z.1: q\r\n\r\n',
        HEAD + b"\r\na body",
        HEAD,
        HEAD + b"Empty: \r\n\r\n",
        HEAD + b"Empty:\r\n\r\n",
        HEAD + b"Name:value\r\n\r\n",
        HEAD + b"Name:  two\r\n\r\n",
        HEAD + b"Name: behind \r\n\r\n",
        HEAD + b"Name : before\r\n\r\n",
        HEAD + b"Name: one\r\n more of it\r\n\r\n",
        HEAD + b"Name: one\nOther: two\r\n\r\n",
        HEAD + b"no name\r\n\r\n",
        HEAD + b": no name\r\n\r\n",
        HEAD + b"A: one:two\r\n\r\n",
        HEAD + b"A: tab\there\r\n\r\n",
        HEAD + b"A: \x00\r\n\r\n",
        HEAD + 'If-None-Match: "세종"\r\n\r\n'.encode(),
        HEAD + b'If-None-Match: "\xbc\xbc"\r\n\r\n',
        b"GET  /two HTTP/1.1\r\nHost: a\r\n\r\n",
        b"GET /old HTTP/1.0\r\nHost: a\r\n\r\n",
        b"GET /none HTTP/1.1\r\n\r\n",
        b"GET /\r\nHost: a\r\n\r\n",
        b"\r\n",
        b"",
    ],
)
@pytest.mark.parametrize("url", [URL, "urn:x"])
def test_a_request(url: str, request_: bytes) -> None:
    assert _outcome(plain_request, url, request_) == _outcome(warcios_request, url, request_)


@settings(deadline=None)
@given(
    name=some.text(some.characters(max_codepoint=0x17F), max_size=4),
    value=some.text(some.characters(max_codepoint=0x17F), max_size=6),
    rest=some.sampled_from([b"\r\n", b"", b"\n", b"\r\nbody", b"\r\n\r\n"]),
)
@example(name="A", value="\xa0", rest=b"\r\n")
@example(name="A", value="b\x85", rest=b"\r\n")
def test_any_header_of_a_request(name: str, value: str, rest: bytes) -> None:
    request = HEAD + f"{name}: {value}\r\n".encode() + rest
    assert _outcome(plain_request, URL, request) == _outcome(warcios_request, URL, request)


def plain_request(url: str, request: bytes) -> bytes:
    return plain(request_member(url, FIELDS, request))


def warcios_request(url: str, request: bytes) -> bytes:
    return by_warcio("request", url, FIELDS, request)


def _outcome(write: object, url: str, request: bytes) -> object:
    """What was written, or how it was refused."""
    assert callable(write)
    try:
        return write(url, request)
    except Exception as error:  # noqa: BLE001  warcio's, whatever it is
        return type(error)
