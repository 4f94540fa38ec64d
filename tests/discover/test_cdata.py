"""A feed whose CDATA or comment is never closed gives the items behind it; a whole one is left as it is."""

from __future__ import annotations

import pytest

from crawler.discover.cdata import closed

from .test_hostile_lists import HEAD, TAIL, address, item, named, read

LINK = f"<link>{address(1)}</link>"
NEW = f"<item><title>새 다리</title>{LINK}"
LAST = f"<item><title><![CDATA[셋]]></title><link>{address(3)}</link></item>"
OPEN = {
    "a title": f"<item><title><![CDATA[새 다리</title>{LINK}</item>",
    "a title with a next part in CDATA": (
        f"<item><title><![CDATA[새 다리</title>{LINK}<description><![CDATA[글]]></description></item>"
    ),
    "a link": f"<item><title>새 다리</title><link><![CDATA[{address(1)}</link></item>",
    "a description": f"{NEW}<description><![CDATA[<p>글</p></description></item>",
    "a description without its end": f"{NEW}<description><![CDATA[글</item>",
    "a part with a namespace": f"{NEW}<content:encoded><![CDATA[<p></content:encoded></item>",
    "an item without its end": f"{NEW}<description><![CDATA[글",
    "half an end": f"<item><title><![CDATA[새 다리]></title>{LINK}</item>",
    "a comment": f"{NEW}</item><!-- 광고 - >",
}


@pytest.mark.parametrize("last", ["", LAST], ids=["to the end", "to another's end"])
@pytest.mark.parametrize("shape", OPEN.values(), ids=OPEN.keys())
def test_the_items_behind_it_are_read(shape: str, last: str) -> None:
    listing = read(HEAD + item(0) + shape + item(2) + last + TAIL)
    assert named(listing) == [0, 1, 2, *([3] if last else [])]
    assert listing.recognised
    assert listing.discoveries[1].title_hint is not None
    assert listing.discoveries[1].title_hint.startswith("새 다리")
    assert "CDATA" not in listing.discoveries[1].title_hint


WHOLE = [
    HEAD + item(0) + LAST + TAIL,
    HEAD + "<item><title><![CDATA[가]]]]><![CDATA[>나]]></title></item>" + TAIL,
    HEAD + f"<item><description><![CDATA[<a>나</a></item><item>{LINK}]]></description></item>" + TAIL,
    HEAD + f"<!-- {item(9)} <![CDATA[ -->{item(1)}" + TAIL,
    HEAD + "<item><title><![CDATA[<!-- 가]]></title></item>" + TAIL,
    HEAD + "<item><title><![CDATA[가",
    "",
]


@pytest.mark.parametrize("text", WHOLE)
def test_a_feed_that_closes_what_it_opens_is_left(text: str) -> None:
    assert closed(text) == text
