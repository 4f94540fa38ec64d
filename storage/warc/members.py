"""The whole gzip members of a WARC file, found again behind damage. Pure: bytes in, places out."""

from __future__ import annotations

import re
import zlib
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from storage.warc.bytes_of_file import BytesOfFile

MAGIC = b"\x1f\x8b\x08"
"""How a gzip member begins (RFC 1952: ID1, ID2, deflate). Compressed data holds it by chance once in
16 MiB, so a member that follows damage is proven: it must decompress whole and be a WARC record."""
ANSWERS = frozenset({"response", "revisit"})
"""Kinds of records that a capture's row names."""
_RECORD = b"WARC/"
_BLOCK = 64 * 1024
"""A few records long, so that looking for their ends copies little."""
_HEAD_BYTES = 16 * 1024
"""As much of a record as its own fields are looked for in: an address has 2,600 bytes at most."""
_FIELD = rb"^%b:([^\r\n]*+)\r?$"
_TYPE, _ID, _WARCINFO, _CONCURRENT, _LENGTH = (
    re.compile(_FIELD % name, re.IGNORECASE | re.MULTILINE)
    for name in (
        b"WARC-Type",
        b"WARC-Record-ID",
        b"WARC-Warcinfo-ID",
        b"WARC-Concurrent-To",
        b"Content-Length",
    )
)
_RECORD_END = b"\r\n\r\n"

Bytes = bytes | BytesOfFile


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """One whole record: where it lies, and what it says of itself."""

    start: int
    end: int
    kind: str
    """WARC-Type."""
    belongs_to: str | None
    """The warcinfo record of the file that it was written for."""
    id: str | None = None
    beside: str | None = None
    """The answer's record that it was written with (WARC-Concurrent-To)."""
    behind: int = 0
    """Bytes in it behind its record: other records, where a tool packed a file as one member."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Scan:
    """What a file holds: whole records, and between them what is none."""

    members: tuple[Member, ...]
    holes: tuple[tuple[int, int], ...]
    """(start, end) of every stretch that is no whole record, in order."""
    torn: bool
    """The last hole is nothing but the beginning of a record: its writer died on it."""
    warcinfo_id: str | None
    """Whose records these are; None where none says it."""


def scan(data: Bytes) -> Scan:
    """Every whole record of a WARC file, behind damage too.

    A record that names another file's warcinfo is not taken: the body of a damaged answer may be a WARC
    file itself, and a page must not be able to put records of its own making into the archive.
    """
    size = len(data)
    members = list(_members(data))
    own = _own_id(members)
    members = [one for one in members if one.belongs_to in (None, own)]
    ends = [0, *(one.end for one in members)]
    starts = [*(one.start for one in members), size]
    holes = tuple((end, start) for end, start in zip(ends, starts, strict=True) if end < start)
    torn = bool(holes) and holes[-1][1] == size and _ran_out(data, holes[-1][0])
    return Scan(members=tuple(members), holes=holes, torn=torn, warcinfo_id=own)


def unread(found: Scan) -> Iterator[str]:
    """What of a file nobody reads, though no byte of it is damaged: no writer of ours leaves one so."""
    if not found.members and not found.holes:
        yield "it is empty"
    for one in found.members:
        if one.behind:
            with_it = f"are packed together with the one at byte {one.start:,}"
            yield f"{one.behind:,} bytes of other records {with_it}"


def beside(data: Bytes, answer: Member) -> tuple[Member, ...]:
    """The records that were written with an answer's, in the same write: right behind it."""
    found: list[Member] = []
    while (one := member_at(data, found[-1].end if found else answer.end)) is not None:
        if answer.id is None or one.beside != answer.id:
            break
        found.append(one)
    return tuple(found)


def _own_id(members: list[Member]) -> str | None:
    """The id of the warcinfo that opens the file; where that is damaged, the one most records name."""
    if members and members[0].start == 0 and members[0].kind == "warcinfo":
        return members[0].belongs_to
    named = Counter(one.belongs_to for one in members if one.belongs_to)
    return named.most_common(1)[0][0] if named else None


def _members(data: Bytes) -> Iterator[Member]:
    at = 0
    while 0 <= at < len(data):
        member = member_at(data, at)
        if member is not None:
            yield member
        at = member.end if member is not None else data.find(MAGIC, at + 1)
        if member is None and at < 0:
            return


def member_at(data: Bytes, start: int) -> Member | None:
    """The record that begins there; None when it is damaged, not all there, or no record."""
    gzip, at, head, size = zlib.decompressobj(wbits=31), start, b"", 0
    while not gzip.eof:
        block = data[at : at + _BLOCK]
        if not block:
            return None
        try:
            out = gzip.decompress(block)
        except zlib.error:
            return None
        at += len(block)
        size += len(out)
        head += out[: max(0, _HEAD_BYTES - len(head))]
        if not _RECORD.startswith(head[: len(_RECORD)]):
            return None
    if not head.startswith(_RECORD):
        return None
    kind = _field(_TYPE, head) or ""
    belongs_to = _field(_ID if kind == "warcinfo" else _WARCINFO, head)
    return Member(
        start=start,
        end=at - len(gzip.unused_data),
        kind=kind,
        belongs_to=belongs_to,
        id=_field(_ID, head),
        beside=_field(_CONCURRENT, head),
        behind=_behind(head, size),
    )


def _behind(head: bytes, size: int) -> int:
    """Bytes of ``size`` behind the record that begins so; 0 where its length is not told."""
    told, own = _field(_LENGTH, head) or "", head.find(_RECORD_END)
    if own < 0 or not (told.isascii() and told.isdigit()):
        return 0
    return max(0, size - (own + len(_RECORD_END) + int(told) + len(_RECORD_END)))


def _field(pattern: re.Pattern[bytes], head: bytes) -> str | None:
    found = pattern.search(head.partition(_RECORD_END)[0])
    return found[1].strip(b" \t").decode("utf-8", "replace") if found else None


def _ran_out(data: Bytes, start: int) -> bool:
    """Whether what begins there is sound as far as it goes, and goes to the end of the data."""
    gzip, head = zlib.decompressobj(wbits=31), b""
    for at in range(start, len(data), _BLOCK):
        try:
            out = gzip.decompress(data[at : at + _BLOCK])
        except zlib.error:
            return False
        head = head or out[: len(_RECORD)]
    return not gzip.eof and _RECORD.startswith(head)
