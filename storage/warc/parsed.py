"""One record of a WARC file as a library reads it, where it can be read."""

from __future__ import annotations

from datetime import UTC, datetime
from io import BytesIO
from typing import Any

from warcio.archiveiterator import ArchiveIterator
from warcio.exceptions import ArchiveLoadFailed
from warcio.statusandheaders import StatusAndHeadersParserException

from storage.warc.members import Bytes, Member


def record_at(data: Bytes, member: Member) -> Any:
    """warcio's record; None where it is a whole gzip member and yet no record that can be read."""
    try:
        return next(iter(ArchiveIterator(BytesIO(data[member.start : member.end]))), None)
    except (ArchiveLoadFailed, StatusAndHeadersParserException, EOFError, ValueError):
        return None
    except AttributeError:  # warcio 1.8 looks into an address that a response does not have
        return None


def moment(said: str | None) -> datetime | None:
    """A WARC-Date, aware; None where it is none. Without a zone it is UTC (WARC 1.1, 5.4)."""
    try:
        at = datetime.fromisoformat(said or "")
    except ValueError:
        return None
    return at if at.tzinfo else at.replace(tzinfo=UTC)
