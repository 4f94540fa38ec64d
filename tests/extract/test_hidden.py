"""Text that a page's own style sheet hides is none of the article; what a script will show stays."""

from __future__ import annotations

import pytest

from crawler.extract.hidden import hiding_selectors
from crawler.sources.daum import SOURCE
from tests.extract.pages import SENTENCE, article, daum_page

SHOWN = "<p>시는 다리 세 곳을 새로 놓는다. 사업비는 삼십억 원이다. 공사는 야간에 한다.</p>"


@pytest.mark.parametrize(
    ("sheet", "selectors"),
    [
        (".a{display:none}", [".a"]),
        (".a, .b > i { color:red; display : none !important; }", [".a", ".b > i"]),
        (".a{display:none}.a{display:block}", []),
        (".a{display:block}.a{visibility:hidden}", [".a"]),
        ("/* .a{display:none} */ .b{display:none}", [".b"]),
        ("@media print{.a{display:none}} .b{display:none}", [".b"]),
        ("@import url(x.css); @font-face{font-family:x} #c{display:none}", ["#c"]),
        (".a:hover{display:none} .b::before{display:none}", []),
        (".a{backface-visibility:hidden} .b{overflow:hidden}", []),
        (".a{display:none", []),
        ("}}}{{{", []),
        ("", []),
    ],
)
def test_the_selectors_of_a_sheet(sheet: str, selectors: list[str]) -> None:
    assert hiding_selectors(iter([sheet])) == selectors


@pytest.mark.parametrize(
    ("sheet", "hidden"),
    [
        (".x9{display:none}", '<p class="x9">숨은 문장이다.</p>'),
        ("p.x9{visibility:hidden}", '<p class="a x9">숨은 문장이다.</p>'),
        ("#x9{display:none}", '<p id="x9">숨은 문장이다.</p>'),
        (".article_view .x9{display:none}", '<div class="x9">숨은 문장이다.</div>'),
        (".x9.on{display:none}", '<p class="x9 on">숨은 문장이다.</p>'),
    ],
)
def test_what_a_class_hides_is_left_out(sheet: str, hidden: str) -> None:
    found = article(daum_page(f"{SHOWN}{hidden}<p>{SENTENCE}</p>", head=f"<style>{sheet}</style>"), SOURCE)
    assert "숨은" not in (found.body or "")
    assert SENTENCE in (found.body or "")
    assert ("hidden by a class", "숨은 문장이다.") in [(part.rule, part.text) for part in found.removed]


@pytest.mark.parametrize(
    "sheet",
    [
        ".x9.on{display:none}",
        "@media (max-width:600px){.x9{display:none}}",
        ".x9 b{display:none}",
        ".x9 >{display:none}",
        "svg|p.x9{display:none}",  # a namespace that nothing declares
        "[a|b] .x9{display:none}",
        f"{'i ' * 800}.x9{{display:none}}",  # deeper than the library reads
        ".other{display:none}",
    ],
)
def test_what_is_shown_stays(sheet: str) -> None:
    body = f'{SHOWN}<p class="x9">보이는 문장이다.</p><p>{SENTENCE}</p>'
    found = article(daum_page(body, head=f"<style>{sheet}</style>"), SOURCE)
    assert "보이는 문장이다." in (found.body or "")


def test_a_body_folded_behind_a_button_stays() -> None:
    body = f'<p>{SENTENCE}</p><div class="fold">{SHOWN}</div>'
    found = article(daum_page(body, head="<style>.fold{display:none}</style>"), SOURCE)
    assert "삼십억 원이다." in (found.body or "")


def test_a_page_that_fades_its_blocks_in_keeps_them() -> None:
    body = "".join(f'<div style="opacity:0">{SHOWN}</div>' for _ in range(3)) + f"<p>{SENTENCE}</p>"
    assert (article(daum_page(body), SOURCE).body or "").count("삼십억 원이다.") == 3
    little = f'{SHOWN * 3}<p>{SENTENCE}</p><div style="opacity: 0">숨은 문장이다.</div>'
    assert "숨은 문장이다." not in (article(daum_page(little), SOURCE).body or "")


@pytest.mark.parametrize("name", ["d-none", "mt-3 is-hidden", "uk-hidden"])
def test_what_a_framework_calls_hidden_is_none_of_the_text(name: str) -> None:
    body = f'{SHOWN}<p class="{name}">숨은 문장이다.</p>{SHOWN.replace("세 곳", "네 곳")}'
    assert "숨은" not in (article(daum_page(body), SOURCE).body or "")


@pytest.mark.parametrize("name", ["d-none d-md-block", "d-none d-print-flex", "not-d-none"])
def test_what_wider_screens_show_is_text(name: str) -> None:
    body = f'{SHOWN}<p class="{name}">보이는 문장이다.</p>{SHOWN.replace("세 곳", "네 곳")}'
    assert "보이는" in (article(daum_page(body), SOURCE).body or "")
