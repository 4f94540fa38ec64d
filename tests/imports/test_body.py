"""Bodies as other programs keep them: on the wire's form, half taken apart, or broken off."""

from __future__ import annotations

import gzip
import sys
import zlib
from contextlib import suppress

import brotli
import pytest
from hypothesis import given
from hypothesis import strategies as some

from crawler.imports import body as module
from crawler.imports.body import breaks_off, plain_body
from crawler.imports.candidate import NotReadable

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

PAGE = "<html><body><p>시는 새 다리를 열었다고 밝혔다.</p></body></html>".encode()


def packed(body: bytes) -> bytes:
    return gzip.compress(body, mtime=0)  # without the clock


def chunked(body: bytes, size: int = 7, end: bytes = b"0\r\n\r\n") -> bytes:
    parts = [body[at : at + size] for at in range(0, len(body), size)]
    return b"".join(f"{len(part):X};x=1\r\n".encode() + part + b"\r\n" for part in parts) + end


def raw_deflate(body: bytes) -> bytes:
    stream = zlib.compressobj(wbits=-15)
    return stream.compress(body) + stream.flush()


@pytest.mark.parametrize(
    ("raw", "headers"),
    [
        (PAGE, []),
        (chunked(PAGE), [("Transfer-Encoding", "chunked")]),
        (chunked(PAGE, end=b"0\r\nX-Trailer: 1\r\n\r\n"), [("transfer-encoding", "Chunked")]),
        (chunked(PAGE, end=b"0\r\n"), [("Transfer-Encoding", "gzip, chunked")]),
        (PAGE, [("Transfer-Encoding", "chunked")]),
        (packed(PAGE), [("Content-Encoding", "GZIP")]),
        (PAGE, [("Content-Encoding", "gzip")]),
        (chunked(packed(PAGE)), [("Transfer-Encoding", "chunked"), ("Content-Encoding", "x-gzip")]),
        (zlib.compress(PAGE), [("Content-Encoding", "deflate")]),
        (raw_deflate(PAGE), [("Content-Encoding", "deflate")]),
        (brotli.compress(PAGE), [("Content-Encoding", "br")]),
        (PAGE, [("Content-Encoding", "br")]),
        (PAGE, [("Content-Encoding", "zstd")]),
        (zstd.compress(PAGE), [("Content-Encoding", "zstd")]),
        (zstd.compress(PAGE[:20]) + zstd.compress(PAGE[20:]), [("Content-Encoding", "zstd")]),
        (packed(PAGE), [("Content-Type", "text/html; charset=utf-8")]),
        (
            chunked(packed(PAGE)),
            [("Transfer-Encoding", "chunked"), ("Content-Type", "application/xhtml+xml")],
        ),
        (brotli.compress(packed(PAGE)), [("Content-Encoding", "gzip, br")]),
        (PAGE, [("Content-Encoding", "utf-8")]),
        (PAGE, [("Content-Encoding", "")]),
    ],
)
def test_a_body_is_taken_apart_as_far_as_its_bytes_bear_the_headers_out(
    raw: bytes, headers: list[tuple[str, str]]
) -> None:
    assert plain_body(raw, headers) == PAGE


@pytest.mark.parametrize(
    ("raw", "headers", "said"),
    [
        (chunked(PAGE)[:40], [("Transfer-Encoding", "chunked")], "chunked body breaks off"),
        (chunked(PAGE, end=b""), [("Transfer-Encoding", "chunked")], "chunked body breaks off"),
        (packed(PAGE)[:-9], [("Content-Encoding", "gzip")], "gzip body breaks off"),
        (brotli.compress(PAGE * 99)[:-3], [("Content-Encoding", "br")], "br body breaks off"),
        (b"\xff" * 20, [("Content-Encoding", "br")], "cannot be decoded"),
        (b"\x28\xb5\x2f\xfd", [("Content-Encoding", "zstd")], "zstd body breaks off"),
        (zstd.compress(PAGE)[:-2], [("Content-Encoding", "zstd")], "zstd body breaks off"),
        (b"\xff" * 20, [("Content-Encoding", "zstd")], "cannot be decoded"),
        (packed(PAGE)[:-9], [("Content-Type", "text/html")], "gzip body breaks off"),
        (packed(PAGE)[:10] + b"\xff" * 20, [("Content-Encoding", "gzip")], "cannot be decoded"),
        (packed(PAGE), [("Content-Encoding", "lzma")], "none that is read"),
    ],
)
def test_what_breaks_off_or_is_something_else_is_told(
    raw: bytes, headers: list[tuple[str, str]], said: str
) -> None:
    with pytest.raises(NotReadable, match=said):
        plain_body(raw, headers)


@pytest.mark.parametrize(
    ("raw", "headers", "is_so"),
    [
        (PAGE, [("Content-Length", str(len(PAGE) + 1))], True),
        (packed(PAGE), [("Content-Encoding", "gzip"), ("content-length", "9999")], True),
        (PAGE, [("Content-Length", str(len(PAGE)))], False),
        (PAGE, [("Content-Length", "3")], False),
        (PAGE, [("Content-Length", "٣٣٣٣٣")], False),
        (PAGE, [("Content-Length", "9" * 5000)], True),
        (PAGE, [("Content-Length", "many")], False),
        (PAGE, [("Content-Length", "9999"), ("Content-Encoding", "gzip")], False),  # taken apart
        (chunked(PAGE), [("Content-Length", "9999"), ("Transfer-Encoding", "chunked")], False),
        (b"", [("Content-Length", "9999")], False),  # an answer to HEAD
        (PAGE, [], False),
    ],
)
def test_a_body_shorter_than_announced_breaks_off(
    raw: bytes, headers: list[tuple[str, str]], is_so: bool
) -> None:
    assert breaks_off(raw, headers) is is_so


@pytest.mark.parametrize("pack", [gzip.compress, brotli.compress, zstd.compress], ids=["gzip", "br", "zstd"])
def test_a_bomb_is_not_unpacked(
    pack: object, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "MAX_BODY", 1024 * 1024)
    bomb = pack(bytes(4_000_000))  # type: ignore[operator]
    name = request.node.callspec.id
    with pytest.raises(NotReadable, match="unpacks to more than"):
        plain_body(bomb, [("Content-Encoding", name)])


CODINGS = some.sampled_from(["gzip", "deflate", "br", "zstd", "", "x, y"])


@given(some.binary(max_size=200), CODINGS, some.sampled_from(["", "chunked"]))
def test_any_bytes_under_any_header_are_a_body_or_a_sentence(raw: bytes, coding: str, wire: str) -> None:
    with suppress(NotReadable):
        plain_body(raw, [("Content-Encoding", coding), ("Transfer-Encoding", wire)])
