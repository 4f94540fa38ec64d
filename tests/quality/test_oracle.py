"""The oracle: lines as printed, by a recipe, and nothing of the extractor in it."""

from __future__ import annotations

import sys
from subprocess import run

import pytest

from crawler.quality.oracle import Recipe, all_lines, body_lines, likely_encoding, printed_lines

PAGE = """<html><head><title>제목</title></head><body><h1>제목</h1>
<section><p>빈 껍데기</p></section>
<section><p>강가에 <b>새</b>\u200b&nbsp;다리가
놓였다.</p><figure><figcaption>다리 사진</figcaption></figure><div>첫 줄<br>둘째 줄</div>꼬리
<script>var x;</script><p> </p><p>한나루 기자</p></section></body></html>"""
LINES = ["강가에 새 다리가 놓였다.", "다리 사진", "첫 줄", "둘째 줄", "꼬리", "한나루 기자"]


def test_lines_are_what_blocks_and_breaks_make_of_the_last_container() -> None:
    assert all_lines(PAGE.encode(), Recipe(css="section")) == LINES


def test_a_recipe_drops_elements_and_cuts_lines() -> None:
    recipe = Recipe(css="section", drop=("figure",), cut=(4,))
    assert body_lines(PAGE.encode(), recipe) == ["강가에 새 다리가 놓였다.", "첫 줄", "둘째 줄", "꼬리"]


def test_every_line_of_a_page_is_printed() -> None:
    assert printed_lines(PAGE.encode(), "utf-8") == ["제목", "빈 껍데기", *LINES]
    assert printed_lines(b" \n", "utf-8") == []


def test_the_encoding_is_that_of_the_bytes() -> None:
    assert likely_encoding("한글".encode("cp949")) == "cp949"
    assert likely_encoding("한글".encode()) == "utf-8"
    assert (
        all_lines(PAGE.replace("\u200b", "").encode("cp949"), Recipe(css="section", encoding="cp949"))
        == LINES
    )


def test_a_body_in_a_script() -> None:
    html = r"\u003cp\u003e\"one\"\u003c/p\u003e\u003cp\u003etwo\u003c/p\u003e"
    page = f'<script>self.push({{"contentHtml":"{html}"}})</script>'.encode()
    assert all_lines(page, Recipe(css="body", script_key="contentHtml")) == ['"one"', "two"]
    with pytest.raises(ValueError, match="no script of the page has the key"):
        all_lines(page, Recipe(css="body", script_key="body"))


def test_a_recipe_that_finds_nothing_says_so() -> None:
    with pytest.raises(ValueError, match=r"'\.nothing' finds nothing"):
        all_lines(PAGE.encode(), Recipe(css=".nothing"))


def test_the_oracle_shares_no_code_with_the_extractor() -> None:
    code = "import sys, crawler.quality.oracle; print([m for m in sys.modules if m.startswith('crawler.')])"
    done = run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "['crawler.quality', 'crawler.quality.oracle']"
