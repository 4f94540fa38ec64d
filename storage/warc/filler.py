"""What takes the place of damaged bytes in a WARC file: valid gzip members of exactly their length.

Rows name a record by file, offset and length, so nothing whole may move; and a file must stay one that
every WARC reader takes from its beginning to its end. Pure: lengths in, bytes out.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator
from datetime import datetime
from uuid import uuid4

_HEADER = b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\xff"
"""RFC 1952: no flags, no time, unknown system."""
_EXTRA, _NAME = 0x04, 0x08
_STORED_MAX = 65535
"""Of one stored deflate block (RFC 1951 section 3.2.4)."""
_BLOCK_HEAD, _TRAILER = 5, 8
_END = b"\r\n\r\n"


def filler(length: int, note: str, at: datetime, pad: bytes = b" ") -> Iterator[bytes]:
    """A metadata record of exactly ``length`` bytes, in pieces, that carries ``note`` (ASCII).

    Its content is stored and not compressed: that is what lets it have any length from `smallest` on.
    ``pad``: the byte behind the note; zeros need no room on a disk that knows holes.
    """
    blocks = -(-(length - len(_HEADER) - _TRAILER) // (_STORED_MAX + _BLOCK_HEAD))
    content = length - len(_HEADER) - _TRAILER - blocks * _BLOCK_HEAD
    begin = _begin(content, note, at)
    yield _HEADER
    crc = done = 0
    for number in range(1, blocks + 1):
        size = min(content - done, _STORED_MAX)
        piece = _slice(begin, content, done, done + size, pad)
        crc, done = zlib.crc32(piece, crc), done + size
        yield struct.pack("<BHH", number == blocks, size, size ^ 0xFFFF) + piece
    yield struct.pack("<II", crc, content & 0xFFFFFFFF)


def smallest(note: str, at: datetime) -> int:
    """The least length that `filler` can have with this note."""
    return len(_HEADER) + _BLOCK_HEAD + len(_begin(0, note, at)) + len(_END) + _TRAILER


def _begin(content: int, note: str, at: datetime) -> bytes:
    """The record as far as its note; its Content-Length has twelve digits whatever the number is."""
    head = (
        f"WARC/1.1\r\nWARC-Type: metadata\r\nWARC-Record-ID: <urn:uuid:{uuid4()}>\r\n"
        f"WARC-Date: {at:%Y-%m-%dT%H:%M:%SZ}\r\nContent-Type: application/warc-fields\r\n"
    )
    block = content - len(head) - len("Content-Length: 000000000000\r\n\r\n") - len(_END)
    return f"{head}Content-Length: {max(0, block):012d}\r\n\r\nnote: {note}".encode("ascii")


def _slice(begin: bytes, total: int, first: int, last: int, pad: bytes) -> bytes:
    """A part of ``begin``, padding, and the record's end, ``total`` bytes together."""
    end_at = total - len(_END)
    lead = begin[first:last]
    trail = _END[max(0, first - end_at) : max(0, last - end_at)]
    return lead + pad * (last - first - len(lead) - len(trail)) + trail


def widened(member: bytes, by: int) -> bytes | None:
    """The same member ``by`` bytes longer, its gzip header padded; None when its header is not plain."""
    if member[:4] != _HEADER[:4] or not 0 < by <= _STORED_MAX:
        return None
    if by == 1:
        flag, padding = _NAME, b"\x00"  # an empty name
    else:
        flag, padding = _EXTRA, struct.pack("<H", by - 2) + bytes(by - 2)
    return member[:3] + bytes([flag]) + member[4 : len(_HEADER)] + padding + member[len(_HEADER) :]
