"""What is taken of a file: written as a record of the archive's own, with a row, and where it came from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

from sqlalchemy import Engine

from crawler import reader
from crawler.configuration.environment import Configuration
from crawler.imports.candidate import Address, Candidate, Unreadable
from crawler.imports.page_types import header, no_page, other_kind
from crawler.normalise.url import canonical_url
from crawler.sources import source_of
from crawler.sources.base import Source
from crawler.sources.generic import GENERIC
from storage.clock import utc_now
from storage.database.durable import make_durable
from storage.frontier import leases, runs
from storage.frontier.addresses import fits
from storage.frontier.captures import record_capture
from storage.frontier.frontier import Frontier
from storage.models import Fate
from storage.operations.imports import (
    IMPORT,
    Entry,
    address_of,
    capture_of_digest,
    end_run,
    same_capture,
    was_not_entered,
)
from storage.records import PAGE_STATUSES, Capture, WarcPlace
from storage.records.discovery import Discovery
from storage.records.runs import RunSettings
from storage.tombstones import TOMBSTONE, Tombstones
from storage.warc.facts import Facts
from storage.warc.reading import CaptureDamaged, CaptureMissing, read_payload
from storage.warc.store import WarcWriter, payload_digest

CLOCK_AHEAD = timedelta(days=1)
"""A capture that is further in the future than clocks differ is none."""
EARLIEST = datetime(1990, 12, 20, tzinfo=UTC)
"""The first page of the first web server."""
_GONE = frozenset({404, 410})
UNNAMED = "a revisit of what was not imported"
"""Such a revisit is looked at again by every import: a later file may bring what it names."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Whose page an address is."""

    source: str
    url: str
    site_id: str | None


@dataclass(slots=True)
class _Run:
    id: int
    warc: WarcWriter
    taken: int = 0


