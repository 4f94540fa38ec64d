from __future__ import annotations

import json
import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.discover.channel import cursor_before, instant_of, parse_channel
from storage.records.discovery import Listing
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


DAY = date(2026, 5, 17)
EVENING = datetime(2026, 5, 17, 12, 0, tzinfo=UTC)


def made(*hours_back: float, **beside: object) -> dict[str, object]:
    """An answer of items so many hours before that evening."""
    return beside | {
        "items": [
            {
                "title": f"제목 {number}",
                "pcLink": f"https://v.daum.net/v/202605170000{number:05d}",
                "createDt": int((EVENING - timedelta(hours=back)).timestamp() * 1000),
            }
            for number, back in enumerate(hours_back)
        ]
    }


def of_day(answer: dict[str, object]) -> Listing:
    body = json.dumps(answer).encode()
    return parse_channel(body, BASE, SEEN, address=address, day=DAY)


def test_the_graphql_form_is_read_and_its_cursor_followed() -> None:
    answer = made(1, 2, hasNext=True, searchId="ab12")
    for item in answer["items"]:  # type: ignore[attr-defined]
        item["meta"] = {"createDt": item.pop("createDt"), "pv": 3}
    listing = read({"data": {"media_home_tab_news_all_8": answer}})
    assert [found.time_hint for found in listing.discoveries] == [
        EVENING - timedelta(hours=n) for n in (1, 2)
    ]
    assert listing.next_url == BASE + "&searchId=ab12"
    odd = json.dumps(made(1, 2, hasNext=True, searchId="\ud800 ")).encode()
    assert parse_channel(odd, BASE, SEEN, address=address).next_url == BASE + "&searchId=%ED%A0%80+"


@pytest.mark.parametrize(
    "beside",
    [{}, {"hasNext": False, "searchId": "ab12"}, {"hasNext": True}, {"searchId": 7}, {"searchId": ""}],
)
def test_without_a_cursor_there_is_no_next_page(beside: dict[str, object]) -> None:
    assert read(made(1, **beside)).next_url is None


def test_a_cursor_that_stands_still_is_not_followed() -> None:
    body = json.dumps(made(1, hasNext=True, searchId="ab12")).encode()
    assert parse_channel(body, BASE + "&searchId=ab12", SEEN, address=address).next_url is None


def test_the_list_of_a_day_ends_with_the_day() -> None:
    assert len(of_day(made(1, 5, 20, 22, hasNext=True, searchId="ab")).discoveries) == 3
    assert of_day(made(1, 5, 20, 22, hasNext=True, searchId="ab")).next_url is None
    assert of_day(made(1, 5, hasNext=True, searchId="ab")).next_url is not None
    before = of_day(made(40, hasNext=True, searchId="ab"))
    assert (before.recognised, before.discoveries, before.next_url) == (True, (), None)


def test_an_older_story_that_is_kept_on_top_ends_no_day() -> None:
    listing = of_day(made(40, 1, 60, 5, hasNext=True, searchId="ab"))
    assert [one.url[-1] for one in listing.discoveries] == ["1", "3"]
    assert listing.next_url is not None


def test_a_time_that_is_written_as_a_text_is_read() -> None:
    answer = made(1, 30, hasNext=True, searchId="ab")
    for item in answer["items"]:  # type: ignore[attr-defined]
        item["createDt"] = str(item["createDt"])
    assert [one.time_hint for one in of_day(answer).discoveries] == [EVENING - timedelta(hours=1)]


@pytest.mark.parametrize(
    "answer", [made(-30, 1), {"items": [{"pcLink": "https://v.daum.net/v/20260517081238175"}]}]
)
def test_an_answer_that_does_not_go_by_the_cursor_is_told(answer: dict[str, object]) -> None:
    listing = of_day(answer)
    assert (listing.recognised, listing.discoveries) == (False, ())
    assert "2026-05-17" in str(listing.reason)


def test_cursors() -> None:
    assert instant_of(cursor_before(EVENING)) == EVENING
    assert [instant_of(text) for text in ("", "zz", "31", "5e7c", "ff" * 9)] == [None] * 5
    assert instant_of(f"{'9' * 5000}^|,#-@A".encode().hex()) is None


@pytest.mark.parametrize(
    "printed",
    [
        "callback({});",
        ")]}}',\n{}",
        "{}\n<!-- served in 3 ms -->",
        "<br />\n<b>Notice</b>: x.php on line 3<br />\n{}",
        "\ufeff {}",
    ],
)
def test_what_a_server_prints_around_its_answer_costs_nothing(printed: str) -> None:
    body = printed.format(json.dumps(made(1, 2), ensure_ascii=False)).encode()
    assert len(parse_channel(body, BASE, SEEN, address=address).discoveries) == 2


def test_a_line_break_inside_a_title_is_read() -> None:
    body = json.dumps(made(1), ensure_ascii=False).replace('"title": "', '"title": "첫 줄\n').encode()
    assert len(parse_channel(body, BASE, SEEN, address=address).discoveries) == 1


@pytest.mark.parametrize("end", [1, 5, 40])
def test_an_answer_that_breaks_off_is_no_list(end: int) -> None:
    body = json.dumps(made(1, 2)).encode()[:-end]
    assert parse_channel(body, BASE, SEEN, address=address).reason == "The answer is not JSON."
