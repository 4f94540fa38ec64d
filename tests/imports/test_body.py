"""Bodies as other programs keep them: on the wire's form, half taken apart, or broken off."""

from __future__ import annotations

import gzip
import zlib
from contextlib import suppress

import brotli
import pytest
from hypothesis import given
from hypothesis import strategies as some

from crawler.imports import body as module
from crawler.imports.body import plain_body
from crawler.imports.candidate import NotReadable

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
        (b"\x28\xb5\x2f\xfd", [("Content-Encoding", "zstd")], "Content-Encoding is zstd"),
        (packed(PAGE)[:10] + b"\xff" * 20, [("Content-Encoding", "gzip")], "cannot be decoded"),
    ],
)
def test_what_breaks_off_or_is_something_else_is_told(
    raw: bytes, headers: list[tuple[str, str]], said: str
) -> None:
    with pytest.raises(NotReadable, match=said):
        plain_body(raw, headers)


@pytest.mark.parametrize("pack", [gzip.compress, brotli.compress], ids=["gzip", "br"])
def test_a_bomb_is_not_unpacked(pack: object, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MAX_BODY", 1024 * 1024)
    bomb = pack(bytes(4_000_000))  # type: ignore[operator]
    name = "gzip" if bomb.startswith(b"\x1f\x8b") else "br"
    with pytest.raises(NotReadable, match="unpacks to more than"):
        plain_body(bomb, [("Content-Encoding", name)])


CODINGS = some.sampled_from(["gzip", "deflate", "br", "zstd", "", "x, y"])


@given(some.binary(max_size=200), CODINGS, some.sampled_from(["", "chunked"]))
def test_any_bytes_under_any_header_are_a_body_or_a_sentence(raw: bytes, coding: str, wire: str) -> None:
    with suppress(NotReadable):
        plain_body(raw, [("Content-Encoding", coding), ("Transfer-Encoding", wire)])
