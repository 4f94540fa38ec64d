"""The steps before the wire and behind it: a host's turn, the origin that plays the source; the capture.

Two processes that share an archive share its host table, so a host sees one request at a time
and no more than one each delay, however many crawls run. ``--origin`` changes only where the
bytes come from: the Host header, the address in the archive and the turn keep the real host.

Every answer becomes a WARC record and a capture row here, outside redirect and retry, before anything judges
it: decoded where it can be, as it came where not. Its turn ends with its row, in one transaction.
"""

from __future__ import annotations

import asyncio
from functools import cached_property, partial
from urllib.parse import urlsplit, urlunsplit

from crawler.fetch import scrapy_tls  # noqa: F401  before Scrapy's handler loads the same in its own way

# isort: split
from scrapy.core.downloader.handlers.http11 import HTTP11DownloadHandler
from scrapy.crawler import Crawler
from scrapy.exceptions import DownloadFailedError, DownloadTimeoutError, IgnoreRequest
from scrapy.http import Request, Response

from crawler.capture.exchange import capture_exchange
from crawler.extensions import RunExtension
from crawler.fetch.authorities import NoAuthorities
from crawler.fetch.certificates import CertificateVerifier, refused_certificate
from crawler.fetch.decoding import decoded
from crawler.fetch.lenient_head import LenientFactory
from crawler.fetch.outages import outage_behind, outage_in
from crawler.fetch.refusals import challenge_in, heard_in
from crawler.run.crawl_run import CrawlRun
from crawler.run.turns import host_of
from storage.clock import utc_now
from storage.frontier.rests import NOTHING, Heard

HOLD_MARGIN_S = 30.0
"""A turn outlives the download time-out by this much before another process may take it over."""


STATUSES = range(100, 1000)
"""A status has three digits (RFC 9110, 15). Twisted takes any whole number; readers of WARC files do not."""


class NoStatus(IgnoreRequest):
    """The number of an answer is no status; the message is the outcome's reason."""


class ArchiveDownloadHandler(HTTP11DownloadHandler):
    """HTTP/1.1 with turns and origins; every answer is captured before anything else sees it."""

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        self._pool._factory = LenientFactory
        # What a host does not answer is asked again by PoliteRetryMiddleware alone, in a turn of its own.
        # Twisted's pool would send it once more at once where it had kept the connection: uncounted, and
        # within the delay.
        self._pool.retryAutomatically = False
        self._contextFactory = CertificateVerifier(crawler)  # type: ignore[assignment]

    async def download_request(self, request: Request) -> Response:
        run = RunExtension.run_of(self.crawler)
        stage, url = run.boundary.stage, request.url
        host = host_of(url)
        hold_s = self._timeout_s + HOLD_MARGIN_S
        self.crawler.stats.inc_value("downloader/request_count")
        with stage("turn", url):
            await run.turns.take(host, hold_s=hold_s)
        heard = NOTHING
        try:
            with stage("download", url, declared=(Exception,)), run.boundary.waits(hold_s):
                response = await self._answer(run, through_origin(request, run.origin))
                has_status(response)
            with stage("turn", url):
                request.meta["challenged"] = challenge = challenge_in(response)
                heard = heard_in(
                    response,
                    utc_now(),
                    run.turns.crawl_delays.get(host, 0.0),
                    challenge,
                    about_the_host=bool(request.meta.get("about_the_host")),
                )
            with stage("decode", url):
                response = response if response.url == url else response.replace(url=url)
                response = decoded(request, response, self._limit)
        except BaseException as error:
            # With what was heard: a refusal is known before anybody's next turn can begin.
            with stage("turn", url):
                await asyncio.shield(run.boundary.whole("turn", url, run.turns.end(host, heard)))
                await run.turns.waited_for(host, in_vain=isinstance(error, DownloadTimeoutError))
                await self._served(run, host, request, outage_behind(error))
            raise
        with stage("turn", url):
            await run.turns.waited_for(host, in_vain=False)
            await self._served(run, host, request, outage_in(response))
        with stage("capture", url):
            await asyncio.shield(
                run.boundary.whole("capture", url, self._captured(run, host, heard, request, response))
            )
        return response

    async def _answer(self, run: CrawlRun, request: Request) -> Response:
        """What comes. Raises CertificateRefused; RunRefused where this machine can verify nobody."""
        if request.meta.get("retry_times"):
            # On a connection of its own: servers end, or forget, those that were kept.
            self._pool.closeCachedConnections()  # type: ignore[no-untyped-call]
        try:
            return await super().download_request(request)
        except NoAuthorities as nobody:
            raise run.database.stop(str(nobody)) from nobody
        except DownloadFailedError as error:
            if (refused := refused_certificate(error)) is not None:
                raise refused from None
            raise

    async def _served(self, run: CrawlRun, host: str, request: Request, outage: str | None) -> None:
        """Lists and robots.txt have their own ways to be left alone."""
        if "address" in request.meta:
            await run.turns.page_served(host, outage)

    async def _captured(
        self, run: CrawlRun, host: str, heard: Heard, request: Request, response: Response
    ) -> None:
        """Make the answer a WARC record and a capture row, and give the host back with the row."""
        address = request.meta.get("address")
        written = partial(capture_exchange, run.captures.warc, request, response)
        request.meta["capture"] = await run.turns.end_with(
            host,
            heard,
            lambda turn: run.captures.record(written, address.id if address else None, turn),
        )
        self.crawler.stats.inc_value("capture/count")
        self.crawler.stats.inc_value("capture/bytes", len(response.body))

    @cached_property
    def _timeout_s(self) -> float:
        return self.crawler.settings.getfloat("DOWNLOAD_TIMEOUT")

    @cached_property
    def _limit(self) -> int:
        """Bytes of a decoded body."""
        return self.crawler.settings.getint("DOWNLOAD_MAXSIZE")


def has_status(response: Response) -> None:
    """Raises NoStatus where what came has a number that is none."""
    if response.status not in STATUSES:
        raise NoStatus(f"what came is no answer of HTTP: its status is {response.status}"[:100])


def through_origin(request: Request, origin: str | None) -> Request:
    """The same request sent to the origin; the Host header names the real host.

    >>> through_origin(Request("https://v.daum.net/v/1?a=b"), "http://127.0.0.1:8000").url
    'http://127.0.0.1:8000/v/1?a=b'
    """
    if origin is None:
        return request
    real, stand_in = urlsplit(request.url), urlsplit(origin)
    url = urlunsplit((stand_in.scheme, stand_in.netloc, stand_in.path + real.path, real.query, ""))
    sent = request.replace(url=url, dont_filter=True)  # its headers are its own
    sent.headers["Host"] = real.netloc
    return sent
