"""The lists of one crawl: each is read page by page and ends once, whatever a page or a stage does."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator, Awaitable, Sequence
from dataclasses import replace
from typing import Protocol

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.http import Response
from twisted.python.failure import Failure

from crawler.discover.listing import page_number
from crawler.fetch.ends import Refused, capture_id, cause, end_of_failure, end_of_status
from crawler.reading.extension import ReadingExtension
from crawler.reading.lists import read_list
from crawler.reading.process import ReadingUnavailable
from crawler.reading.question import ReadList, seed_place
from crawler.run.boundary import StageBroke
from crawler.run.crawl_run import CrawlRun
from crawler.run.plan import RunPlan
from crawler.run.turns import ToldToStop
from crawler.sources.base import Seed, Source
from crawler.spiders.seed_starts import Start, starts
from crawler.spiders.visit import Visit, Wrong, given_up
from storage.clock import utc_now
from storage.frontier.listed import Entered
from storage.records import PAGE_STATUSES, Outcome, RunMode
from storage.records.discovery import Discovery, Listing
from storage.records.runs import SeedVisit

log = logging.getLogger("newsarchive")

SEED_PRIORITY = 100
"""Lists before articles: the newest address is asked first."""
SECOND = 2
"""A list whose second page is its first has no pages. One of whose many the last comes again for whatever
number is asked has ended; so has one whose only page is named by its number."""
PARSE = "parse"
"""The stage that reads a list. A page that breaks it is captured and not understood: quarantined."""


class Crawl(Protocol):
    """The crawl whose seeds are visited: the spider."""

    name: str
    crawler: Crawler
    plan: RunPlan
    source: Source

    @property
    def run(self) -> CrawlRun:
        """The open run."""

    async def wanted(self, seed: Seed, listing: Listing) -> Sequence[Discovery]:
        """What of a list is to be asked for."""

    asks_known: bool

    def moved(self) -> None:
        """Told when there may be more to ask for, or nothing more comes."""


def _named(listing: Listing, publisher: str | None) -> Listing:
    """What a publisher's own list names is that publisher's."""
    if publisher is None:
        return listing
    found = (
        one if one.publisher_hint else replace(one, publisher_hint=publisher) for one in listing.discoveries
    )
    return replace(listing, discoveries=tuple(found))


def _repeats(visit: Visit, read: Visit, listing: Listing, url: str) -> str | None:
    """Why a page that names what the one before named is wrong; None where it does not, or may be the end."""
    if not read.again:
        return None
    number = page_number(url)
    if visit.page > SECOND and number is not None:  # told by Visit.has_ended, once it comes a third time
        return None
    has_none = visit.page == SECOND and number != 1
    return "it names what the page before named" if listing.next_url is not None or has_none else None


class SeedVisits:
    """The seeds of one crawl."""

    def __init__(self, spider: Crawl) -> None:
        self.spider = spider
        self.in_flight = 0
        self._more_is_due = False
        """Something was listed that waits, and that the spider was not told of yet."""
        self._seeds: tuple[Seed, ...] = ()

    @property
    def run(self) -> CrawlRun:
        return self.spider.run

    async def requests(self) -> AsyncIterator[Request]:
        """The first page of every seed."""
        for start in await self._starts():
            self.in_flight += 1
            visit = Visit(seed=start.seed, listed=start.listed)
            request = await self._bounded(visit, None, self._first(start, visit))
            if request is not None:
                yield request

    async def _starts(self) -> list[Start]:
        try:
            with self.run.boundary.stage("seeds"):
                if (chosen := await self.run.lists.chosen_channels()) is not None:
                    self.spider.plan = replace(self.spider.plan, channels=chosen)
                self._seeds = self.spider.plan.seeds  # asked once: an address may move with the clock
                return await starts(self.run, self.spider.plan, self._seeds)
        except StageBroke:
            return []  # the verdict names it

    async def _first(self, start: Start, visit: Visit) -> Request | None:
        if start.rests is not None:
            await self._record(visit, None, Outcome.BLOCKED, start.rests.why, ended=True)
            return None
        if start.read_by is None:
            return self._request(start.url, visit)
        reason = f"read whole by run {start.read_by}, which was interrupted"
        await self._record(visit, None, Outcome.UNCHANGED, reason, ended=True)
        return None

    def _request(self, url: str, visit: Visit) -> Request:
        return Request(
            url,
            headers=dict(visit.seed.headers),
            callback=self.parse,
            errback=self.failed,
            priority=SEED_PRIORITY,
            dont_filter=True,
            meta={"visit": visit, "needs_explicit_robots": visit.seed.needs_explicit_robots},
        )

    async def parse(self, response: Response) -> AsyncIterator[Request]:
        """A page of a list came."""
        visit: Visit = response.meta["visit"]
        follow = await self._bounded(visit, response.request, self._read(visit, response))
        if follow is not None:
            yield follow

    async def failed(self, failure: Failure) -> AsyncIterator[Request]:
        """A page of a list did not come."""
        request: Request = failure.request  # type: ignore[attr-defined]
        visit: Visit = request.meta["visit"]
        follow = await self._bounded(visit, request, self._not_answered(visit, request, failure))
        if follow is not None:
            yield follow

    async def _bounded(
        self, visit: Visit, request: Request | None, work: Awaitable[Request | None]
    ) -> Request | None:
        """The boundary of a seed: whatever is thrown is its end. Gives its next page, None at its end."""
        follow = None
        try:
            with self.run.boundary.stage("list", visit.seed.url):
                follow = await work
        except StageBroke as broke:
            await self._broke(visit, request, broke)
        finally:
            if follow is None:
                self.in_flight -= 1
                self._tell()
        return follow

    def _tell(self) -> None:
        """The end of a seed, where it means more to ask for, or that no more comes: each look for addresses
        takes 0.7 ms, and forty lists of which all is known took 25 (2026-11-26)."""
        if self._more_is_due or not self.in_flight:
            self._more_is_due = False
            self.spider.moved()

    async def _broke(self, visit: Visit, request: Request | None, broke: StageBroke) -> None:
        outcome = Outcome.QUARANTINED if broke.stage == PARSE else Outcome.FAILED
        try:
            await self._end(visit, request, outcome, str(broke))
        except StageBroke as again:
            sentence = f"The outcome of the list {visit.seed.url} cannot be kept: {again}"
            raise self.run.database.stop(sentence) from again

    async def _not_answered(self, visit: Visit, request: Request, failure: Failure) -> Request | None:
        error = cause(failure)
        if isinstance(error, ToldToStop):  # such a run says itself that it did not come to its end
            return None
        alone = isinstance(error, Refused)  # not sent for its own address, which says nothing of the others
        return await self._end(visit, request, *end_of_failure(error), alone=alone)

    async def _read(self, visit: Visit, response: Response) -> Request | None:
        if (ended := visit.ended_before(response.status)) is not None:
            return await self._go_on(ended, None, response.request)
        if response.status not in PAGE_STATUSES:
            return await self._end(visit, response.request, *end_of_status(response.status, response.meta))
        stage, seed = self.run.boundary.stage, visit.seed
        with stage(PARSE, seed.url):
            listing = _named(await self._listing(seed, response), seed.publisher)
            self.spider.crawler.stats.inc_value("seed/rejected_links", listing.rejected)
        with stage("choose", seed.url):
            wanted = await self.spider.wanted(seed, listing)
        with stage("discover", seed.url):
            listed = await self.run.lists.discover(seed.url, wanted, ask=self.spider.asks_known)
            self._more_is_due |= listed.new > listed.known
            if listing.recognised and listing.channels:
                await self.run.lists.keep_channels(listing.channels)
        with stage("forget", seed.url):
            await self.run.lists.forget(listing, capture_id(response.request))
        with stage("next page", seed.url):
            return await self._listed(visit, response, listing, listed)

    async def _listing(self, seed: Seed, response: Response) -> Listing:
        """What the list names; where nothing can be read, nothing more is asked: the run ends."""
        pool = ReadingExtension.pool_of(self.spider.crawler)
        try:
            return await read_list(pool, self._question(seed, response))
        except ReadingUnavailable as error:
            raise self.run.database.stop(str(error)) from error

    def _question(self, seed: Seed, response: Response) -> ReadList:
        """The list, to be read in a reading process."""
        place = seed_place(self.spider.source, self.spider.plan.windows, self._seeds, seed)
        cut = "dataloss" in response.flags
        return ReadList(seed=place, body=response.body, url=response.url, seen_at=utc_now(), truncated=cut)

    async def _listed(
        self, visit: Visit, response: Response, listing: Listing, entered: Entered
    ) -> Request | None:
        reason = None if listing.recognised else listing.reason or "not the list it should be"
        redirected = bool(response.meta.get("redirect_urls"))
        others = {one.url for one in self._seeds} - {visit.seed.url}
        if reason is None and redirected and response.url in others:
            reason = "which is another list that is read"
        if reason is not None:
            reason = f"redirected to {response.url}: {reason}" if redirected else reason
            return await self._end(visit, response.request, Outcome.QUARANTINED, reason)
        is_newest = visit.page == 1 and self.spider.plan.mode is RunMode.LATEST
        old = given_up(listing, utc_now()) if is_newest else None
        left_out = entered.left_out if old is None else (*entered.left_out, old)
        read = visit.read({visit.seed.url, response.url}, listing, left_out)
        if (problem := read.barred or _repeats(visit, read, listing, response.url)) is not None:
            return await self._end(visit, response.request, Outcome.QUARANTINED, problem)
        if has_ended := read.has_ended(listing.next_url):
            read = replace(read, left_out=(*read.left_out, has_ended))
        next_url = listing.next_url if self._goes_on(visit, listing, entered) and not has_ended else None
        return await self._go_on(*read.within(next_url, self.spider.source.fetch_hosts), response.request)

    async def _go_on(self, visit: Visit, next_url: str | None, request: Request | None) -> Request | None:
        """The next page of a list; its end is kept where none comes."""
        if (follows := visit.next(next_url)) is not None:
            url, asking = follows
            # An interrupted backfill begins anew with what named the pages that still wait.
            again = visit.seed.url if visit.waiting else url
            await self._record(asking, request, *visit.end(), ended=False, next_url=again)
            return self._request(url, asking)
        left = visit.page > 2 and (next_url or visit.waiting)
        more = [f"{visit.page - 1} pages read, more follow"] if left else []
        await self._record(visit, request, *visit.end(*more), ended=True)
        return None

    def _goes_on(self, visit: Visit, listing: Listing, entered: Entered) -> bool:
        """Whether the next page is read: of the newest, not behind a page on which nothing was due."""
        if not listing.discoveries:
            return visit.passes_over
        return self.spider.plan.mode is not RunMode.LATEST or entered.new > entered.known

    async def _end(
        self, visit: Visit, request: Request | None, outcome: Outcome, reason: str, *, alone: bool = False
    ) -> Request | None:
        """A page is not the list, or did not come: the seed has ended without its list, or without all of it.

        Where the page is one of several that another named, the others are read; not of a host that refuses.

        Args:
            alone: it is refused for its own address: outside the source, or forbidden by robots.txt.
        """
        if visit.waiting and (alone or outcome is not Outcome.BLOCKED):
            return await self._go_on(visit.behind(Wrong(outcome=outcome, reason=reason)), None, request)
        await self._record(visit, request, outcome, visit.at_page(reason), ended=True)
        return None

    async def _record(
        self,
        visit: Visit,
        request: Request | None,
        outcome: Outcome,
        reason: str,
        *,
        ended: bool,
        next_url: str | None = None,
    ) -> None:
        seed = visit.seed
        made = SeedVisit(
            run_id=self.run.id,
            seed=seed.url,
            kind=seed.kind,
            section=seed.section,
            outcome=outcome,
            reason=reason,
            listed=visit.listed,
            at=utc_now(),
            capture_id=capture_id(request),
            way=seed.way,
            grade=seed.grade,
            next_url=next_url,
        )
        await self.run.lists.record(made, ended=ended)
        said = {"run": made.run_id, "source": self.spider.name, "url": seed.url, "outcome": outcome.value}
        line = "%s list %s %s (%s, %d listed)"
        log.info(line, self.spider.name, outcome.value, seed.url, reason, visit.listed, extra=said)
