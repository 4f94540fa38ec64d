"""Papers: the twin's stories under six names, at two hosts, with every request noted as the site sees it.

Each paper's list moves on by ``STEP`` stories with every reading. Lists lie at the paper's own host, pages at
a host that three papers share: so two machines that crawl two papers meet at one host.
"""

from __future__ import annotations

import re
import threading
import time
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import pairwise
from pathlib import Path

from twin import Twin

NAMES = tuple(f"paper{number}" for number in range(1, 7))
STEP, SHOWN = 2, 10
"""Stories that are new in a list, and that it shows: a list that a killed crawl had read and not kept is read
again by the next, as real lists are, which show 30 to 372."""
_PAGE = re.compile(r"/(paper\d)/news/(\d{18})")

SOURCE = """
import re
from functools import partial
from urllib.parse import urlsplit

from crawler.discover.feed import parse_feed
from crawler.normalise.url import canonical_url
from crawler.sources.base import Address, Expectation, Seed, Source
from crawler.sources.fnnews_pages import PAGES

HOME, HOST = "https://www.NAME.example/", "SHARED"
_ARTICLE = re.compile(r"/NAME/news/([0-9]{18})")


def address(url):
    parts = urlsplit(canonical_url(url) or "")
    match = _ARTICLE.fullmatch(parts.path) if parts.hostname == HOST else None
    return Address(url=f"https://{HOST}{match[0]}", site_id=match[1]) if match else None


def seeds(window):
    url = HOME + "feed.xml"
    return (Seed(url=url, kind="feed", parse=partial(parse_feed, address=address)),)


SOURCE = Source(
    name="NAME", title="NAME", homepage=HOME, hosts=frozenset({HOST}),
    fetch_hosts=frozenset({HOST, "www.NAME.example"}), address=address, seeds=seeds, pages=PAGES,
    expectation=Expectation(min_listed=1, min_articles_share=0.1, max_quarantined_share=0.5),
    publisher="NAME",
)
"""


def shared_host(name: str) -> str:
    """Where a paper's pages lie: papers 1 to 3 at one host, 4 to 6 at another."""
    return "read.one.example" if NAMES.index(name) < 3 else "read.two.example"


def write_sources(folder: Path, names: tuple[str, ...] = NAMES) -> Path:
    """A folder of an operator's own sources, one for each paper."""
    folder.mkdir(parents=True, exist_ok=True)
    for name in names:
        text = SOURCE.replace("NAME", name).replace("SHARED", shared_host(name))
        (folder / f"{name}.py").write_text(text, encoding="utf-8")
    return folder


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """One request as the site saw it; instants are ``time.monotonic()``."""

    host: str
    path: str
    began: float
    ended: float


class Papers:
    """A server that plays the papers, at every address of this machine."""

    def __init__(self) -> None:
        self._twin = Twin(articles=2400)
        feed = self._twin.world.answer("www.fnnews.com", "/rss/r20/fn_realnews_all.xml", {}, {})
        self._stories = re.findall(r"/news/(\d{18})", feed.body.decode())[::-1]
        self._read: dict[str, int] = {}
        self.listed: dict[str, set[str]] = {name: set() for name in NAMES}
        self.asked: list[Asked] = []
        self._lock = threading.Lock()
        papers = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                papers.answer(self)

            def log_message(self, format: str, *args: object) -> None:  # noqa: A002 (the base class's name)
                """Quiet."""

        self._server = ThreadingHTTPServer(("0.0.0.0", 0), Handler)
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.05})
        self.port = self._server.server_address[1]

    def __enter__(self) -> Papers:
        self._thread.start()
        return self

    def __exit__(self, *_error: object) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def answer(self, handler: BaseHTTPRequestHandler) -> None:
        """One request: a list, a page, or nothing that there is."""
        host, began = (handler.headers.get("Host") or "").partition(":")[0], time.monotonic()
        kind, body = self._body(host, handler.path)
        try:
            handler.send_response(200 if body else 404)
            handler.send_header("Content-Type", kind)
            handler.send_header("Content-Length", str(len(body)))
            handler.end_headers()
            handler.wfile.write(body)
        except OSError:  # the machine was cut off or killed in mid-answer
            handler.close_connection = True
        with self._lock:
            self.asked.append(Asked(host=host, path=handler.path, began=began, ended=time.monotonic()))

    def _body(self, host: str, path: str) -> tuple[str, bytes]:
        name = host.removeprefix("www.").removesuffix(".example")
        if path == "/feed.xml" and name in NAMES:
            return "application/rss+xml; charset=utf-8", self._feed(name)
        if (page := _PAGE.fullmatch(path)) is not None:
            told = self._twin.world.answer("www.fnnews.com", f"/news/{page[2]}", {}, {}).body.decode()
            own = re.sub(r"https://www\.fnnews\.com/(?=news/)", f"https://{host}/{page[1]}/", told)
            return "text/html; charset=utf-8", own.encode()
        return "text/plain", b""

    def _feed(self, name: str) -> bytes:
        with self._lock:
            at = self._read.get(name, 0)
            self._read[name] = at + STEP
            shown = [self._stories[(at + step) % len(self._stories)] for step in range(SHOWN)]
            urls = [f"https://{shared_host(name)}/{name}/news/{story}" for story in shown]
            self.listed[name].update(urls)
        items = "".join(f"<item><title>{url[-18:]}</title><link>{url}</link></item>" for url in urls)
        return f'<?xml version="1.0"?><rss version="2.0"><channel>{items}</channel></rss>'.encode()

    def gaps(self) -> dict[str, list[float]]:
        """Host -> seconds from each request's begin to the next one's, robots.txt included."""
        with self._lock:
            hosts = {one.host for one in self.asked}
            times = {host: sorted(one.began for one in self.asked if one.host == host) for host in hosts}
        return {host: [b - a for a, b in pairwise(at)] for host, at in times.items()}

    def overlaps(self) -> int:
        """Requests that began at a host while another was being answered there."""
        with self._lock:
            asked = sorted(self.asked, key=lambda one: (one.host, one.began))
        return sum(a.host == b.host and b.began < a.ended - 0.001 for a, b in pairwise(asked))
