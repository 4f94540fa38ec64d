"""A body as the wire carried it, taken apart: chunks and codings off. Pure: bytes and headers in, bytes out.

Archives keep bodies in three ways: as on the wire, with chunks off, or with all off and the headers left as
they were. A header is believed where the bytes bear it out.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from crawler.coding import GZIP, CodingError, names_in, plain, without
from crawler.imports.candidate import MAX_BODY, NotReadable
from crawler.imports.page_types import header

_CHUNK = re.compile(rb"([0-9A-Fa-f]{1,16})[ \t]*(?:;[^\r\n]*)?\r?\n")
_TEXT = re.compile(rb"\A(?:\xef\xbb\xbf)?\s*<")
"""How a page begins that no coding is on."""
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
    try:
        body = without(body, _values(headers, "content-encoding"), MAX_BODY)
        return plain(body, "gzip", MAX_BODY) if body.startswith(GZIP) and _is_text(headers) else body
    except CodingError as error:
        raise NotReadable(str(error)) from error


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
    return names_in(header(headers, name) or "")


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
