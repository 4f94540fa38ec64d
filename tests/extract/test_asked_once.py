"""The library reads a page of a source once: its class has read it, whatever its fields leave unsaid."""

from __future__ import annotations

import sys
from types import FrameType

import pytest

from crawler.sources import all_sources
from storage.records.extraction import Extraction

from .pages import SENTENCE, extraction

URL = "https://www.fnnews.com/news/202611200900001234"


def readings(html: str) -> tuple[Extraction, int]:
    """What is read, and how often the library was asked for it: seen by the interpreter, whoever asks."""
    asked = 0

    def look(frame: FrameType, event: str, _what: object) -> None:
        nonlocal asked
        asked += event == "call" and frame.f_code.co_name == "bare_extraction"

    sys.setprofile(look)
    try:
        found = extraction(html, all_sources()["fnnews"], URL)
    finally:
        sys.setprofile(None)
    return found, asked


@pytest.mark.parametrize("box", ["", "<div class='a_writerpage'>seoyun@hanbit.example</div>"])
def test_a_page_without_a_byline_is_read_once(box: str) -> None:
    body = "".join(f"<p>{SENTENCE}</p>" for _ in range(9))
    html = (
        "<html><body><article class='article-view'><h1 class='article-view__title'>물길을 다시 잇다</h1>"
        f"<div class='date'>입력 2026.11.20 09:00</div><div class='article-view__body'>{body}</div></article>"
        f"{box}</body></html>"
    )
    found, asked = readings(html)
    assert found.extractor.startswith("fnnews/")
    assert found.author_hints == ()
    assert asked == 1
