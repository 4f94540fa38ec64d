"""WARC and ARC files of any program, read from their beginning to their end in constant memory."""

from __future__ import annotations

import gzip
import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from io import BufferedReader, BytesIO, RawIOBase
from pathlib import Path
from typing import IO, Any

from crawler.coding import GZIP
from crawler.imports.answer import BLOCK, Answer, candidate_of, http_answer, instant
from crawler.imports.candidate import Beside, Damaged, FileProblem, Found, NotReadable, Unreadable
from crawler.imports.members import MOST, Member, Members
from storage.warc.library import ArchiveIterator

_WARC = b"WARC/"
_IN_FRONT = b"\xef\xbb\xbf\r\n\t \0"
"""What editors and transfers put in front of the first record."""
_NEXT = re.compile(rb"\r?\n\r?\nWARC/[0-9]\.[0-9]+\r?\n")
_NEXT_BYTES = 16
"""So much of a beginning may lie before a border between two pieces."""
_AHEAD = 4 * 1024 * 1024
"""Bytes of a file in which its first gzip member must end, where each record has one of its own."""


def read_warc(path: Path) -> Iterator[Found]:
    """Everything in a file, plain or gzip. Raises OSError where it cannot be opened."""
    with path.open("rb") as stream:
        yield from read_stream(stream)


def read_stream(stream: IO[bytes]) -> Iterator[Found]:
    """Everything in a stream of WARC or ARC records that can be sought in."""
    begin = stream.read(_AHEAD)
    stream.seek(0)
    if not begin.startswith(GZIP):
        stream.seek(len(begin) - len(begin.lstrip(_IN_FRONT)))
        found = _records(stream, "", _Made())
    elif _is_one_member(begin):
        found = _of_one_member(stream)
    else:
        found = _by_members(stream)
    nothing = True
    for one in found:
        nothing = False
        yield one
    if nothing:
        yield FileProblem(reason="it holds no record")


def _is_one_member(begin: bytes) -> bool:
    """Whether the file is gzip as a whole: its first member does not end, or ends with the file, or within a
    record (``bgzip``, ``pigz -i``); or it is torn, and holds the beginning of a second record."""
    first = zlib.decompressobj(wbits=31)
    try:
        data = first.decompress(begin, MOST)
        head, several = data[: len(_WARC)], bool(_NEXT.search(data))
        while first.unconsumed_tail and not first.eof:
            data = data[-_NEXT_BYTES:] + first.decompress(first.unconsumed_tail, MOST)
            several = several or bool(_NEXT.search(data))
        if first.eof:
            return not first.unused_data or (head == _WARC and _begins_otherwise(first.unused_data))
    except zlib.error:
        return False
    return len(begin) == _AHEAD or several


class _UpToBreak(RawIOBase):
    """What a gzip stream holds, also where it breaks off: ``gzip`` then gives nothing of its last block."""

    def __init__(self, stream: IO[bytes]) -> None:
        self._packed = gzip.open(stream)  # noqa: SIM115  it holds nothing that must be closed
        self.broken: str | None = None

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        try:
            data = self._packed.read1(len(buffer))
        except EOFError as error:
            self.broken = str(error)
            return 0
        buffer[: len(data)] = data
        return len(data)


def _of_one_member(stream: IO[bytes]) -> Iterator[Found]:
    packed = _UpToBreak(stream)
    told = False
    for one in _records(BufferedReader(packed), "", _Made()):
        told = told or isinstance(one, FileProblem | Unreadable)
        yield one
    if packed.broken is not None and not told:
        yield FileProblem(reason=f"it breaks off: {packed.broken}")


def _begins_otherwise(member: bytes) -> bool:
    """Whether a gzip member is whole at its beginning, and that is the beginning of no record."""
    if not member.startswith(GZIP):
        return False
    begin = zlib.decompressobj(wbits=31).decompress(member, len(_WARC))
    return len(begin) == len(_WARC) and begin != _WARC


@dataclass(slots=True)
class _Made:
    """The program that the last warcinfo names."""

    by: str | None = None


