"""Too much markup is refused before it is parsed; no page that is one is."""

from __future__ import annotations

import time

import pytest

from crawler.extract import extract_page
from crawler.extract.caps import MAX_ATTRIBUTES, MAX_TAGS, too_much
from storage.records import PageKind

from .pages import SENTENCE, page


def named(count: int, value: str) -> str:
    return " ".join(f"a{number}{value}" for number in range(count))


@pytest.mark.parametrize("value", ["", "=1", "='1'", '="a b"', ' = "x"'])
@pytest.mark.parametrize("encoding", ["utf-8", "cp949", "utf-16"])
def test_an_element_with_too_many_attributes_is_not_parsed(value: str, encoding: str) -> None:
    html = f"<html><body><p {named(20_000, value)}>{SENTENCE}</p></body></html>"
    began = time.process_time()
    found = extract_page(page(html.encode(encoding)), None)
    assert (found.kind, found.reason) == (
        PageKind.QUARANTINED,
        f"An element of the page has 20000 attributes; more than {MAX_ATTRIBUTES} are not parsed.",
    )
    assert time.process_time() - began < 5


@pytest.mark.parametrize(
    "tag", ["<b>", "<p>x", "<meta name=a content=b>", "<!-- x -->", "<br/>", "<script></script>"]
)
def test_too_many_tags_are_not_parsed(tag: str) -> None:
    assert (
        too_much(tag * (MAX_TAGS + 1))
        == f"The page has {MAX_TAGS + 1} tags; more than {MAX_TAGS} are not parsed."
    )
    assert too_much(tag * MAX_TAGS) is None


@pytest.mark.parametrize(
    "harmless",
    [
        "<img src='data:image/png;base64," + "QUJD" * 500_000 + "'>",
        "<p style='" + "a: b; " * 5_000 + "'>",
        "<script>var s = '" + "a < b <c d " * 60_000 + "';</script>",
        "<!-- " + named(5_000, "=1") + " -->",
        "<style>" + "a b c d {x: y} " * 5_000 + "</style>",
        "1 < 2, 3 <4 " * 50_000,
        f"<p {named(MAX_ATTRIBUTES, '=1')}>",
        "낱말 " * 500_000,
        "<img src='a.png''/>" + "<p class=x>낱말 둘</p>" * 2_000,
        '<ul role=”menu"><li class="a">' + "<a href='/1'>낱말 둘 셋</a>" * 2_000,
    ],
    ids=[
        "data URI",
        "long style",
        "script",
        "comment",
        "stylesheet",
        "less than",
        "many attributes",
        "words",
        "a mark too many",
        "a printer's mark",
    ],
)
def test_what_is_big_and_harmless_is_parsed(harmless: str) -> None:
    assert too_much(f"<html><body>{harmless}<p>{SENTENCE}</p></body></html>") is None


@pytest.mark.parametrize(
    "open_end",
    ["<!-- ", "<script ", "<script>", "<p a='x ", "<p ", "<p a=", "<", "<a b", "<title>", "</", "'", '<p "'],
)
def test_what_is_never_closed_is_counted_in_one_pass(open_end: str) -> None:
    began = time.process_time()
    too_much(open_end * 30_000 + "낱말 " * 500_000)
    assert time.process_time() - began < 10, "quadratic: it takes minutes"
