"""A list that breaks off says so; a whole one, however it is written, does not."""

from __future__ import annotations

import pytest

from crawler.discover.cut import broken_off

ITEMS = "<item><title>새 다리</title><link>https://www.fnnews.com/news/1</link></item>" * 5
FEED = f'<?xml version="1.0"?><rss version="2.0"><channel>{ITEMS}</channel></rss>'
PAGE = f"<!doctype html><html lang='ko'><head></head><body>{ITEMS}</body></html>"

BROKEN = {
    "feed": FEED[:200],
    "feed, its last tag": FEED[:-2],
    "channel closed, root not": FEED.removesuffix("</rss>"),
    "Atom": '<feed xmlns="http://www.w3.org/2005/Atom"><entry><title>가</title></entry>',
    "RDF": '<rdf:RDF xmlns="http://purl.org/rss/1.0/"><item rdf:about="x"/>',
    "page": PAGE[:150],
    "behind a DTD": "<!DOCTYPE rss [" + "<!ENTITY a 'b'>" * 100 + "]><rss><channel>" + ITEMS,
}
WHOLE = {
    "feed": FEED,
    "feed in capitals": FEED.replace("rss", "RSS").replace("</RSS>", "</rss >"),
    "page": PAGE,
    "words behind its end": PAGE + "<!-- 0.12 s -->\n",
    "empty root": '<rss version="2.0"/>',
    "no root at all": "<ul><li><a href='/news/1'>가</a></li>",
    "JSON": '{"list": [{"url": "https://www.fnnews.com/news/1"}]}',
    "nothing": "",
}


@pytest.mark.parametrize("what", BROKEN)
def test_it_breaks_off(what: str) -> None:
    for charset in ("utf-8", "utf-16", "cp949"):
        assert "breaks off: it opens <" in (broken_off(BROKEN[what].encode(charset)) or ""), charset


@pytest.mark.parametrize("what", WHOLE)
def test_it_is_whole(what: str) -> None:
    for charset in ("utf-8", "utf-16", "cp949"):
        assert broken_off(WHOLE[what].encode(charset)) is None
