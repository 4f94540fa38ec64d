"""JSON Feed is read as RSS is; JSON that is none, or broken, says so."""

from __future__ import annotations

import gzip
import json
from datetime import UTC, datetime

import pytest

from crawler.discover.cut import broken_off
from crawler.discover.feed import parse_feed
from crawler.sources.fnnews import SOURCE
from storage.records.discovery import Listing

from .test_hostile_lists import FEED, SEEN, address, named, read

VERSION = "https://jsonfeed.org/version/1.1"
ITEM: dict[str, object] = {
    "id": "1",
    "url": address(1),
    "title": "새 다리 <기생충>",
    "content_html": "<html><p>글<item>",
    "date_published": "2026-11-20T09:00:00+09:00",
    "date_modified": "2026-11-20T10:00:00+09:00",
    "authors": [{"name": "나정우"}, {"name": "하나리"}],
    "tags": ["사회", "도시"],
}


def feed(*items: object, **fields: object) -> Listing:
    return read(json.dumps({"version": VERSION, "title": "전체", "items": items} | fields))


def test_an_item_gives_its_address_and_hints() -> None:
    (found,) = feed(ITEM).discoveries
    assert (found.url, found.title_hint) == (address(1), "새 다리 <기생충>")
    assert found.time_hint == datetime(2026, 11, 20, tzinfo=UTC)
    assert found.updated_hint == datetime(2026, 11, 20, 1, tzinfo=UTC)
    assert (found.section_hint, found.author_hint) == ("사회", "나정우, 하나리")


@pytest.mark.parametrize(
    "item",
    [
        {"id": address(1)},
        {"id": 7, "url": address(1), "title": None, "tags": "사회", "authors": {"name": "가"}},
        {"id": "7", "url": "https://elsewhere.example/", "external_url": address(1)},
        {"url": address(1) + "?utm_source=feed", "date_published": 20261120},
        {"url": address(1), "author": {"name": "나정우"}, "date_published": "어제"},
        ITEM | {"content_html": "<rss><channel></channel>"},
    ],
)
def test_items_as_sites_write_them(item: object) -> None:
    assert named(feed(item)) == [1]
    assert named(read("\ufeff\n" + json.dumps({"version": VERSION, "items": [item]}))) == [1]


@pytest.mark.parametrize("around", ["callback({});", "/**/ jQuery1_2({})", "var feed = {};"])
def test_a_feed_that_a_function_is_given(around: str) -> None:
    text = json.dumps({"version": VERSION, "items": [ITEM], "next_url": address(1) + "?page=2"})
    assert named(read(around.replace("{}", text.replace("/", "\\/")))) == [1]
    assert not read(around.replace("{}", text[:-20])).recognised


def test_one_that_is_packed_without_saying_so_is_unpacked() -> None:
    packed = gzip.compress(json.dumps({"version": VERSION, "items": [ITEM]}).encode())
    assert named(parse_feed(packed, FEED, SEEN, address=SOURCE.address)) == [1]


@pytest.mark.parametrize(
    ("said", "follows"),
    [
        (f"{FEED}?page=2", f"{FEED}?page=2"),
        ("?page=2", f"{FEED}?page=2"),
        (FEED, None),
        (f"{FEED}#top", None),
        ("http://[", None),
        ("javascript:more()", None),
        (None, None),
        ({"href": "/2"}, None),
    ],
)
def test_the_page_that_follows_is_read(said: object, follows: str | None) -> None:
    assert feed(ITEM, next_url=said).next_url == follows


def test_letters_that_no_database_keeps_cost_no_item() -> None:
    found = read(
        json.dumps({"version": VERSION, "items": [ITEM | {"title": "가\ud800\0나", "url": address(1)}]})
    )
    assert named(found) == [1]
    assert (found.discoveries[0].title_hint or "").encode()


def test_the_feeds_author_stands_in() -> None:
    assert feed({"url": address(1)}, authors=[{"name": "편집부"}]).discoveries[0].author_hint == "편집부"


def test_what_cannot_be_read_is_told() -> None:
    listing = feed(ITEM, "가", None)
    assert (named(listing), listing.note) == ([1], "2 of its 3 items could not be read")
    assert feed().recognised
    assert not feed({"url": "https://elsewhere.example/"}).recognised


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ('{"list": []}', "without a version"),
        ('{"version": "2.0", "items": []}', "without a version"),
        (json.dumps({"version": VERSION}), "no list of items"),
        (json.dumps({"version": VERSION, "items": {"a": 1}}), "no list of items"),
        (json.dumps({"version": VERSION, "items": [ITEM]})[:-9], "broken JSON"),
        ("{" + '"a":[' * 100_000, "broken JSON"),
        ("{", "broken JSON"),
    ],
)
def test_other_json_is_no_feed(text: str, reason: str) -> None:
    listing = read(text)
    assert not listing.recognised
    assert reason in (listing.reason or "")


def test_html_within_json_does_not_break_off() -> None:
    assert broken_off(json.dumps({"items": ["<html><body>"]}).encode()) is None
