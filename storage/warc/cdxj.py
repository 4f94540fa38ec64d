"""A CDXJ index of WARC files: a line for each answer, sorted as replay tools look it up.

The form is that of pywb: a key (SURT), fourteen digits of time, and JSON. A 304 is a ``revisit`` and has the
line that cdxj-indexer 1.5 and pywb 2.10 write for one: ``warc/revisit`` and the digest of the page that it
leaves valid. Who replays with pywb 2.10 leaves these lines out: it shows the 304 itself, which has no body
(seen 2026-11-26 with the index of either program).
"""

from __future__ import annotations

import json
import logging
import sqlite3
import tempfile
import warnings
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from storage.records import PAGE_STATUSES
from storage.warc.at_hand import WarcFile
from storage.warc.file import bytes_of
from storage.warc.members import Bytes, Member, Scan, scan, unread
from storage.warc.parsed import facts_of, moment, record_at

log = logging.getLogger("newsarchive")

_PAGES = frozenset(map(str, PAGE_STATUSES))

Tell = Callable[[str], object]

REVISIT = "revisit"
"""The WARC-Type of an answer that says that another is still valid."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One answer."""

    key: str
    timestamp: str
    fields: dict[str, str]
    is_page: bool
    """It was asked for as a page, and came."""
    at: str
    """WARC-Date."""

    def __str__(self) -> str:
        return f"{self.key} {self.timestamp} {json.dumps(self.fields, ensure_ascii=False)}"


def lines_of(path: Path, *, revisits: bool = True, tell: Tell = log.warning) -> Iterator[Line]:
    """The answers of one file, in its order; those without a body too where ``revisits``.

    Args:
        tell: given a sentence of each piece of the file that may hold an answer and has no line.

    Raises OSError.
    """
    with bytes_of(path) as data:
        found = scan(data)
        for sentence in left_out(path.name, found):
            tell(sentence)
        for member in found.members:
            if member.kind == "response" or (revisits and member.kind == REVISIT):
                line = _line(path.name, data, member)
                if line is None:
                    tell(
                        f"{path.name}: the record at byte {member.start:,} says no address or no time, "
                        "and is left out"
                    )
                else:
                    yield line


def left_out(name: str, found: Scan) -> Iterator[str]:
    """What of a file is no record of its own, in sentences."""
    if found.holes:
        lost = sum(end - start for start, end in found.holes)
        yield f"{name}: {lost:,} bytes of it are no whole record, and are left out"
    for said in unread(found):
        yield f"{name}: {said}: a replay tool could find nothing there, and it is left out"


def _line(file: str, data: Bytes, member: Member) -> Line | None:
    """None: it does not say of what it is an answer, or when."""
    record = record_at(data, member)
    if record is None:
        return None
    own, http = record.rec_headers, record.http_headers
    url, at = own.get_header("WARC-Target-URI"), own.get_header("WARC-Date")
    if not url or not at or moment(at) is None:
        return None
    status = "" if http is None else http.get_statuscode()
    fields = {
        "url": url,
        "mime": "warc/revisit" if member.kind == REVISIT else _mime(http),
        "status": status,
        "digest": own.get_header("WARC-Payload-Digest") or "",
        "length": str(member.end - member.start),
        "offset": str(member.start),
        "filename": file,
    }
    return Line(
        key=_surt()(url),
        timestamp="".join(filter(str.isdigit, at))[:14],
        fields={name: value for name, value in fields.items() if value},
        is_page=status in _PAGES and "address" in facts_of(data, member, record),
        at=at,
    )


@cache
def _surt() -> Callable[[str], str]:
    """The library by which pywb and others look a key up: an own spelling would not be found by them."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of 2019: it spells regular expressions as one did then
        from surt import surt  # here, as it takes half a second to load
    return surt  # type: ignore[no-any-return]


def _mime(http: Any) -> str:
    kind = (http.get_header("Content-Type") or "") if http is not None else ""
    return kind.partition(";")[0].strip().lower() or "unk"


def sorted_lines(
    files: Iterable[WarcFile], *, revisits: bool = True, tell: Tell = log.warning
) -> Iterator[Line]:
    """The answers of all files in the order of the index, sorted on disk. Raises as `lines_of`, NotThere."""
    with tempfile.TemporaryDirectory() as scratch:
        store = sqlite3.connect(Path(scratch) / "lines.db", isolation_level=None)
        try:
            store.execute("PRAGMA synchronous = OFF")
            store.execute("CREATE TABLE line (key, timestamp, fields, is_page, at)")
            store.execute("BEGIN")
            for file in files:
                with file.at_hand() as path:
                    rows = (
                        (one.key, one.timestamp, json.dumps(one.fields), one.is_page, one.at)
                        for one in lines_of(path, revisits=revisits, tell=tell)
                    )
                    store.executemany("INSERT INTO line VALUES (?, ?, ?, ?, ?)", rows)
            store.execute("COMMIT")
            # Bytes, not letters of some language: a replay tool searches by halves.
            for key, timestamp, fields, is_page, at in store.execute(
                "SELECT * FROM line ORDER BY key, timestamp, fields"
            ):
                yield Line(
                    key=key, timestamp=timestamp, fields=json.loads(fields), is_page=bool(is_page), at=at
                )
        finally:
            store.close()
