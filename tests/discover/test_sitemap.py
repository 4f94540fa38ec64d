"""Sitemaps as servers send them: what is an article's is named, and what is no sitemap says so."""

from __future__ import annotations

import gzip
from datetime import UTC, date, datetime

import pytest

from crawler.discover.cut import broken_off
from crawler.discover.sitemap import parse_sitemap
from crawler.packing import MAX_UNPACKED
from crawler.sources.fnnews import SOURCE
from storage.records.discovery import Listing

from .test_hostile_lists import HEAD, SEEN, TAIL, address, item, named

AT = "https://www.fnnews.com/sitemap.xml"
SET = (
    '<?xml version="1.0" encoding="UTF-8"?>\n<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" '
    'xmlns:news="http://www.google.com/schemas/sitemap-news/0.9" '
    'xmlns:image="http://www.google.com/schemas/sitemap-image/1.1">'
)
END = "</urlset>"
NEWS = (
    "<news:news><news:publication><news:name>파이낸셜뉴스</news:name><news:language>ko</news:language>"
    "</news:publication><news:publication_date>2026-11-20T09:00:00+09:00</news:publication_date>"
    "<news:title>새 다리 &amp; 옛 다리</news:title></news:news>"
)


def read(text: str | bytes, since: date | None = None) -> Listing:
    body = text.encode() if isinstance(text, str) else text
    return parse_sitemap(body, AT, SEEN, address=SOURCE.address, since=since)


def test_one_of_the_size_that_the_protocol_allows_is_unpacked() -> None:
    whole = (SET + url(1) + " " * MAX_UNPACKED + END).encode()
    assert named(read(gzip.compress(whole, 1))) == [1]
    assert "packed and damaged" in (read(gzip.compress(whole, 1)[:-9]).reason or "")


def url(number: int, more: str = "") -> str:
    return f"<url><loc>{address(number)}</loc>{more}</url>"


def test_a_news_sitemap_gives_addresses_and_hints() -> None:
    changed = "<lastmod>2026-11-20T10:00:00Z</lastmod>"
    picture = (
        f"<image:image><image:loc>{address(9)}</image:loc><image:title>다리 사진</image:title></image:image>"
    )
    listing = read(SET + url(1, picture + NEWS + changed) + url(2) + END)
    first, second = listing.discoveries
    assert (first.url, first.title_hint, first.publisher_hint) == (
        address(1),
        "새 다리 & 옛 다리",
        "파이낸셜뉴스",
    )
    assert first.time_hint == datetime(2026, 11, 20, tzinfo=UTC)
    assert first.updated_hint == datetime(2026, 11, 20, 10, tzinfo=UTC)
    assert (second.url, second.title_hint, second.time_hint, second.position) == (address(2), None, None, 2)
    assert (listing.recognised, listing.rejected, listing.note) == (True, 0, None)


BARE = f"<urlset>{url(1)}{url(2)}</urlset>"
TWO = {
    "no namespace": BARE,
    "a prefix of its own": BARE.replace("<", "<sm:").replace("<sm:/", "</sm:"),
    "capitals": BARE.replace("urlset", "URLSET").replace("<url>", "<URL>").replace("</url>", "</URL>"),
    "behind a warning": f"<br />\n<b>Warning</b>: mysqli {BARE}",
    "a prefix that nobody declared": f"<urlset>{url(1, NEWS)}{url(2, '<xhtml:link href=')}</urlset>",
    "sections of characters": BARE.replace("<loc>", "<loc><![CDATA[").replace("</loc>", "]]></loc>"),
    "a bare ampersand": BARE.replace("</loc>", "?utm_source=a&utm_medium=b</loc>"),
    "lines around the address": BARE.replace("<loc>", "<loc>\n   ").replace("</loc>", "\n </loc>"),
    "the picture's address first": f"<urlset><url><image:image><image:loc>{address(8)}</image:loc>"
    f"</image:image><loc>{address(1)}</loc></url>{url(2)}</urlset>",
    "relative": BARE.replace("https://www.fnnews.com", ""),
    "named twice": BARE.replace("</urlset>", f"{url(1)}</urlset>"),
    "another one put out": BARE.replace("<urlset>", f"<urlset><!-- {url(7)} -->"),
    "entities of its own": f'<!DOCTYPE urlset [<!ENTITY a "b">]>{BARE.replace("</loc>", "&a;</loc>")}',
    "a text": f"\ufeff{address(1)}\r\n\r\n{address(2)}\r\n",
    "a feed": HEAD + item(1) + item(2) + TAIL,
}


