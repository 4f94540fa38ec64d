"""Content codings taken off a body to their very end, for crawls, imports and packed pages alike. Pure.

What the wire damaged is told: a checksum that does not fit, a frame without its end. What servers do is
forgiven: bytes behind a whole frame, several frames, deflate without its frame, one coding under another's
name, a coding that is announced and not on the body.
"""

from __future__ import annotations

import re
import sys
import zlib
from collections.abc import Callable, Generator, Iterator, Mapping, Sequence

import brotli

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

GZIP = b"\x1f\x8b\x08"
"""How gzip begins (RFC 1952): ID1, ID2, deflate."""
_ZSTD = re.compile(rb"\x28\xb5\x2f\xfd|[\x50-\x5f]\x2a\x4d\x18")
"""How a frame of Zstandard begins, and one to be skipped (RFC 8878)."""
_NOTHING = frozenset({"", "identity", "none", "utf-8", "utf8", "8bit", "7bit", "binary"})
"""Names that servers send where no coding is meant."""
_NO_TEXT = re.compile(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f\xff]")
"""What text has none of (escape sequences are text), and a packed body one of in nine bytes."""
_TEXT_WINDOW = 1024
_BLOCK = 1024 * 1024
_BY_BYTE = 1024 * 1024
"""Bytes of brotli up to which its end is looked for byte by byte."""


class CodingError(ValueError):
    """The body is not had from what came; the message is the reason."""


class CutOff(CodingError):
    """It ends before its frame does."""

    def __init__(self, coding: str, before: bytes) -> None:
        super().__init__(f"its {coding} body breaks off after {len(before):,} bytes")
        self.before = before
        """What came before the end."""


class Damaged(CodingError):
    """A byte was changed, or the server writes what is not the coding that it announces."""


class TooLarge(CodingError):
    """It unpacks to more than is taken."""


class _Ended(Exception):
    """The bytes end before the frame."""


_FAULTS = (_Ended, zlib.error, brotli.error, zstd.ZstdError)


def names_in(said: str) -> list[str]:
    """The names that a header gives, in small letters and in its order: codings, the first put on first. A
    weight (``gzip;q=1.0``), which is what a request says, is left out."""
    return [name.partition(";")[0].strip().strip('"').lower() for name in said.split(",") if name.strip()]


def without(body: bytes, codings: Sequence[str], limit: int) -> bytes:
    """The body with every coding off, the last one first.

    Raises:
        CutOff, Damaged, TooLarge: as `plain`.
    """
    for coding in reversed(codings):
        try:
            body = plain(body, coding, limit)
        except CutOff as error:
            if len(codings) > 1:
                error.before = b""  # readable only where no other coding is below
            raise
    return body


def plain(body: bytes, coding: str, limit: int) -> bytes:
    """The body without one coding; as it is where the name means none, or it is text that no coding is on.

    Args:
        coding: one name, in small letters.
        limit: bytes that are unpacked at most.

    Raises:
        CutOff, Damaged, TooLarge: it cannot be had whole.
    """
    if not body or coding in _NOTHING:
        return body
    if coding not in CODINGS:
        if looks_like_text(body):
            return body
        raise Damaged(f"its Content-Encoding is {coding[:40]}, which is none that is read")
    parts: list[bytes] = []
    try:
        _unpack(body, coding, limit, parts)
    except _FAULTS as error:
        if looks_like_text(body):
            return body  # announced, and not on it
        if (other := _misnamed(body, coding, limit)) is not None:
            return other
        if isinstance(error, _Ended):
            raise CutOff(coding, b"".join(parts)) from error
        said = " ".join(str(error).split())
        raise Damaged(f"its Content-Encoding is {coding}, its body cannot be decoded so: {said}") from error
    return b"".join(parts)


