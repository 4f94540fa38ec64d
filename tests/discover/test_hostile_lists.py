"""Lists that a server broke, or that somebody made to break us: their cost grows with their length,
and nothing of them is lost in silence."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from crawler.discover.cdata import closed
from crawler.discover.cut import broken_off
from crawler.discover.feed import parse_feed
from crawler.discover.listing import is_time
from crawler.discover.sitemap import parse_sitemap
from crawler.extract.hidden import hiding_selectors
from crawler.sources.fnnews import SOURCE
from storage.records.discovery import Listing

SEEN = datetime(2026, 11, 26, tzinfo=UTC)
FEED = "https://www.fnnews.com/rss/r20/fn_realnews_all.xml"
HEAD = (
    '<?xml version="1.0"?><rss version="2.0" xmlns:media="http://search.yahoo.com/mrss/" '
    'xmlns:georss="http://www.georss.org/georss"><channel><title>전체</title>'
)
TAIL = "</channel></rss>"


def address(number: int) -> str:
    return f"https://www.fnnews.com/news/20261120090000{number:04d}"


def item(number: int) -> str:
    return f"<item><title>첫째 {number}</title><link>{address(number)}</link></item>"


def read(text: str) -> Listing:
    return parse_feed(text.encode(), FEED, SEEN, address=SOURCE.address)


def named(listing: Listing) -> list[int]:
    return [int(found.url[-4:]) for found in listing.discoveries]


# --- what feedparser throws at --------------------------------------------------------------------

THROWS = {
    "a link around the item's end": "<item><link></item></link>",
    "a photographer without a photograph": "<item><media:credit role='x'>나</media:credit></item>",
    "a place that never began": "<item></where></georss:where></item>",
    "a mark that is never closed": "<item><title>a</title><![if x></item>",
    "a channel's search form within an item": "<item><textinput></item></textinput>",
    "a category's end": "<item><category></item></category></item>",
}


@pytest.mark.parametrize("shape", THROWS.values(), ids=THROWS.keys())
@pytest.mark.parametrize("place", [0, 2, 4])
def test_one_item_that_cannot_be_read_costs_that_item_alone(shape: str, place: int) -> None:
    items = [item(number) for number in range(4)]
    listing = read(HEAD + "".join([*items[:place], shape, *items[place:]]) + TAIL)
    assert listing.recognised
    assert named(listing) == [0, 1, 2, 3]
    # It is told as lost, or counted as an item without an article's address.
    assert listing.note is not None or listing.rejected == 1


def test_what_feedparser_throws_at_is_read_by_its_tags() -> None:
    broken = f"<item><title>둘째 &amp; 셋째</title><guid>{address(7)}</guid><link></item></link>"
    listing = read(HEAD + item(1) + broken + item(2) + TAIL)
    assert named(listing) == [1, 7, 2]
    assert [found.title_hint for found in listing.discoveries] == ["첫째 1", "둘째 & 셋째", "첫째 2"]
    assert listing.note is None


def test_a_feed_of_nothing_else_is_not_empty_but_not_understood() -> None:
    listing = read(HEAD + "<item><link></item></link>" * 3 + TAIL)
    assert not listing.recognised
    assert "3 items" in (listing.reason or "")


def test_a_tag_in_a_comment_or_in_cdata_is_no_place_to_cut() -> None:
    said = f"<item><title><![CDATA[태그 <item> 이야기]]></title><link>{address(5)}</link></item>"
    listing = read(HEAD + "<!-- <item> -->" + said + "<item><link></item></link>" + item(6) + TAIL)
    assert named(listing) == [5, 6]
    assert listing.discoveries[0].title_hint == "태그 <item> 이야기"


# --- time -----------------------------------------------------------------------------------------


def cost(work: Callable[[str], object], text: str) -> float:
    """Seconds of this process, whatever else runs on the machine; the least of two."""
    spent = []
    for _ in range(2):
        began = time.process_time()
        work(text)
        spent.append(time.process_time() - began)
    return min(spent)


def as_title(text: str) -> Listing:
    return read(f"{HEAD}<item><title><![CDATA[{text}]]></title><link>{address(1)}</link></item>{TAIL}")


def as_sitemap(text: str) -> Listing:
    return parse_sitemap(f"<urlset>{text}</urlset>".encode(), FEED, SEEN, address=SOURCE.address)


HOSTILE: list[tuple[Callable[[str], object], str]] = [
    (read, "<!DOCTYPE "),
    (read, "<!DOCTYPE["),
    (lambda text: read(HEAD + text), "<!DOCTYPE "),
    (lambda text: read(HEAD + text), "<!--"),
    (lambda text: read(HEAD + text + TAIL), "<item><link></item></link>"),
    (as_title, "<!--"),
    (as_title, "<?"),
    (as_title, "<a "),
    (as_sitemap, "<url><loc>"),
    (as_sitemap, "<url><news>"),
    (as_sitemap, "<url><news:news><news:publication>"),
    (as_sitemap, "<!--"),
    (as_sitemap, "<url/><news><loc>"),
    (is_time, "0"),
    (is_time, "0000 "),
    (lambda text: read(HEAD + text + TAIL), "<item><title><![CDATA[가</title></item>"),
    (lambda text: closed(text), "<a><![CDATA["),
    (lambda text: closed(text), "<![CDATA[</a>"),
    (lambda text: closed(text), "<!--]]><![CDATA["),
    (lambda text: broken_off(text.encode()), "<rss "),
    (lambda text: broken_off(text.encode()), "<html "),
    (lambda text: hiding_selectors(iter([f"hidden{text}"])), "@a "),
    (lambda text: hiding_selectors(iter([f"hidden{text}"])), "@a{b{}"),
    (lambda text: hiding_selectors(iter([f"hidden{text}"])), "a"),
    (lambda text: hiding_selectors(iter([f"hidden{text}"])), "/*"),
    (lambda text: hiding_selectors(iter([f"hidden{text}"])), "{"),
]


@pytest.mark.parametrize(
    ("work", "unit"), HOSTILE, ids=[f"{n} {unit}" for n, (_, unit) in enumerate(HOSTILE)]
)
def test_four_times_as_long_takes_about_four_times_as_long(work: Callable[[str], object], unit: str) -> None:
    """50 KB and 200 KB; what is read twice over for each letter takes sixteen times as long."""
    short, long = (cost(work, unit * (size // len(unit))) for size in (50_000, 200_000))
    assert long < 9 * short + 0.05
