"""One record of a WARC or ARC file made into a candidate. Its block is in hand at most once."""

from __future__ import annotations

import hashlib
from base64 import b32encode
from dataclasses import dataclass
from datetime import UTC, datetime
from io import BytesIO
from typing import Any

from crawler.imports.body import breaks_off, plain_body
from crawler.imports.candidate import MAX_BODY, Candidate, Damaged, NotReadable, storable
from crawler.imports.members import MOST
from storage.warc.library import StatusAndHeadersParser, StatusAndHeadersParserException
from storage.warc.record import TRUNCATED_REASONS

_HTTP = StatusAndHeadersParser(["HTTP/"], verify=False)
BLOCK = 256 * 1024


@dataclass(slots=True)
class Answer:
    """What is known of an answer so far, for what cannot be read to its end."""

    kind: str
    status: int | None = None
    headers: tuple[tuple[str, str], ...] = ()


def candidate_of(
    record: Any, answer: Answer, url: str, at: datetime, position: str, made_by: str | None
) -> Candidate:
    """The page of a record.

    Args:
        answer: told what is known of it, also where the rest cannot be read.

    Raises:
        NotReadable: it is torn, spoilt, too large, no HTTP answer, or cannot be decoded.
    """
    fields, kind = record.rec_headers, answer.kind
    if kind == "resource":
        content_type = fields.get_header("Content-Type")
        answer.status, answer.headers = 200, (("Content-Type", str(content_type)),) if content_type else ()
        raw = _block(record)
    elif kind == "revisit" and fields.get_header("Content-Length") == "0":
        answer.status, answer.headers, raw = 200, (), b""  # the page again, without its head (WARC 1.1, 6.7)
    else:
        raw = _payload(record, answer)
    cut = kind != "revisit" and breaks_off(raw, answer.headers)
    if (segment := fields.get_header("WARC-Segment-Number")) is not None:
        raise NotReadable(f"it is segment {segment[:20]} of a record: only whole ones are read")
    return Candidate(
        position=position,
        url=url,
        fetched_at=at,
        status=answer.status or 0,
        headers=answer.headers,
        body=b"" if kind == "revisit" else plain_body(raw, answer.headers),
        record=fields.get_header("WARC-Record-ID"),
        truncated=_truncated(fields.get_header("WARC-Truncated")) or ("disconnect" if cut else None),
        digest=fields.get_header("WARC-Payload-Digest"),
        revisit=kind == "revisit",
        made_by=made_by,
    )


def _payload(record: Any, answer: Answer) -> bytes:
    """The payload of an HTTP answer on the wire; its status and headers are told even where it has none."""
    begin = record.raw_stream.read(BLOCK)
    try:
        answer.status, answer.headers, _ = http_answer(begin)
    finally:
        block = _block(record, begin)  # damage says more than what stands in it
    answer.status, answer.headers, raw = http_answer(block)
    return raw


def _block(record: Any, begin: bytes = b"") -> bytes:
    """The record's block as it lies in the file; what is torn, too large or spoilt is none.

    Args:
        begin: what of it was read before.
    """
    stream, parts, size = record.raw_stream, [begin], len(begin)
    while part := stream.read(BLOCK):
        size += len(part)
        if size > MOST:
            raise NotReadable(f"it is larger than {MAX_BODY // 1024**2} MiB")
        parts.append(part)
    if getattr(stream, "limit", 0) > 0:
        raise Damaged(f"the file ends in this record: {stream.limit:,} bytes are missing")
    block = b"".join(parts)
    if _is_spoilt(block, record.rec_headers.get_header("WARC-Block-Digest")):
        raise Damaged("it is damaged: it does not match its own digest")
    return block


def _is_spoilt(block: bytes, digest: str | None) -> bool:
    """Whether a digest that can be computed here says another thing; other digests say nothing."""
    name, _, value = (digest or "").strip().lower().partition(":")
    if name not in {"sha1", "sha256", "sha-1", "sha-256", "md5"}:
        return False
    found = hashlib.new(name.replace("-", ""), block, usedforsecurity=False)
    spelled = {found.hexdigest(), b32encode(found.digest()).decode("ascii").lower()}
    return len(value) in map(len, spelled) and value not in spelled


def http_answer(block: bytes) -> tuple[int, tuple[tuple[str, str], ...], bytes]:
    """(status, headers, payload as on the wire) of an HTTP answer. Raises NotReadable."""
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


def instant(text: str | None) -> datetime:
    """A WARC-Date, or the fourteen digits of an ARC file. Raises NotReadable."""
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
