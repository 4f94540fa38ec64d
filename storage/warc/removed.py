"""Records that were removed on purpose: what stands in their place says so, whoever asks, years later."""

from __future__ import annotations

import re
import zlib
from pathlib import Path

from storage.warc.file import bytes_of
from storage.warc.members import scan

NOTE = "an answer was here; it was removed: "
_CUT = re.compile(
    rb"\AWARC/1\.1\r\nWARC-Type: metadata\r\n.*?\r\n\r\nnote: " + NOTE.encode() + rb"([a-z]+)", re.DOTALL
)
_HEAD = 2048
"""Bytes in which a filler's note begins."""


def is_cut(record: bytes) -> bool:
    """Whether the gzip member is, whole, what `Cutter.cut` writes."""
    return cut_why(record) is not None


def cut_why(record: bytes) -> str | None:
    """Why the answer that was here was removed; None: the member is not, whole, what `Cutter.cut` writes."""
    stream = zlib.decompressobj(wbits=31)
    try:
        found = _CUT.match(stream.decompress(record, _HEAD))
        if found is None:
            return None
        while not stream.eof and (more := stream.decompress(stream.unconsumed_tail, 1024 * 1024)):
            if more.strip(b"\0 \r\n"):
                return None
    except zlib.error:
        return None
    return found[1].decode("ascii") if stream.eof and not stream.unused_data else None


def nothing_but_removed(path: Path) -> bool:
    """Whether all records of a file are whole, and some were removed: it may be another than it was for that.

    A takedown of another machine changes a file in the store; the hash of before is noted here.
    """
    with bytes_of(path) as data:
        found = scan(data)
        of_metadata = (data[one.start : one.end] for one in found.members if one.kind == "metadata")
        return not found.holes and any(map(is_cut, of_metadata))
