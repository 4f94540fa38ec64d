"""One capture, read by today's reader in a reading process."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from crawler.capture.unjudged import page_of
from crawler.reading.cluster import ClusterPool
from crawler.reading.pool import ReadingPool, RulesBroke, there
from crawler.reading.process import ReadingDied, ReadingUnavailable
from crawler.reading.question import Lost, ReadCapture, ReadPage, SourcePlace, place_if_declared
from crawler.sources import RESERVED
from crawler.sources.base import Source
from crawler.stages import as_known
from storage.archive.rereader import Page, Read
from storage.frontier.captures import StoredCapture
from storage.records import PAGE_STATUSES, Article, Capture
from storage.warc.file import find_file
from storage.warc.objects import StoreRefused
from storage.warc.reading import CaptureDamaged, CaptureMissing, read_payload
from storage.warc.sent import store_of

log = logging.getLogger("newsarchive")


REMOVED = "the bytes of its capture were removed"
"""How the reason of such a capture begins."""


class CaptureReader:
    """Reads captures of an archive's folder; whatever a page does to its process, an answer comes."""

    def __init__(self, pool: ReadingPool | ClusterPool, folder: Path, sources: Mapping[str, Source]) -> None:
        self._pool, self._folder, self._sources = pool, folder, sources

    @property
    def folder(self) -> Path:
        """The WARC folder."""
        return self._folder

    @property
    def ahead(self) -> int:
        """Blocks of captures that have to be asked for at once so that nobody who reads waits."""
        return self._pool.ahead

    async def read(self, stored: StoredCapture, source: str) -> Article | Lost:
        """The article of a capture, or why there is none to read.

        Args:
            source: the name of the source that its address belongs to.

        Raises:
            ReadingUnavailable: nothing can be read here now, which says nothing of the capture.
        """
        capture = stored.capture
        if stored.removed is not None:
            return Lost(reason=f"{REMOVED}: {stored.removed}")
        if source not in self._sources and source not in RESERVED:
            return Lost(reason=f"the source {source} is not declared here any more")
        if capture.http_status not in PAGE_STATUSES:
            return Lost(reason=f"the capture {stored.id} is no page: HTTP {capture.http_status}")
        question = await self._question(capture, self._place(source))
        if isinstance(question, Lost):
            return question
        try:
            answer: Article | Lost = await self._pool.ask_twice(question, question.page.url)
        except ReadingDied as death:
            return Lost(reason=str(death))
        except RulesBroke as broke:
            log.error("the reader broke on the capture %d of %s:\n%s", stored.id, capture.url, broke.trace)
            return Lost(reason=f"the reader broke: {broke}")
        if isinstance(answer, Lost) or source not in self._sources:
            return answer
        return as_known(answer, self._sources[source])

    async def _question(self, capture: Capture, source: SourcePlace | None) -> ReadCapture | ReadPage | Lost:
        """A file here is read by the reading process. What a store has is fetched by this one: the time and
        memory of a reading process are the page's, and a store that is down says nothing of a page.

        A worker of a cluster takes from the store itself; what lies here alone is sent to it.
        """
        page = page_of(capture, capture.url, b"")
        url = store_of(self._folder) if find_file(self._folder, capture.warc.file) is None else None
        far = isinstance(self._pool, ClusterPool) and self._pool.far
        itself = not far if url is None else isinstance(self._pool, ClusterPool)
        if itself:
            return ReadCapture(
                page=page, source=source, folder=self._folder.resolve(), place=capture.warc, store=url
            )
        try:
            _, _, body = await asyncio.to_thread(read_payload, self._folder, capture.warc)
        except StoreRefused as error:
            raise ReadingUnavailable(str(error)) from error
        except (CaptureMissing, CaptureDamaged, OSError) as error:  # as `ReadCapture.answer`
            return there(Lost.by(error))
        return ReadPage(page=replace(page, body=body), source=source)

    async def page(self, page: Page, captures: Mapping[int, StoredCapture]) -> Read:
        """What can be read of all captures of a page, and why the others cannot. Raises as `read`."""
        answers = await asyncio.gather(
            *(self.read(captures[number], page.source) for number in page.captures)
        )
        found = dict(zip(page.captures, answers, strict=True))
        return Read(
            page=page,
            readings={number: one for number, one in found.items() if not isinstance(one, Lost)},
            lost={number: one.reason for number, one in found.items() if isinstance(one, Lost)},
        )

    def _place(self, name: str) -> SourcePlace | None:
        source = self._sources.get(name)
        return None if source is None else place_if_declared(source)
