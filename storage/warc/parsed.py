"""One record of a WARC file as a library reads it, where it can be read: the one door to warcio's records."""

from __future__ import annotations

from datetime import UTC, datetime
from io import BytesIO
from typing import Any

from storage.warc.facts import facts_in_field, read_facts
from storage.warc.library import ArchiveIterator, ArchiveLoadFailed, StatusAndHeadersParserException
from storage.warc.members import Bytes, Member, beside
from storage.warc.record import FACTS_FIELD


class NoRecord(ValueError):
    """A gzip member is no record that can be read; the message quotes none of its bytes."""


def parse(record: bytes, *, check_digests: bool = False) -> Any:
    """warcio's record in a gzip member, its body not read yet; None where there is none.

    Raises:
        NoRecord: it is there, and cannot be read.
    """
    try:
        return next(iter(ArchiveIterator(BytesIO(record), check_digests=check_digests)), None)
    except (ArchiveLoadFailed, StatusAndHeadersParserException, EOFError, ValueError) as problem:
        raise NoRecord(f"the record cannot be read ({type(problem).__name__})") from problem
    except AttributeError as problem:  # warcio 1.8 looks into an address that a response does not have
        raise NoRecord("the record names no address") from problem


def record_at(data: Bytes, member: Member) -> Any:
    """As `parse`; None also where it cannot be read."""
    try:
        return parse(data[member.start : member.end])
    except NoRecord:
        return None


def facts_of(data: Bytes, answer: Member, record: Any) -> dict[str, Any]:
    """What is known of an answer: what its own record says, and over it the ``metadata`` record beside it."""
    facts = facts_in_field(record.rec_headers.get_header(FACTS_FIELD))
    for one in beside(data, answer):
        if one.kind == "metadata" and (more := record_at(data, one)) is not None:
            facts |= read_facts(more.content_stream().read())
    return facts


def moment(said: str | None) -> datetime | None:
    """A WARC-Date, aware; None where it is none. Without a zone it is UTC (WARC 1.1, 5.4)."""
    try:
        at = datetime.fromisoformat(said or "")
    except ValueError:
        return None
    return at if at.tzinfo else at.replace(tzinfo=UTC)
