"""Downloader middlewares: which hosts, robots.txt, retries. No parsing rules here."""

from __future__ import annotations

import logging
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import replace
from functools import cached_property
from http import HTTPStatus
from typing import Generic, Self, TypeVar
from urllib.parse import urlsplit

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.downloadermiddlewares.redirect import RedirectMiddleware
from scrapy.downloadermiddlewares.retry import RetryMiddleware
from scrapy.exceptions import IgnoreRequest
from scrapy.http import Response
from scrapy.http.request import NO_CALLBACK

from crawler.capture import tdmrep
from crawler.extensions import RunExtension
from crawler.fetch.decoding import Fault, Undecodable
from crawler.fetch.ends import OutsideSource, RobotsForbid, describe
from crawler.fetch.once_a_day import OnceADay
from crawler.fetch.redirects import led_in_a_circle, without_default_port
from crawler.fetch.robots import RobotsVerdict, forbidden_because, newest, robots_verdict
from crawler.normalise.url import named_host
from crawler.run.crawl_run import CrawlRun
from crawler.run.database_thread import RunRefused
from crawler.run.turns import LONGEST_FOR_A_RUN_S, ROBOTS_REST_S, Resting, ToldToStop, host_of
from storage.frontier.settlement import faults_the_condition
from storage.records import PAGE_STATUSES
from storage.records.runs import LeasedAddress

T = TypeVar("T")

log = logging.getLogger("newsarchive")


class _WithRun:
    """A middleware that needs the run behind the crawl."""

    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        return cls(crawler)

    @cached_property
    def run(self) -> CrawlRun:
        return RunExtension.run_of(self.crawler)

    @cached_property
    def stage(self) -> Callable[[str, str], AbstractContextManager[None]]:
        """The boundary of what a middleware does: what it throws ends the request, named as ours."""
        return self.run.boundary.stage


class HostMiddleware(_WithRun):
    """A page is data: it cannot make the crawler ask a host outside its source."""

    def process_request(self, request: Request) -> None:
        with self.stage("host", request.url):
            self._check(request)

    def _check(self, request: Request) -> None:
        parts = urlsplit(request.url)
        if parts.scheme not in ("http", "https"):
            raise OutsideSource(f"{parts.scheme}: is not fetched")
        if "@" in parts.netloc:
            raise OutsideSource(f"a user name is sent to nobody: an address with one at {parts.hostname}")
        if named_host(request.url) not in self.run.source.fetch_hosts:
            raise OutsideSource(f"outside the source: {parts.netloc}")


class _WithFile(_WithRun, Generic[T]):
    """A middleware that asks each origin for a file, whoever needs it first."""

    file: str
    """What the boundary calls it."""

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        self._said = OnceADay(self._whole)

    async def _said_of(self, request: Request) -> T:
        parts = urlsplit(request.url)
        return await self._said.of(f"{parts.scheme}://{parts.netloc}")

    async def _whole(self, origin: str) -> T:
        return await self.run.boundary.whole(self.file, origin, self._read(origin))

    async def _read(self, origin: str) -> T:
        """Ask for the file and understand it."""
        raise NotImplementedError


class RobotsMiddleware(_WithFile[RobotsVerdict]):
    """RFC 9309: a missing robots.txt (4xx) allows, an unreachable one (5xx, no answer) means wait."""

    file = "robots.txt"

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        self.agent = crawler.settings["USER_AGENT"]
        self._older: dict[str, RobotsVerdict] = {}

    async def process_request(self, request: Request) -> None:
        if request.meta.get("is_robots_txt"):
            return
        with self.stage("robots", request.url):
            await self._obey(request)

    async def _obey(self, request: Request) -> None:
        verdict = await self._said_of(request)
        explicit = bool(request.meta.get("needs_explicit_robots"))
        allowed = verdict.allows(request.url, self.agent, explicit=explicit)
        if allowed and (resting := self.run.turns.resting(host_of(request.url))) is not None:
            raise Resting(str(resting), resting.until)
        host = (urlsplit(request.url).hostname or "").lower()
        permission = None if allowed else self.run.permissions.get(host)
        if permission is not None:
            request.meta["robots"] = (True, f"permission, {permission.words(host)}")
            return
        request.meta["robots"] = (allowed, verdict.why)
        if not allowed:
            raise RobotsForbid(forbidden_because(verdict, explicit=explicit))

    async def _read(self, origin: str) -> RobotsVerdict:
        said = self._older[origin] = newest(self._older.get(origin), await self._asked(origin))
        await self._keep_delay(host_of(origin), said)
        return said

    async def _asked(self, origin: str) -> RobotsVerdict:
        meta = {"is_robots_txt": True, "about_the_host": True}
        request = Request(f"{origin}/robots.txt", meta=meta, callback=NO_CALLBACK)
        assert self.crawler.engine is not None
        try:
            response = await self.crawler.engine.download_async(request)
        except (RunRefused, Resting, ToldToStop):
            raise
        except Exception as error:  # noqa: BLE001  any failure to read it means the same: wait
            return RobotsVerdict(None, missing=False, why=f"robots.txt unreachable: {describe(error)}")
        cut_off, unmeasured = ("dataloss" in response.flags), ("partial" in response.flags)
        return robots_verdict(response.status, response.body, cut_off=cut_off, unmeasured=unmeasured)

    async def _keep_delay(self, host: str, verdict: RobotsVerdict) -> None:
        delay = verdict.delay_s or 0.0
        if delay > LONGEST_FOR_A_RUN_S:
            reason = f"its robots.txt asks for a Crawl-delay of {delay:,.10g} s, more than a day"
            await self.run.turns.let_rest(host, ROBOTS_REST_S, reason)
            return
        self.run.turns.keep_crawl_delay(host, delay)