@dataclass(slots=True)
class Intake:
    """Takes candidates into one archive; a run of its own for each source."""

    engine: Engine
    settings: Configuration
    sources: Mapping[str, Source]
    tombstones: Tombstones
    generic: bool
    """Pages of no source are taken too."""
    _rowless: set[WarcPlace] = field(default_factory=set)
    """Records whose rows were not kept."""
    _runs: dict[tuple[str, str], _Run] = field(default_factory=dict)

    def take(self, one: Candidate, file: str) -> Entry:
        """Take an answer, or say why not.

        Raises:
            OSError: the disk refused.
            sqlalchemy.exc.DBAPIError: the database refused.
        """
        entry = Entry(
            position=one.position,
            fate=Fate.LEFT,
            record=one.record,
            url=one.url,
            fetched_at=one.fetched_at,
            digest=one.digest,
        )
        place = self._place(one.url)
        kind = no_page(one.headers, one.body) if one.status in PAGE_STATUSES and not one.revisit else None
        if why := self._status(one.status, place, revisit=one.revisit) or kind or self._address(place):
            return replace(entry, reason=why)
        assert place is not None
        if not EARLIEST < one.fetched_at < utc_now() + CLOCK_AHEAD:
            when = "in the future" if one.fetched_at > EARLIEST else "before there was a web"
            return replace(entry, fate=Fate.UNREADABLE, reason=f"it says it was captured {when}")
        if one.revisit:
            if (known := same_capture(self.engine, place.url, one.fetched_at, None)) is not None:
                return self._kept(entry, known)
            seen = self._seen_before(one)
            if seen is None:
                return replace(entry, reason=UNNAMED)
            one = seen
        return self._taken(one, place, file, entry)

    def not_taken(self, one: Unreadable) -> Entry:
        """What cannot be read: told as such where it is damaged, or would have been taken."""
        entry = Entry(
            position=one.position,
            fate=Fate.UNREADABLE,
            reason=one.reason,
            record=one.record,
            url=one.url,
            fetched_at=one.fetched_at,
        )
        if not one.whole or one.url is None:
            return entry
        place = self._place(one.url)
        status = None if one.status is None else self._status(one.status, place, revisit=False)
        if why := status or other_kind(one.headers) or self._address(place):
            return replace(entry, fate=Fate.LEFT, reason=why)
        return entry

    def queue(self, some: Sequence[Address], file: str) -> list[Entry]:
        """Have the next crawl of their sources ask for addresses."""
        entries: list[Entry] = []
        due: dict[str, list[Place]] = {}
        for one in some:
            entry = Entry(position=one.position, fate=Fate.LEFT, url=one.url)
            place = self._place(one.url)
            if why := self._not_due(place):
                entries.append(replace(entry, reason=why))
                continue
            assert place is not None
            due.setdefault(place.source, []).append(place)
            said = f"the next crawl of {place.source} asks for it"
            entries.append(replace(entry, fate=Fate.QUEUED, reason=said))
        for source, places in due.items():
            self._discover(source, places, file)
        return entries

    def _not_due(self, place: Place | None) -> str | None:
        if place is None:
            return "no source knows this address"
        if place.source == GENERIC:
            return "no source crawls it: newsarchive fetch asks for it"
        if not fits(place.url):
            return "its address is too long to store"
        return TOMBSTONE if self.tombstones.at(place.url) is not None else None

    def _discover(self, source: str, places: Sequence[Place], file: str) -> None:
        # A run of its own: in one that has settled an address, it would not become due again.
        run = self._run(source, "addresses")
        named = [(Discovery(url=one.url), one.site_id) for one in places]
        Frontier(self.engine).discover(run.id, source, f"import:{file}", named, utc_now(), ask=True)

    def close(self) -> None:
        """Close the runs and their WARC files. Raises OSError."""
        for run in self._runs.values():
            run.warc.close()
            end_run(self.engine, run.id, f"import: {run.taken} captures taken", run.taken, utc_now())
        self._runs.clear()

    # --- whether --------------------------------------------------------------------------------------

    def _place(self, url: str) -> Place | None:
        source = source_of(url)
        known = source.address(url) if source else None
        if source and known:
            return Place(source=source.name, url=known.url, site_id=known.site_id)
        canonical = canonical_url(url) if self.generic else None
        return Place(source=GENERIC, url=canonical, site_id=None) if canonical else None

    def _status(self, status: int, place: Place | None, *, revisit: bool) -> str | None:
        """Why an answer is no end of an address; None: it may be one."""
        ours = place is not None and place.source != GENERIC
        end = status in PAGE_STATUSES or (status in _GONE and ours) or (status == 304 and revisit)
        return None if end else f"answered {status}"

    def _address(self, place: Place | None) -> str | None:
        """Why nothing of an address is taken; None: it is."""
        if place is None:
            return (
                "no source knows this address; --generic takes it" if not self.generic else "no web address"
            )
        if not fits(place.url):
            return "its address is too long to store"
        return TOMBSTONE if self.tombstones.at(place.url) is not None else None

    def _seen_before(self, one: Candidate) -> Candidate | None:
        """The page that a revisit says was shown once more."""
        known = capture_of_digest(self.engine, one.digest) if one.digest else None
        if known is None:
            return None
        try:
            status, headers, body = read_payload(self.settings.warc_folder, known.capture.warc)
        except (CaptureMissing, CaptureDamaged):
            return None
        return replace(one, status=status, headers=tuple(headers), body=body)

    # --- taking ---------------------------------------------------------------------------------------

    def _taken(self, one: Candidate, place: Place, file: str, entry: Entry) -> Entry:
        digest = payload_digest(one.body)
        if (known := same_capture(self.engine, place.url, one.fetched_at, digest)) is not None:
            return self._kept(entry, known)
        run = self._run(place.source)
        address = address_of(self.engine, place.source, place.url, place.site_id, one.fetched_at)
        url = canonical_url(one.url) or place.url
        facts = {
            "address": place.url,
            "imported_from": file,
            "imported_position": one.position,
            "imported_record": one.record,
            "imported_at": utc_now().isoformat(),
            "made_by": one.made_by,
        }
        written = run.warc.write_exchange(
            url=url,
            fetched_at=one.fetched_at,
            request=None,  # it may hold somebody's cookies
            http_status=one.status,
            reason="",
            response_headers=one.headers,
            body=one.body,
            truncated=one.truncated,
            facts=facts,
        )
        self._rowless.add(written)
        number = record_capture(self.engine, _capture(one, url, digest, written), run.id, address)
        self._rowless.discard(written)
        run.taken += 1
        return replace(entry, fate=Fate.TAKEN, capture_id=number)

    def _kept(self, entry: Entry, capture: int) -> Entry:
        """What the archive has: known, or taken by an import that was killed before it said so."""
        if was_not_entered(self.engine, capture, {run.id for run in self._runs.values()}):
            return replace(entry, fate=Fate.TAKEN, capture_id=capture)
        return replace(entry, fate=Fate.KNOWN, reason="the archive has this capture", capture_id=capture)

    def _run(self, source: str, what: str = "captures") -> _Run:
        if (source, what) not in self._runs:
            self._runs[source, what] = self._open(source)
        return self._runs[source, what]

    def _open(self, source: str) -> _Run:
        known, now = self.sources.get(source), utc_now()
        if known is not None:
            runs.register_source(self.engine, source, known.title, known.homepage)
        owner = leases.this_process(f"{IMPORT}-{source}")
        number = runs.open_run(self.engine, source, IMPORT, owner, now, RunSettings())
        facts: Facts = {
            "run": number,
            "source": source,
            "mode": IMPORT,
            "run_started": now.isoformat(),
            "reader": reader.READER,
        }
        return _Run(
            id=number,
            warc=WarcWriter(
                self.settings.warc_folder,
                software=self.settings.user_agent(),
                contact=self.settings.contact,
                facts=facts,
                about={
                    "robots": "none was asked: captures of others, imported",
                    "isPartOf": f"{source} import",
                },
                rows_are_safe=self._rows_are_safe,
            ),
        )

    def _rows_are_safe(self, file: str) -> bool:
        """Whether every record of a WARC file has its row; else the next import or crawl gives it one."""
        make_durable(self.engine)
        return not any(place.file == file for place in self._rowless)


def _capture(one: Candidate, url: str, digest: str, written: WarcPlace) -> Capture:
    return Capture(
        url=url,
        fetched_at=one.fetched_at,
        http_status=one.status,
        content_type=header(one.headers, "content-type"),
        etag=header(one.headers, "etag"),
        last_modified=header(one.headers, "last-modified"),
        payload_digest=digest,
        payload_length=len(one.body),
        warc=written,
        final_url=header(one.headers, "location"),
        truncated=one.truncated,
    )
