"""WARC and ARC files of any program, read from their beginning to their end in constant memory."""

from __future__ import annotations

import gzip
import hashlib
import zlib
from base64 import b32encode
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from typing import IO, Any

from warcio.archiveiterator import ArchiveIterator
from warcio.statusandheaders import StatusAndHeadersParser, StatusAndHeadersParserException

from crawler.imports.body import plain_body
from crawler.imports.candidate import (
    MAX_BODY,
    Beside,
    Candidate,
    FileProblem,
    Found,
    NotReadable,
    Unreadable,
    storable,
)
from crawler.imports.members import MAGIC, MOST, Members
from storage.warc.record import TRUNCATED_REASONS

_HTTP = StatusAndHeadersParser(["HTTP/"], verify=False)
_BLOCK = 256 * 1024
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
    if not begin.startswith(MAGIC):
        found = _records(stream, "", _Made())
    elif _is_one_member(begin):
        found = _records(gzip.open(stream), "", _Made())  # noqa: SIM115  it holds nothing that must be closed
    else:
        found = _by_members(stream)
    count = 0
    for one in found:
        count += not isinstance(one, FileProblem)
        yield one
    if not count:
        yield FileProblem(reason="it holds no record")


def _is_one_member(begin: bytes) -> bool:
    """Whether the file is gzip as a whole: its first member does not end, or ends with the file."""
    first = zlib.decompressobj(wbits=31)
    try:
        while not first.eof:
            first.decompress(first.unconsumed_tail or begin, MOST)
            if not first.unconsumed_tail:
                break
    except zlib.error:
        return False
    if first.eof:
        return not first.unused_data
    return len(begin) == _AHEAD


@dataclass(slots=True)
class _Made:
    """The program that the last warcinfo names."""

    by: str | None = None


def _by_members(stream: IO[bytes]) -> Iterator[Found]:
    made = _Made()
    for member in Members(stream):
        if member.problem is not None:
            yield Unreadable(position=str(member.offset), reason=member.problem)
        else:
            yield from _records(BytesIO(member.data), str(member.offset), made)


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
            yield _read(record, position, made)
        except Exception as error:  # noqa: BLE001  the library's parser: whatever it raises, the rest cannot be read
            where = f"behind its record {count:,}" if not at else f"at {at}"
            yield FileProblem(reason=f"{where} it cannot be read: {_words(error)}")
            return
    if records.err_count:
        yield FileProblem(
            reason=f"{records.err_count} records {f'at {at} ' if at else ''}are not as long as they say"
        )


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
    at = None
    try:
        at = _instant(fields.get_header("WARC-Date") or fields.get_header("archive-date"))
        return _candidate(record, kind, url, at, position, made_by)
    except NotReadable as error:
        name = fields.get_header("WARC-Record-ID")
        return Unreadable(position=position, reason=str(error), url=url, record=name, fetched_at=at)


def _candidate(
    record: Any, kind: str, url: str, at: datetime, position: str, made_by: str | None
) -> Candidate:
    fields = record.rec_headers
    block = _block(record)
    if kind == "resource":
        content_type = fields.get_header("Content-Type")
        typed: tuple[tuple[str, str], ...] = (("Content-Type", str(content_type)),)
        status, headers, raw = 200, typed if content_type else (), block
    else:
        status, headers, raw = _http(block)
    return Candidate(
        position=position,
        url=url,
        fetched_at=at,
        status=status,
        headers=headers,
        body=b"" if kind == "revisit" else plain_body(raw, headers),
        record=fields.get_header("WARC-Record-ID"),
        truncated=_truncated(fields.get_header("WARC-Truncated")),
        digest=fields.get_header("WARC-Payload-Digest"),
        revisit=kind == "revisit",
        made_by=made_by,
    )


def _block(record: Any) -> bytes:
    """The record's block as it lies in the file; what is torn, too large or spoilt is none."""
    stream, parts, size = record.raw_stream, [], 0
    while part := stream.read(_BLOCK):
        size += len(part)
        if size > MOST:
            raise NotReadable(f"it is larger than {MAX_BODY // 1024**2} MiB")
        parts.append(part)
    if getattr(stream, "limit", 0) > 0:
        raise NotReadable(f"the file ends in this record: {stream.limit:,} bytes are missing")
    block = b"".join(parts)
    if _is_spoilt(block, record.rec_headers.get_header("WARC-Block-Digest")):
        raise NotReadable("it is damaged: it does not match its own digest")
    return block


def _is_spoilt(block: bytes, digest: str | None) -> bool:
    """Whether a digest that can be computed here says another thing; other digests say nothing."""
    name, _, value = (digest or "").strip().lower().partition(":")
    if name not in {"sha1", "sha256", "sha-1", "sha-256", "md5"}:
        return False
    found = hashlib.new(name.replace("-", ""), block, usedforsecurity=False)
    spelled = {found.hexdigest(), b32encode(found.digest()).decode("ascii").lower()}
    return len(value) in map(len, spelled) and value not in spelled


def _http(block: bytes) -> tuple[int, tuple[tuple[str, str], ...], bytes]:
    """(status, headers, payload as on the wire) of an HTTP answer."""
    stream = BytesIO(block)
    try:
        head = _HTTP.parse(stream)
    except (StatusAndHeadersParserException, EOFError) as error:
        raise NotReadable("it holds no HTTP answer") from error
    headers = tuple((str(name), str(value)) for name, value in head.headers)
    return _status(head.get_statuscode()), headers, stream.read()


def _status(code: str | None) -> int:
    if not (code and code.isascii() and code.isdigit() and len(code) == 3):
        raise NotReadable(f"its HTTP status is {str(code)[:40]!r}")
    return int(code)


def _instant(text: str | None) -> datetime:
    """A WARC-Date, or the fourteen digits of an ARC file."""
    if not text:
        raise NotReadable("it does not say when it was captured")
    try:
        if len(text) == 14 and text.isdigit():
            at = datetime.strptime(text, "%Y%m%d%H%M%S").replace(tzinfo=UTC)
        else:
            at = datetime.fromisoformat(text.strip())
    except ValueError as error:
        raise NotReadable(f"it does not say when it was captured, but {text[:40]!r}") from error
    return storable(at if at.tzinfo is not None else at.replace(tzinfo=UTC))


def _truncated(reason: str | None) -> str | None:
    if not reason:
        return None
    return reason if reason in TRUNCATED_REASONS else "unspecified"