def _by_members(stream: IO[bytes]) -> Iterator[Found]:
    made = _Made()
    for member in Members(stream):
        if member.problem is not None:
            yield _without_body(member)
        else:
            yield from _records(BytesIO(member.data), str(member.offset), made)


def _without_body(member: Member) -> Unreadable:
    """A member that is damaged, or too large to be unpacked; of such a one its record's beginning is read."""
    problem = Unreadable(position=str(member.offset), reason=member.problem or "")
    if not member.data:
        return problem
    try:
        record = next(ArchiveIterator(BytesIO(member.data), no_record_parse=True))
        fields = record.rec_headers
        status, headers, _ = http_answer(record.raw_stream.read(BLOCK))
        at = instant(fields.get_header("WARC-Date") or fields.get_header("archive-date"))
    except Exception:  # noqa: BLE001  the library's parser: whatever it raises, nothing more is known of it
        return problem
    url = fields.get_header("WARC-Target-URI") or fields.get_header("uri")
    known = replace(problem, url=url, record=fields.get_header("WARC-Record-ID"), fetched_at=at)
    return replace(known, whole=bool(url), status=status, headers=headers)


_ENDLESS = (
    "its record {:,} does not say how long it is (Content-Length): none from there on can be told apart"
)
"""Of a plain file; a record that is packed by itself ends with its pack."""


def _records(stream: IO[bytes] | Any, at: str, made: _Made) -> Iterator[Found]:
    """The records of a plain stream.

    Args:
        at: where the stream lies in its file; empty: it is the file.
    """
    records = ArchiveIterator(stream, no_record_parse=True)
    count = 0
    while True:
        try:
            record = next(records, None)
            if record is None:
                break
            offset = str(records.offset)  # get_record_offset would read on
            position = offset if not at else at if count == 0 else f"{at}+{offset}"
            count += 1
            if record.length is None and not at:
                yield FileProblem(reason=_ENDLESS.format(count))
                return
            yield _read(record, position, made)
        except Exception as error:  # noqa: BLE001  the library's parser: whatever it raises, the rest cannot be read
            yield FileProblem(reason=_cannot(error, at, count))
            return
    if records.err_count:
        yield FileProblem(
            reason=f"{records.err_count} records {f'at {at} ' if at else ''}are not as long as they say"
        )


def _cannot(error: Exception, at: str, count: int) -> str:
    if at or count:
        return f"{f'at {at}' if at else f'behind its record {count:,}'} it cannot be read: {_words(error)}"
    return "it begins with no WARC or ARC record"


def _read(record: Any, position: str, made: _Made) -> Found:
    if record.rec_type is None:
        return Unreadable(position=position, reason="a record without a type: it is torn, or damaged")
    if record.rec_type in {"warcinfo", "arc_header"}:
        made.by = _software(record) or made.by
        return Beside(kind=record.rec_type)
    return _found(record, position, made.by)


def _words(error: BaseException) -> str:
    return " ".join(str(error).split())[:200] or type(error).__name__


def _software(record: Any) -> str | None:
    block = record.raw_stream.read(64 * 1024).decode("utf-8", "replace")
    for line in block.splitlines():
        name, colon, value = line.partition(":")
        if colon and name.strip().lower() == "software" and value.strip():
            return str(value.strip())[:300]
    return None


def _found(record: Any, position: str, made_by: str | None) -> Found:
    kind = record.rec_type
    fields = record.rec_headers
    url = fields.get_header("WARC-Target-URI") or fields.get_header("uri")
    of_web = bool(url) and url.lower().startswith(("http:", "https:"))
    if kind not in {"response", "revisit", "resource"} or not of_web:
        return Beside(
            kind=kind if of_web or kind not in {"response", "resource"} else f"{kind} of no web page"
        )
    answer = Answer(kind=kind)
    at = None
    try:
        at = instant(fields.get_header("WARC-Date") or fields.get_header("archive-date"))
        return candidate_of(record, answer, url, at, position, made_by)
    except NotReadable as error:
        return Unreadable(
            position=position,
            reason=str(error),
            url=url,
            record=fields.get_header("WARC-Record-ID"),
            fetched_at=at,
            whole=not isinstance(error, Damaged),
            status=answer.status,
            headers=answer.headers,
        )
