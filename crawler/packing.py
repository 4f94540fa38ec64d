"""Bodies that are gzip without saying so: static ``.gz`` copies that a server sends as they lie. Pure."""

from __future__ import annotations

from crawler.coding import GZIP, CodingError, TooLarge, plain

MAX_UNPACKED = 16 * 1024 * 1024
"""Bytes. Twice the largest page or list that is read: what unpacks to more is left packed."""


def unpacked(body: bytes) -> bytes:
    """The body without its gzip; as it is where it is none, is damaged, or is too large.

    Packed twice is unpacked twice: a server that packs what already is packed announces one of them.
    """
    for _ in range(2):
        if not body.startswith(GZIP):
            break
        inner = _gunzipped(body)
        if inner is None:
            break
        body = inner
    return body


def damage(body: bytes) -> str | None:
    """Why a body that begins as gzip is not whole; None: it is none, is whole, or is too large to be read."""
    try:
        plain(body if body.startswith(GZIP) else b"", "gzip", MAX_UNPACKED)
    except TooLarge:
        return None
    except CodingError as error:
        return str(error)
    return None


def _gunzipped(body: bytes) -> bytes | None:
    try:
        return plain(body, "gzip", MAX_UNPACKED)
    except CodingError:
        return None