def _unpack(body: bytes, coding: str, limit: int, parts: list[bytes]) -> None:
    """Fill the list with what comes out, as far as it does. Raises one of the faults, or TooLarge."""
    size = 0
    for part in CODINGS[coding](body):
        parts.append(part)
        size += len(part)
        if size > limit:
            raise TooLarge(f"it unpacks to more than {limit // 1024**2} MiB")


def _misnamed(body: bytes, coding: str, limit: int) -> bytes | None:
    """What comes out by another coding than the one that the server announces: the one whose frame begins the
    body. Brotli has none: what is no frame is tried as brotli, and taken where text comes out."""
    real = _framed_as(body) or "br"
    if real == coding.removeprefix("x-"):
        return None
    parts: list[bytes] = []
    try:
        _unpack(body, real, limit, parts)
    except _FAULTS:
        return None  # the caller tells what is wrong with the one that was announced
    found = b"".join(parts)
    return found if real != "br" or (found and looks_like_text(found)) else None


def _framed_as(body: bytes) -> str | None:
    if body.startswith(GZIP):
        return "gzip"
    if _ZSTD.match(body):
        return "zstd"
    return "deflate" if _has_zlib_frame(body) else None


def looks_like_text(body: bytes) -> bool:
    """Whether no byte at its beginning is one that no text has: true of no body that is packed."""
    return _NO_TEXT.search(body[:_TEXT_WINDOW]) is None and not _ZSTD.match(body)


def _gunzipped(body: bytes) -> Iterator[bytes]:
    while True:
        body = yield from _inflated(body, 31)
        if not body.startswith(GZIP):
            return


def _undeflated(body: bytes) -> Iterator[bytes]:
    yield from _inflated(body, 15 if _has_zlib_frame(body) else -15)


def _has_zlib_frame(body: bytes) -> bool:
    """RFC 1950."""
    return len(body) > 1 and body[0] & 0x8F == 8 and int.from_bytes(body[:2], "big") % 31 == 0


def _inflated(body: bytes, window: int) -> Generator[bytes, None, bytes]:
    """One frame's parts; returns what stands behind it."""
    stream = zlib.decompressobj(wbits=window)
    while not stream.eof:
        part = stream.decompress(body, _BLOCK)
        body = stream.unconsumed_tail
        yield part
        if not part and not body and not stream.eof:
            raise _Ended
    return stream.unused_data


def _unbrotlied(body: bytes) -> Iterator[bytes]:
    try:
        parts = list(_brotli_parts(body, len(body)))
    except brotli.error:
        # It fails at bytes behind its end, too: then the end is looked for. It has no checksum.
        if len(body) > _BY_BYTE:
            raise
        parts = list(_brotli_parts(body, 1))
    yield from parts


def _brotli_parts(body: bytes, step: int) -> Iterator[bytes]:
    stream, at = brotli.Decompressor(), 0
    while not stream.is_finished():
        fed = body[at : at + step] if stream.can_accept_more_data() else b""
        at += len(fed)
        part: bytes = stream.process(fed, output_buffer_limit=_BLOCK)
        yield part
        if not part and not fed and not stream.is_finished():
            raise _Ended


def _unzstd(body: bytes) -> Iterator[bytes]:
    """RFC 8878; Chrome asks for it, and what records its traffic keeps it so."""
    if not _ZSTD.match(body):
        raise zstd.ZstdError("no frame of Zstandard begins it")
    while _ZSTD.match(body):
        stream = zstd.ZstdDecompressor()
        while not stream.eof:
            yield stream.decompress(body, max_length=_BLOCK)
            body = b""
            if stream.needs_input and not stream.eof:
                raise _Ended
        body = stream.unused_data


CODINGS: Mapping[str, Callable[[bytes], Iterator[bytes]]] = {
    "gzip": _gunzipped,
    "x-gzip": _gunzipped,
    "deflate": _undeflated,
    "br": _unbrotlied,
    "zstd": _unzstd,
}
"""The codings that are read, by the names that headers give."""
