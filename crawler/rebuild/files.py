"""The answers in the archive's own WARC files, as captures to be filed, and what in the files is none."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from urllib.parse import urlsplit

from crawler.normalise.url import named_host
from crawler.sources import source_of
from crawler.sources.base import Source
from crawler.sources.generic import GENERIC
from storage.frontier.filed import Filed, PastRun
from storage.warc.answers import NoAnswer, ReadAnswer, read_answer
from storage.warc.file import bytes_of
from storage.warc.members import ANSWERS, Bytes, Member, beside, scan, unread
from storage.warc.removed import cut_why

PREFIX = "rebuilt "
"""How the owner of a run begins that was made from WARC files."""
UNKNOWN_MODE = "unknown"

_OF_THE_HOST = frozenset({"/robots.txt", "/.well-known/tdmrep.json"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """One answer of a file, or what stands where one should be."""

    file: str
    filed: Filed | None = None
    problem: str | None = None
    """Why no row can be made of it."""
    removed: str | None = None
    """Why an answer that was here was removed: by a takedown, by retention."""
    facts: int = 0
    """What the files say of it: 2 a metadata record, 1 its own record alone, 0 nothing."""


def answers_of(path: Path, sources: Mapping[str, Source]) -> Iterator[Found]:
    """Everything in one file that is or should be an answer.

    Raises:
        OSError: the file cannot be read.
    """
    with bytes_of(path) as data:
        yield from _answers(path.name, data, sources)


def _answers(file: str, data: Bytes, sources: Mapping[str, Source]) -> Iterator[Found]:
    found = scan(data)
    for start, end in found.holes:
        yield Found(file=file, problem=f"{file}: the {end - start} bytes from {start} are no whole record")
    for said in unread(found):
        yield Found(file=file, problem=f"{file}: {said}")
    for member in found.members:
        # What names no warcinfo merely lies in the file: a page must not make itself a row.
        of_writer = found.warcinfo_id is not None and member.belongs_to == found.warcinfo_id
        if of_writer and member.kind in ANSWERS:
            yield _answer(file, data, member, sources)
        elif member.kind == "metadata" and (why := cut_why(data[member.start : member.end])) is not None:
            yield Found(file=file, removed=why)


def _answer(file: str, data: Bytes, member: Member, sources: Mapping[str, Source]) -> Found:
    metadata = next((one for one in beside(data, member) if one.kind == "metadata"), None)
    try:
        read = read_answer(
            data[member.start : member.end],
            file,
            member.start,
            data[metadata.start : metadata.end] if metadata else None,
        )
    except NoAnswer as error:
        return Found(file=file, problem=f"{file}:{member.start}: {error}")
    facts = 2 if metadata else 1 if read.facts else 0
    return Found(file=file, filed=_filed(file, read, sources), facts=facts)


def _filed(file: str, read: ReadAnswer, sources: Mapping[str, Source]) -> Filed:
    url = read.capture.url
    name = read.source or _source_by_host(url, sources)
    address = read.address if read.facts else _address(url, sources)
    known = sources[name].address(address) if address and name in sources else None
    return Filed(
        capture=read.capture,
        run=_run(file, read, name),
        address=address,
        site_id=known.site_id if known else None,
    )


def _run(file: str, read: ReadAnswer, source: str) -> PastRun:
    """The run that asked. Its number alone is not enough: another database gave the same numbers."""
    began = read.facts.get("run_started")
    started = _instant(began) or read.capture.fetched_at
    number = read.run_id if read.run_id is not None else file
    mode = read.facts.get("mode")
    return PastRun(
        key=f"{PREFIX}{number} {began or '-'}",
        source=source,
        mode=mode if isinstance(mode, str) else UNKNOWN_MODE,
        started_at=started,
    )


def _instant(text: object) -> datetime | None:
    try:
        at = datetime.fromisoformat(text) if isinstance(text, str) else None
    except ValueError:
        return None
    return at if at is not None and at.tzinfo is not None else None


def _source_by_host(url: str, sources: Mapping[str, Source]) -> str:
    """Of a record that names no source."""
    host = named_host(url)
    return next((one.name for one in sources.values() if host in one.fetch_hosts), GENERIC)


def _address(url: str, sources: Mapping[str, Source]) -> str | None:
    """Of a record that does not say it: an article's address, or any page of an undeclared site."""
    parts = urlsplit(url)
    if parts.path in _OF_THE_HOST:
        return None
    return url if source_of(url) or _source_by_host(url, sources) == GENERIC else None
