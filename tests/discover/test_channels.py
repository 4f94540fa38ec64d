from __future__ import annotations

from datetime import UTC, datetime

import pytest

from crawler.discover.channels import parse_channels
from storage.records.discovery import Channel

SEEN = datetime(2026, 11, 20, tzinfo=UTC)
URL = "https://news.daum.net/cplist"


def page(*links: str) -> bytes:
    named = "".join(f"<div>{link}</div>" for link in links)
    return f"<html><body><dl><dd>{named}</dd></dl></body></html>".encode()


MANY = tuple(
    f'<a href="https://v.daum.net/channel/{number}/home"> 신문\n{number} </a>' for number in range(1, 31)
)


def test_every_publisher_once_whatever_else_is_linked() -> None:
    others = (
        '<a href="https://search.daum.net/search?nil=1">지역 신문</a>',
        '<a href="/channel/31/list">아침 신문</a>',
        '<a href="https://v.daum.net/channel/1/contents">첫 신문의 다른 이름</a>',
        '<a href="https://v.daum.net/channel/32/home"><img src="x.png"></a>',
        "<a>이름만</a>",
    )
    listing = parse_channels(page(*MANY, *others), URL, SEEN)
    assert listing.recognised
    assert len(listing.channels) == 31
    assert listing.channels[0] == Channel(number=1, name="신문 1")
    assert listing.channels[-1] == Channel(number=31, name="아침 신문")
    assert listing.discoveries == ()


@pytest.mark.parametrize("body", [b"", b"<html></html>", page(*MANY[:5]), b'{"items": []}'])
def test_what_is_no_list_of_publishers_is_told(body: bytes) -> None:
    listing = parse_channels(body, URL, SEEN)
    assert (listing.recognised, listing.channels) == (False, ())
    assert listing.reason
