"""Patterns that are asked of texts of any length look at each letter a few times, not once for each other."""

from __future__ import annotations

import time
from collections.abc import Callable

import pytest

from crawler.charset import decode
from crawler.discover.feed import machine_time
from crawler.discover.items import next_page
from crawler.discover.links import tidied
from crawler.extract.blocks import clean
from crawler.extract.follow import SENTENCE
from crawler.extract.markup import escape_strays
from crawler.extract.stamps import STAMP
from crawler.fetch.waits import date_in
from crawler.marks import ordered
from crawler.normalise.rights import without_buttons
from crawler.normalise.tail import split_tail
from crawler.normalise.url import canonical_url
from storage.frontier.hints import Said, differs
from storage.records.discovery import Discovery

LENGTH = 40_000
"""Characters: 16 million steps or more of what is quadratic, which take seconds on any machine."""


def _titles(text: str) -> None:
    differs(Said(title="가"), Discovery(url="https://a.kr/1", position=1, title_hint=text))


def _times(text: str) -> None:
    differs(Said(time_raw="2026.11.20"), Discovery(url="https://a.kr/1", position=1, time_raw=text))


LOOKS: list[tuple[str, Callable[[], object]]] = [
    ("sentence", lambda: SENTENCE.search("a" * LENGTH)),
    ("sentence of no end", lambda: SENTENCE.search("가다" * LENGTH)),
    ("title of dots", lambda: _titles("." * LENGTH)),
    ("time of digits", lambda: _times("1" * LENGTH)),
    ("charset", lambda: decode(b"a", "text/html; charset" + " " * LENGTH + "=" + " " * LENGTH)),
    ("tag", lambda: escape_strays("<x>" + "<M" + "a" * LENGTH)),
    ("link of a feed", lambda: next_page(f"<link {'a' * LENGTH}>")),
    ("marks", lambda: ordered(chr(0x301) * LENGTH + chr(0x323) * LENGTH)),
    ("day and blanks", lambda: STAMP.search(clean(f"2023.11.01{chr(0x3000) * LENGTH}가"))),
    ("buttons", lambda: without_buttons(" 저작권정책\n바로가기" * 30 + "가")),
    ("link with blanks", lambda: tidied(f"http:/a{chr(0x2003) * LENGTH}x")),
    ("time with blanks", lambda: machine_time(f"1{chr(0xA0) * LENGTH}x")),
    ("time to wait", lambda: date_in("aaa " * LENGTH)),
    ("host of marks", lambda: canonical_url(f"https://a{(chr(0x301) + chr(0x323)) * LENGTH}.kr/")),
    ("lines of a tail", lambda: split_tail(["제목", "홍길동 기자"] * (LENGTH // 8), None)),
]


@pytest.mark.parametrize("look", [one[1] for one in LOOKS], ids=[one[0] for one in LOOKS])
def test_a_long_text_is_looked_through_once(look: Callable[[], object]) -> None:
    started = time.process_time()
    look()
    assert time.process_time() - started < 4  # what is linear takes 0.4 s at most


@pytest.mark.parametrize(
    ("text", "ends"),
    [
        ("시는 내년 봄까지 공사를 마친다.", True),
        ("짧은 말이다.", False),
        ("시는 내년 봄까지 공사를 마친다. 그리고", False),
        ("시는 내년 봄까지 공사를\n마친다.", False),
        ("“The mayor said on Monday that it would be ready.”", True),
        ("가나 The mayor said so.", False),
        ("one\nThe mayor said on Monday that it would be ready!", True),
        ("시는 내년 봄까지 공사를 마친다.”)", True),
    ],
)
def test_a_line_ends_like_a_sentence(text: str, ends: bool) -> None:
    assert (SENTENCE.search(text) is not None) is ends


def test_marks_keep_their_meaning() -> None:
    marks = (chr(0x323) + chr(0x301)) * 40
    assert sorted(ordered(f"e{marks}")) == sorted(f"e{marks}")
    assert ordered(f"e{marks}").startswith("e" + chr(0x323) * 40)
    assert ordered("é가" + chr(0x301)) == "é가" + chr(0x301)
