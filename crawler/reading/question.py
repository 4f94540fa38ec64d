"""What a reading process is asked, and how it answers: plain records that pickle by name.

A source is named, never sent: it holds functions and classes. The process loads it as this one did, also when
it lies outside the repository.
"""

from __future__ import annotations

import importlib.util
import sys
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cache
from pathlib import Path

from crawler.discover.cut import broken_off
from crawler.packing import MAX_LIST, unpacked
from crawler.sources import all_sources
from crawler.sources.base import Seed, Source, Window
from crawler.sources.generic import GENERIC
from crawler.stages import article_of
from storage.database.shortage import shortage
from storage.records import Article, CapturedPage, WarcPlace
from storage.records.discovery import Listing
from storage.warc.objects import store_at
from storage.warc.reading import CaptureDamaged, CaptureMissing, payload_in_store, read_payload


class NoSuchSeed(LookupError):
    """The reading process does not find the seed in its source."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SourcePlace:
    """Where a source is declared: all_sources() finds it by its name, or it is loaded from its file."""

    name: str
    module: str | None = None
    file: str | None = None
    """For a process that was started before the operator's folder was named."""


_SOURCES = "crawler.sources"
_places: dict[int, tuple[Source, SourcePlace]] = {}
"""By the source's identity, which the source beside it keeps: looking through two thousand modules for every
page cost a tenth of the event loop (measured 2026-11-26)."""


def place_of(source: Source) -> SourcePlace:
    """The place of a source.

    Raises:
        LookupError: it is declared nowhere, so that no other process could load it.
    """
    if id(source) not in _places:
        _places[id(source)] = source, _declared_at(source)
    return _places[id(source)][1]


def place_if_declared(source: Source) -> SourcePlace | None:
    """The place of a declared source, one without a page class too; None for the sites that were named."""
    return None if source.name == GENERIC else place_of(source)


def source_in(module: object) -> Source | None:
    """The source that a module declares. Asked of what it holds: one that makes its names when they are asked
    for may load others for that (six does, Scrapy warns): 17 ms of a crawl's start (2026-11-26)."""
    source = getattr(module, "__dict__", {}).get("SOURCE")  # what stands in sys.modules need be no module
    return source if isinstance(source, Source) else None


def _declared_at(source: Source) -> SourcePlace:
    likely = f"{_SOURCES}.{source.name}"  # looked at before the thousand others
    for name, module in ((likely, sys.modules.get(likely)), *sys.modules.items()):
        if source_in(module) is source:
            return SourcePlace(name=source.name, module=name, file=getattr(module, "__file__", None))
    if all_sources().get(source.name) is not source:
        raise LookupError(
            f"the source {source.name!r} is declared in no file: no reading process can load it"
        )
    return SourcePlace(name=source.name)


@cache
def source_at(place: SourcePlace) -> Source:
    """The source of a place, loaded in this process.

    Raises:
        LookupError: there is none.
    """
    declared = all_sources()
    if place.module is None or place.name in declared:
        return declared[place.name]
    source = getattr(_module(place.module, place.file), "SOURCE", None)
    if not isinstance(source, Source):
        raise LookupError(f"{place.file or place.module} declares no SOURCE")  # noqa: TRY004
    return source


def _module(name: str, file: str | None) -> object:
    """The module by its name; by its file where it is on no path."""
    if name in sys.modules:
        return sys.modules[name]
    if file is None or not Path(file).is_file():
        return importlib.import_module(name)
    spec = importlib.util.spec_from_file_location(name, file)
    if spec is None or spec.loader is None:
        raise LookupError(f"{file} is no module")
    module = sys.modules[name] = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadPage:
    """Captured page -> article."""

    page: CapturedPage
    source: SourcePlace | None
    """None: the page belongs to no source with page classes."""

    def answer(self) -> Article:
        return article_of(self.page, source_at(self.source) if self.source else None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Lost:
    """The bytes of a capture cannot be read back."""

    reason: str
    here: bool = False
    """The process that tried ran short of something: that says nothing of the capture."""

    @classmethod
    def by(cls, error: Exception) -> Lost:
        """What an error at its file says."""
        short = shortage(error)
        return cls(reason=short or str(error), here=short is not None)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadCapture:
    """A capture -> article: its bytes are fetched from the WARC file by the process that reads them."""

    page: CapturedPage
    """Without its body."""
    source: SourcePlace | None
    folder: Path
    place: WarcPlace
    store: str | None = None
    """The object store that has its bytes; None: the folder has."""

    def body(self) -> bytes:
        """Its bytes. Raises CaptureMissing, CaptureDamaged, StoreRefused, OSError."""
        if self.store is None:
            return read_payload(self.folder, self.place)[2]
        return payload_in_store(store_at(self.store), self.place)[2]

    def answer(self) -> Article | Lost:
        try:
            body = self.body()
        except (CaptureMissing, CaptureDamaged, OSError) as error:
            return Lost.by(error)
        page = replace(self.page, body=body)
        return article_of(page, source_at(self.source) if self.source else None)


def about(page: CapturedPage, source: Source) -> ReadPage:
    """The question for a page that was asked for as one of a source."""
    return ReadPage(page=page, source=place_if_declared(source))


@dataclass(frozen=True, slots=True, kw_only=True)
class SeedPlace:
    """A seed of a source: by its address; where that moves with the clock, by its place among the others."""

    source: SourcePlace
    windows: tuple[Window | None, ...]
    """What the source was asked for: the newest (None) or days, in the order of the plan."""
    url: str
    kind: str
    position: int


def seed_place(
    source: Source, windows: Iterable[Window | None], seeds: Iterable[Seed], seed: Seed
) -> SeedPlace:
    """The place of one of the seeds that the source gave for the windows."""
    position = list(dict.fromkeys(one.url for one in seeds)).index(seed.url)
    return SeedPlace(
        source=place_of(source), windows=tuple(windows), url=seed.url, kind=seed.kind, position=position
    )


def _seeds(source: Source, windows: Iterable[Window | None]) -> dict[str, Seed]:
    return {seed.url: seed for window in windows for seed in source.seeds(window)}


@cache
def seed_at(place: SeedPlace) -> Seed:
    """The seed of a place, in this process.

    Raises:
        NoSuchSeed: the source gives none like it here.
    """
    source = source_at(place.source)
    seeds = _seeds(source, place.windows)
    if place.url in seeds:
        return seeds[place.url]
    if source.seed_of is not None and (said := source.seed_of(place.url)) is not None:
        return said
    alike = list(seeds.values())[place.position :][:1]
    if not alike or alike[0].kind != place.kind:
        raise NoSuchSeed(f"the source {place.source.name} gives no seed {place.url} in a reading process")
    return alike[0]


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadList:
    """A list's bytes -> what it names, by its seed's own parser."""

    seed: SeedPlace
    body: bytes
    url: str
    """Where it was found; a list's later pages have addresses of their own."""
    seen_at: datetime
    truncated: bool = False
    """The fetch ended early."""

    def answer(self) -> Listing:
        """What the list names. One that breaks off is not recognised; what it names all the same is kept."""
        listing = seed_at(self.seed).parse(self.body, self.url, self.seen_at)
        early = "The list is cut off: the fetch ended early."
        why = early if self.truncated else broken_off(unpacked(self.body, MAX_LIST))
        return replace(listing, recognised=False, reason=why) if why and listing.recognised else listing


Question = ReadPage | ReadCapture | ReadList


@dataclass(frozen=True, slots=True, kw_only=True)
class Broke:
    """The rules raised: what, in one line, and where, for the log."""

    reason: str
    trace: str
