"""A body as the wire carried it, taken apart: chunks and codings off. Pure: bytes and headers in, bytes out.

Archives keep bodies in three ways: as on the wire, with chunks off, or with all off and the headers left as
they were. A header is believed where the bytes bear it out.
"""

from __future__ import annotations

import re
import sys
import zlib
from collections.abc import Sequence

import brotli

from crawler.imports.candidate import MAX_BODY, NotReadable

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

_CHUNK = re.compile(rb"([0-9A-Fa-f]{1,16})[ \t]*(?:;[^\r\n]*)?\r?\n")
_GZIP = b"\x1f\x8b\x08"
_ZSTD = b"\x28\xb5\x2f\xfd"
_TEXT = re.compile(rb"\A(?:\xef\xbb\xbf)?\s*<")
"""How a page begins that no coding is on."""
_BLOCK = 1024 * 1024
_DIGITS = 18
"""Of a Content-Length that are read: more are no length of anything."""


def plain_body(raw: bytes, headers: Sequence[tuple[str, str]]) -> bytes:
    """The body without chunks and content codings.

    Raises:
        NotReadable: it breaks off, is not what its headers say, or unpacks to more than MAX_BODY.
    """
    body = raw
    if "chunked" in _values(headers, "transfer-encoding") and _CHUNK.match(raw):
        body = _without_chunks(raw)
    for coding in reversed(_values(headers, "content-encoding")):
        body = _decoded(body, coding)
    return _inflated(body, "gzip", (31,)) if body.startswith(_GZIP) and _is_text(headers) else body


def breaks_off(raw: bytes, headers: Sequence[tuple[str, str]]) -> bool:
    """Whether the wire carried less than the answer announced: a fetch that ended early, kept as if whole.

    Only a length says it (chunks and codings end by themselves), and only of a body on which is what its
    headers say: one that was taken apart may well be shorter than what was sent.
    """
    lengths = _values(headers, "content-length")
    chunked = "chunked" in _values(headers, "transfer-encoding")
    if not raw or chunked or not (lengths and lengths[0].isascii() and lengths[0].isdecimal()):
        return False
    taken_apart = bool(_values(headers, "content-encoding")) and _TEXT.match(raw) is not None
    return len(raw) < int(lengths[0][:_DIGITS]) and not taken_apart


def _is_text(headers: Sequence[tuple[str, str]]) -> bool:
    """Whether it says that it is text: what is gzip below that was packed by the server and not announced."""
    return any(value.startswith("text/") or "html" in value for value in _values(headers, "content-type"))


def _values(headers: Sequence[tuple[str, str]], name: str) -> list[str]:
    found = [part for key, value in headers if key.strip().lower() == name for part in value.split(",")]
    return [one.strip().strip('"').lower() for one in found if one.strip()]


def _without_chunks(raw: bytes) -> bytes:
    """RFC 9112 section 7.1. Trailers are passed over; the empty line that ends them is often not kept."""
    parts: list[bytes] = []
    at = size = 0
    while (head := _CHUNK.match(raw, at)) is not None:
        length = int(head[1], 16)
        if length == 0:
            return b"".join(parts)
        part = raw[head.end() : head.end() + length]
        parts.append(part)
        size += len(part)
        at = head.end() + length
        if len(part) < length:
            break
        at += 2 if raw[at : at + 2] == b"\r\n" else 1 if raw[at : at + 1] == b"\n" else 0
    raise NotReadable(f"its chunked body breaks off after {size:,} bytes")


def _decoded(body: bytes, coding: str) -> bytes:
    if coding in {"identity", "none", "utf-8", "utf8", "8bit", "7bit", "binary"} or not body:
        return body
    if coding in {"gzip", "x-gzip"}:
        return _inflated(body, coding, (31,)) if body.startswith(_GZIP) else _as_it_is(body, coding)
    if coding == "deflate":
        return body if _TEXT.match(body) else _inflated(body, coding, (15, -15))
    if coding == "br":
        return body if _TEXT.match(body) else _unbrotlied(body)
    if coding == "zstd" and body.startswith(_ZSTD):
        return _unzstd(body)
    return _as_it_is(body, coding)


def _as_it_is(body: bytes, coding: str) -> bytes:
    """A body that the coding is off already; it looks like a page."""
    if _TEXT.match(body):
        return body
    raise NotReadable(f"its Content-Encoding is {coding[:40]}, and its body cannot be decoded so")


def _inflated(body: bytes, coding: str, windows: Sequence[int]) -> bytes:
    for window in windows:
        stream = zlib.decompressobj(wbits=window)
        try:
            plain = stream.decompress(body, MAX_BODY + 1)
        except zlib.error:
            continue
        if len(plain) > MAX_BODY:
            raise NotReadable(f"it unpacks to more than {MAX_BODY // 1024**2} MiB")
        if not stream.eof:
            raise NotReadable(f"its {coding} body breaks off after {len(plain):,} bytes")
        return plain
    raise NotReadable(f"its Content-Encoding is {coding}, and its body cannot be decoded so")


def _unbrotlied(body: bytes) -> bytes:
    stream, parts, size, rest = brotli.Decompressor(), [], 0, body
    try:
        while part := stream.process(rest, output_buffer_limit=_BLOCK):
            parts.append(part)
            size += len(part)
            rest = b""
            if size > MAX_BODY:
                raise NotReadable(f"it unpacks to more than {MAX_BODY // 1024**2} MiB")
    except brotli.error as error:
        raise NotReadable("its Content-Encoding is br, and its body cannot be decoded so") from error
    if not stream.is_finished():
        raise NotReadable(f"its br body breaks off after {size:,} bytes")
    return b"".join(parts)


def _unzstd(body: bytes) -> bytes:
    """RFC 8878; Chrome asks for it, and what records its traffic keeps it so."""
    parts: list[bytes] = []
    size, rest = 0, body
    try:
        while rest:
            stream = zstd.ZstdDecompressor()
            while not stream.eof:
                part = stream.decompress(rest, max_length=_BLOCK)
                parts.append(part)
                size += len(part)
                rest = b""
                if size > MAX_BODY:
                    raise NotReadable(f"it unpacks to more than {MAX_BODY // 1024**2} MiB")
                if stream.needs_input and not stream.eof:
                    raise NotReadable(f"its zstd body breaks off after {size:,} bytes")
            rest = stream.unused_data
    except zstd.ZstdError as error:
        raise NotReadable("its Content-Encoding is zstd, and its body cannot be decoded so") from error
    return b"".join(parts)
