"""한빛저널, an invented outlet: what one writes to add a source, a file beside a folder of pages."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import partial
from typing import ClassVar
from urllib.parse import urlsplit

from crawler.discover.listing import ListMarkup, parse_listing
from crawler.extract.document import Document
from crawler.extract.page import Page
from crawler.normalise.url import canonical_url
from crawler.sources.base import Address, Expectation, Seed, Source, Window

HOSTS = frozenset({"www.hanbit-journal.example"})
_ARTICLE = re.compile(r"/read/(\d{6,})")


class Hanbit2026(Page):
    """Says nothing of notices, sections or times: the generic reading stands there."""

    name: ClassVar[str] = "hanbit/2026"
    title_css: ClassVar[tuple[str, ...]] = ("h1.story-title",)
    container_css: ClassVar[tuple[str, ...]] = ("div.story-text",)

    @classmethod
    def score(cls, document: Document) -> int:
        return 2 if document.first("div.story-text") is not None else 0


def address(url: str) -> Address | None:
    canonical = canonical_url(url)
    parts = urlsplit(canonical or "")
    match = _ARTICLE.fullmatch(parts.path) if parts.hostname in HOSTS else None
    return Address(url=f"https://www.hanbit-journal.example{match[0]}", site_id=match[1]) if match else None


def seeds(window: Window | None) -> Iterable[Seed]:
    home = "https://www.hanbit-journal.example/"
    parse = partial(parse_listing, address=address, markup=ListMarkup(), seed_url=home)
    return (Seed(url=home, kind="listing", parse=parse),)


SOURCE = Source(
    name="hanbit",
    title="한빛저널",
    homepage="https://www.hanbit-journal.example/",
    hosts=HOSTS,
    fetch_hosts=HOSTS,
    address=address,
    seeds=seeds,
    pages=(Hanbit2026,),
    expectation=Expectation(
        min_listed=1, min_articles_share=0.5, max_quarantined_share=0.2, min_fill={"title": 0.9}
    ),
    publisher="한빛저널",
)
