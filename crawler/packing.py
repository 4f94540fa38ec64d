"""Bodies that are gzip without saying so: static ``.gz`` copies that a server sends as they lie. Pure."""

from __future__ import annotations

import zlib

MAGIC = b"\x1f\x8b\x08"
"""How gzip begins (RFC 1952): ID1, ID2, deflate."""
MAX_UNPACKED = 16 * 1024 * 1024
"""Bytes. Twice the largest page or list that is read: what unpacks to more is left packed."""


def unpacked(body: bytes) -> bytes:
    """The body without its gzip; as it is where it is none, is damaged, or is too large.

    Packed twice is unpacked twice: a server that packs what already is packed announces one of them.
    """
    for _ in range(2):
        if not body.startswith(MAGIC):
            break
        inner = _gunzipped(body)
        if inner is None:
            break
        body = inner
    return body


def _gunzipped(body: bytes) -> bytes | None:
    parts: list[bytes] = []
    size = 0
    while body.startswith(MAGIC):
        stream = zlib.decompressobj(wbits=31)
        try:
            part = stream.decompress(body, MAX_UNPACKED + 1 - size)
        except zlib.error:
            return None
        size += len(part)
        if not stream.eof or size > MAX_UNPACKED:
            return None
        parts.append(part)
        body = stream.unused_data
    return b"".join(parts)
