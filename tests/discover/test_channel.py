from __future__ import annotations

import json
import re
from dataclasses import dataclass
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.discover.channel import parse_channel
from storage.records import Listing
from tests.places import SHARED

SEEN = datetime(2026, 9, 27, 1, 0, tzinfo=UTC)
BASE = "https://hades-cerberus.v.daum.net/charon/media_home_news_all/data?cpId=2&size=30"
PAGE = SHARED / "daum_fragments" / "charon_media_home_news_all_sample.json"


@dataclass(frozen=True)
class Found:
    url: str


def address(url: str) -> Found | None:
    match = re.fullmatch(r"https?://v\.daum\.net/v/(\d{17})", url)
    return Found(f"https://v.daum.net/v/{match[1]}") if match else None


def read(answer: object) -> Listing:
    body = answer if isinstance(answer, bytes) else json.dumps(answer, ensure_ascii=False).encode()
    return parse_channel(body, BASE, SEEN, address=address, publisher="가짜통신")


def test_items() -> None:
    listing = read(
        {
            "items": [
                {
                    "createDt": 1778973158466,
                    "title": " 첫째\n기사 ",
                    "pcLink": "https://v.daum.net/v/20260517081238175",
                },
                {"title": "둘째", "mobileLink": "http://v.daum.net/v/20260517081238176", "createDt": "어제"},
                {"title": "밖", "pcLink": "http://127.0.0.1/v/20260517081238177"},
                {"title": 7, "pcLink": 7},
                "junk",
                {"pcLink": "https://v.daum.net/v/20260517081238175"},
            ]
        }
    )
    assert listing.recognised
    assert listing.rejected == 3
    first, second = listing.discoveries
    assert first.url == "https://v.daum.net/v/20260517081238175"
    assert (first.title_hint, first.publisher_hint) == ("첫째 기사", "가짜통신")
    assert first.time_hint == datetime(2026, 5, 16, 23, 12, 38, 466000, tzinfo=UTC)
    assert first.time_raw == "1778973158466"
    assert (second.time_hint, second.time_raw, second.position) == (None, "어제", 2)


@pytest.mark.parametrize("created", [True, None, -1e300, 1e300, 1778973158, float("nan"), [1], {}])
def test_no_invented_time(created: object) -> None:
    listing = read({"items": [{"createDt": created, "pcLink": "https://v.daum.net/v/20260517081238175"}]})
    assert listing.discoveries[0].time_hint is None


@pytest.mark.parametrize(
    "answer",
    [
        b"",
        b"<html></html>",
        b'{"items": [',
        b"[" * 200_000,
        b"[]",
        b"null",
        b"{}",
        {"items": {}},
        {"items": None},
        {"errors": ["x"]},
        {"items": [{"pcLink": "https://evil.example/"}]},
    ],
)
def test_what_is_no_channel_is_told(answer: object) -> None:
    listing = read(answer)
    assert (listing.recognised, listing.discoveries) == (False, ())
    assert listing.reason


def test_an_empty_channel_is_a_channel() -> None:
    assert read({"items": []}).recognised


@given(st.binary(max_size=100))
def test_any_bytes(body: bytes) -> None:
    assert read(body).discoveries == ()


def test_the_sample_of_the_real_endpoint() -> None:
    if not PAGE.exists():
        pytest.skip("the shared pages are not here")
    listing = read(PAGE.read_bytes())
    assert listing.recognised
    assert [found.url for found in listing.discoveries] == ["https://v.daum.net/v/20260517081238175"]


@pytest.mark.parametrize(
    ("printed", "kept"), [("\\ud83d\\ude00", "😀"), ("가\\ud83d", "가�"), ("가\\u0000나", "가 나")]
)
def test_what_no_database_keeps_is_replaced(printed: str, kept: str) -> None:
    item = f'{{"createDt": "{printed}", "title": "{printed}", "pcLink": "https://v.daum.net/v/20261120090000123"}}'
    found = parse_channel(f'{{"items": [{item}]}}'.encode(), BASE, SEEN, address=address).discoveries[0]
    assert (found.title_hint, found.time_raw) == (kept, kept)
