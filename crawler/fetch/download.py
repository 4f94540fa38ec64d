"""The last step before the wire: a host's turn, and the origin that plays the source.

Two processes that share an archive share its host table, so a host sees one request at a time
and no more than one each delay, however many crawls run. ``--origin`` changes only where the
bytes come from: the Host header, the address in the archive and the turn keep the real host.
"""

from __future__ import annotations

import asyncio
from urllib.parse import urlsplit, urlunsplit

from scrapy.core.downloader.handlers.http11 import HTTP11DownloadHandler
from scrapy.http import Request, Response

from crawler.extensions import RunExtension
from crawler.fetch.refusals import heard_in
from crawler.run.turns import host_of
from storage.clock import utc_now
from storage.frontier.rests import NOTHING

HOLD_MARGIN_S = 30.0
"""A turn outlives the download time-out by this much before another process may take it over."""


class ArchiveDownloadHandler(HTTP11DownloadHandler):
    """HTTP/1.1 with turns and origins."""

    async def download_request(self, request: Request) -> Response:
        run = RunExtension.run_of(self.crawler)
        host = host_of(request.url)
        hold_s = self._timeout() + HOLD_MARGIN_S
        stage = run.boundary.stage
        with stage("turn", request.url):
            await run.turns.take(host, hold_s=hold_s)
        heard = NOTHING
        try:
            with stage("download", request.url, declared=(Exception,)), run.boundary.waits(hold_s):
                response = await super().download_request(through_origin(request, run.origin))
            with stage("turn", request.url):
                heard = heard_in(
                    response,
                    utc_now(),
                    run.turns.crawl_delays.get(host, 0.0),
                    about_the_host=bool(request.meta.get("about_the_host")),
                )
        finally:
            # With what was heard: a refusal is known before anybody's next turn can begin.
            with stage("turn", request.url):
                await asyncio.shield(run.boundary.whole("turn", request.url, run.turns.end(host, heard)))
        return response.replace(url=request.url)

    def _timeout(self) -> float:
        return self.crawler.settings.getfloat("DOWNLOAD_TIMEOUT")


def through_origin(request: Request, origin: str | None) -> Request:
    """The same request sent to the origin; the Host header names the real host.

    >>> through_origin(Request("https://v.daum.net/v/1?a=b"), "http://127.0.0.1:8000").url
    'http://127.0.0.1:8000/v/1?a=b'
    """
    if origin is None:
        return request
    real, stand_in = urlsplit(request.url), urlsplit(origin)
    url = urlunsplit((stand_in.scheme, stand_in.netloc, stand_in.path + real.path, real.query, ""))
    headers = request.headers.copy()
    headers["Host"] = real.netloc
    return request.replace(url=url, headers=headers, dont_filter=True)