class TdmMiddleware(_WithFile[tuple[tdmrep.Reservation, ...]]):
    """Asks each host once a run for its TDMRep file and notes what it says of every article."""

    file = "tdmrep.json"

    async def process_request(self, request: Request) -> None:
        if "address" not in request.meta:
            return
        reservation = self._reservation(request)
        # A declaration that cannot be read is none, and no reason to lose the page; the verdict names it.
        request.meta["tdm"] = await self.run.boundary.attempt("tdm", reservation, None)

    async def _reservation(self, request: Request) -> tdmrep.Reservation | None:
        return tdmrep.reservation_for(await self._said_of(request), request.url)

    async def _read(self, origin: str) -> tuple[tdmrep.Reservation, ...]:
        assert self.crawler.engine is not None
        request = Request(f"{origin}{tdmrep.PATH}", meta={"about_the_host": True}, callback=NO_CALLBACK)
        try:
            response = await self.crawler.engine.download_async(request)
        except (RunRefused, Resting, ToldToStop):
            raise
        except Exception as error:  # noqa: BLE001  a declaration that cannot be read is none
            log.info("no TDMRep file from %s: %s", origin, describe(error))
            return ()
        return tdmrep.parse(response.body) if response.status == HTTPStatus.OK else ()


class PoliteRetryMiddleware(RetryMiddleware):
    """Scrapy's retries, but none at a host that rests (crawler.run.turns), and cut bodies are retried."""

    async def process_response(self, request: Request, response: Response) -> Request | Response:  # type: ignore[override]
        with RunExtension.run_of(self.crawler).boundary.stage("retry", request.url):
            return await self._again(request, response)

    async def _again(self, request: Request, response: Response) -> Request | Response:
        resting = RunExtension.run_of(self.crawler).turns.resting(host_of(request.url))
        if resting is not None:
            request.meta["resting"] = resting
            return _judged(request, response)
        again = None
        if Fault.CUT in response.flags:
            again = self._retry(request, "body cut off")
        elif Fault.DAMAGED in response.flags:
            again = self._retry(request, "body damaged")
        elif response.status in self.retry_http_codes:
            again = self._retry(request, f"{response.status}")
        elif faults_the_condition(response.status) and (plain := without_condition(request)):
            again = self._retry(plain, f"{response.status} to a condition")
        return again or _judged(request, response)


_CONDITIONS = ("If-None-Match", "If-Modified-Since")


def without_condition(request: Request) -> Request | None:
    """The request for the whole page, for a server that finds fault with being asked whether it changed (412,
    400); None where it was for that already."""
    address: LeasedAddress | None = request.meta.get("address")
    if address is None or not any(name in request.headers for name in _CONDITIONS):
        return None
    plain = request.copy()
    for name in _CONDITIONS:
        plain.headers.pop(name, None)
    plain.meta["address"] = replace(address, etag=None, last_modified=None, held=None)
    return plain


class PlainRedirectMiddleware(RedirectMiddleware):
    """Scrapy's, without its spider middleware for the Referer header: none is ever sent.

    What a target's host would be the same without is left out; a circle is followed once.
    """

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        middleware = cls(crawler.settings)
        middleware.crawler = crawler
        return middleware

    def process_response(self, request: Request, response: Response) -> Request | Response:  # type: ignore[override]
        try:
            followed = super().process_response(request, response)
        except ValueError:  # no address: "javascript:", a host in broken brackets, a port beyond all
            return response
        if isinstance(followed, Response):
            return followed
        target = without_default_port(followed.url)
        if led_in_a_circle([*followed.meta["redirect_urls"], target]):
            raise IgnoreRequest(f"redirected in a circle, to {target} for the third time")
        return followed if target == followed.url else followed.replace(url=target)

    def handle_referer(self, request: Request, response: Response) -> None:
        request.headers.pop("Referer", None)


def _judged(request: Request, response: Response) -> Response:
    """The last answer. Raises Undecodable where its body could not be had: after it was asked for again."""
    if response.status in PAGE_STATUSES and (why := request.meta.get("undecodable")):
        raise Undecodable(why)
    return response