@pytest.mark.parametrize("text", TWO.values(), ids=TWO)
@pytest.mark.parametrize("coding", ["utf-8", "utf-16"])
def test_as_sites_write_them(text: str, coding: str) -> None:
    assert named(read(text.encode(coding))) == [1, 2]


def test_what_it_is_packed_and_written_in_is_no_matter() -> None:
    korean = SET.replace("UTF-8", "euc-kr") + url(1, NEWS) + END
    for body in (korean.encode("cp949"), gzip.compress(korean.encode("cp949"))):
        assert [found.title_hint for found in read(body).discoveries] == ["새 다리 & 옛 다리"]


@pytest.mark.parametrize(
    "printed", ["2026-11-20", "2026-11-20T09:00:00", "0000-00-00", "어제", "2026-13-45T99:00Z"]
)
def test_a_time_without_its_zone_is_kept_as_printed_alone(printed: str) -> None:
    (found,) = read(f"<urlset>{url(1, f'<lastmod>{printed}</lastmod>')}</urlset>").discoveries
    assert (found.updated_hint, found.updated_raw) == (None, printed)


NONE = {
    "a page": ("<!DOCTYPE html><html><body>찾을 수 없습니다</body></html>", "no sitemap"),
    "nothing": ("", "no sitemap"),
    "JSON": ('{"items": []}', "no sitemap"),
    "sections alone": (f"<urlset><url><loc>https://www.fnnews.com/section/1</loc></url>{END}", "None of the"),
    "another site's": ("https://elsewhere.example/1\n", "None of the"),
    "an index of nothing": ("<sitemapindex></sitemapindex>", "names none"),
    "a broken address": (
        "<sitemapindex><sitemap><loc>http://[::1</loc></sitemap></sitemapindex>",
        "names none",
    ),
}


@pytest.mark.parametrize(("text", "why"), NONE.values(), ids=NONE)
def test_what_names_no_article_says_so(text: str, why: str) -> None:
    listing = read(text)
    assert (listing.recognised, listing.discoveries, listing.further) == (False, (), ())
    assert why in (listing.reason or "")


def test_an_empty_one_is_read() -> None:
    assert (read(SET + END).recognised, read(SET + END).discoveries) == (True, ())


def test_one_that_breaks_off_names_what_it_has_and_says_so() -> None:
    whole = SET + url(1) + url(2) + END
    cut = whole[: -len(END) - 8].encode()
    assert named(read(cut)) == [1, 2]
    assert "urlset" in (broken_off(cut) or "")
    assert broken_off(whole.encode()) is None
    lost = read(SET + url(1) + "<url><loc>" + END)
    assert named(lost) == [1]


# --- an index -------------------------------------------------------------------------------------


def index(*sitemaps: tuple[str, str | None]) -> str:
    said = "".join(
        f"<sitemap><loc>{at}</loc>{f'<lastmod>{day}</lastmod>' if day else ''}</sitemap>"
        for at, day in sitemaps
    )
    return f'<sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{said}</sitemapindex>'


INDEX = index(
    ("/old.xml", "2026-10-01"),
    ("/undated.xml", None),
    ("https://www.fnnews.com/new.xml.gz?a=1&amp;b=2", "2026-11-20T10:00:00+09:00"),
    ("/late.xml", "2026-11-20"),
    ("/new.xml", "9999-12-31"),
    ("/old.xml", "2026-11-25"),
)


def test_an_index_names_the_newest_first() -> None:
    listing = read(INDEX)
    paths = [at.removeprefix("https://www.fnnews.com") for at in listing.further]
    assert (listing.recognised, listing.discoveries) == (True, ())
    assert paths == ["/late.xml", "/new.xml.gz?a=1&b=2", "/old.xml", "/undated.xml", "/new.xml"]


@pytest.mark.parametrize(
    ("since", "left"),
    [(date(2026, 10, 1), 5), (date(2026, 10, 3), 4), (date(2026, 11, 21), 4), (date(2026, 12, 1), 2)],
)
def test_of_an_index_what_is_older_is_left_out(since: date, left: int) -> None:
    assert len(read(INDEX, since).further) == left
