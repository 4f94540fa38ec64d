"""The index answers every selector as lxml does, the elements and their order."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from lxml.html import fromstring

from crawler.extract.selectors import Index, select
from tests.places import ROOT

PAGES = sorted((ROOT / "tests" / "pages").glob("*/*/page.html"))

SELECTORS = [
    "div",
    "*",
    ".a",
    "p.a",
    "#x",
    "div#x.a.b",
    "[data-k]",
    "[data-k=v]",
    "[data-k='v w']",
    '[data-k="v"]',
    "[data-k^=v]",
    "[data-k$=w]",
    "[data-k*=_]",
    "[data-k~=w]",
    "[data-k|=v]",
    "[class*=a]",
    "[id^=x]",
    "a[href]",
    ".a .b",
    ".a > .b",
    "div .b > p",
    ".a p, #x, h1 a[href]",
    ".missing p",
    "p .missing",
    "section[data-k], div.a",
    "li:first-child",
    "p:not(.a)",
    "h1 + p",
    "h1 ~ p",
    "div.a ,p.b",
    "DIV.a",
    "[href]",
    "body > div > p",
    ".가",
    "[class]",
    "[id]",
    "[class=a]",
    "[id][class]",
    ".a, p.a, p",
    "p, .missing",
    "p, p",
    ".a [data-k], .b [data-k^=v]",
    ".missing > [data-k]",
    "[data-k*='']",
    "[data-k='']",
    ".b.a",
    "#missing.a",
    "#x.missing",
    "div div",
    "div div p",
    "div p, p a",
    "body *",
    "p *",
    "div > section [class]",
]

MARKUP = """
<html><body class="a"><div id="x" class="a b"><p class="b">1</p><p class="a b" data-k="v">2</p></div>
<div class="A"><section data-k="v w"><p data-k="v-w">3</p><a href="/1" class="b">4</a></section>
<div class="b"><p class="a">5</p><div class="a"><p class="b c">6</p></div></div></div>
<!-- behind --><h1 data-k="_"><a href="">7</a></h1><p class="">8</p><ul><li class="b">9</li><li>10</li></ul>
<p class="가">11</p></body></html>
"""


@pytest.mark.parametrize("selector", SELECTORS)
def test_a_selector_finds_what_lxml_finds(selector: str) -> None:
    tree = fromstring(MARKUP)
    assert Index(tree).select(selector) == select(tree, selector)


@pytest.mark.parametrize("selector", SELECTORS)
def test_a_part_of_a_tree_knows_nothing_of_what_is_around(selector: str) -> None:
    part = fromstring(MARKUP).find(".//div[@class='A']")
    assert part is not None
    assert Index(part).select(selector) == select(part, selector)


def own_selectors() -> set[str]:
    """Every selector that stands in our code as a string."""
    texts = [
        path.read_text(encoding="utf-8")
        for folder in ("extract", "sources")
        for path in (ROOT / "crawler" / folder).glob("*.py")
    ]
    found = {said for text in texts for said in re.findall(r'"([.#\[a-z][^"\n]*)"', text)}
    return {
        said for said in found if re.fullmatch(r"[\w\s.#,>\[\]='*^$~-]+", said) and re.search(r"[.#\[]", said)
    }


@pytest.mark.parametrize("path", PAGES, ids=lambda path: Path(path).parent.name)
def test_our_own_selectors_find_the_same_on_saved_pages(path: Path) -> None:
    tree = fromstring(path.read_bytes())
    index = Index(tree)
    wrong = []
    for selector in own_selectors():
        try:
            right = select(tree, selector)
        except Exception:  # noqa: BLE001  a string that only looks like one
            continue
        if index.select(selector) != right:
            wrong.append(selector)
    assert wrong == []
