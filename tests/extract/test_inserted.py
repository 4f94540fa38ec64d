"""What is put between the paragraphs: lists of links and forms go, what only looks like them stays."""

from __future__ import annotations

import pytest
from lxml.html import HtmlElement, fragment_fromstring

from crawler.extract.blocks import clean
from crawler.extract.inserted import prune_forms, prune_link_lists
from crawler.sources.daum import SOURCE as DAUM

from .pages import SENTENCE, daum_page, extraction

TEXT = f"<p>{SENTENCE * 4}</p>"
LINKS = "<ul><li><a href='/1'>눈길 제설 장비 두 배로</a></li><li><a href='/2'>섬마을의 새 버스</a></li></ul>"
FORM = "<form><input type='email'><button>구독하기</button></form>"


def box(inner: str) -> HtmlElement:
    return fragment_fromstring(f"<div>{TEXT}{inner}{TEXT}</div>")


def said(work: HtmlElement) -> str:
    return clean(work.text_content()).replace(SENTENCE, "").strip()


@pytest.mark.parametrize(
    ("inner", "left"),
    [
        (LINKS, ""),
        (f"<div class='z'><h4>함께 볼 기사</h4>{LINKS}</div>", ""),
        (f"<div class='z'><p>{SENTENCE}</p>{LINKS}</div>", ""),
        (
            "<ul><li><a href='/1'>첫째</a>는 물길이다.</li><li>둘째는 다리다.</li></ul>",
            "첫째는 물길이다.둘째는 다리다.",
        ),
        ("<ul><li><a href='/1'>홑 링크</a></li></ul>", "홑 링크"),
    ],
    ids=["bare", "with its heading", "beside a paragraph", "prose with links", "one alone"],
)
def test_a_list_of_nothing_but_links_goes(inner: str, left: str) -> None:
    work = box(inner)
    prune_link_lists(work)
    assert said(work) == left


def test_a_list_that_is_most_of_the_text_stays() -> None:
    work = fragment_fromstring(f"<div><p>눈이 왔다.</p>{LINKS}</div>")
    assert prune_link_lists(work) == []


@pytest.mark.parametrize(
    ("inner", "left"),
    [
        (f"<div><b>아침 편지</b><p>주소를 넣으면 보내 드립니다.</p>{FORM}</div>", ""),
        (f"<div><p>시는 물길을 이었다.</p>{FORM}</div>", "시는 물길을 이었다."),
        ("<form><input type='radio'>찬성</form>", "찬성"),
    ],
    ids=["an offer", "beside news", "no field to type in"],
)
def test_a_form_goes_with_what_it_offers(inner: str, left: str) -> None:
    work = box(inner)
    prune_forms(work)
    assert said(work) == left


def test_a_form_around_the_text_stays() -> None:
    work = fragment_fromstring(f"<div><form><input type='text'>{TEXT}</form><p>끝.</p></div>")
    assert prune_forms(work) == []


@pytest.mark.parametrize("name", ["div", "aside", "ul", "article"])
def test_a_box_that_daums_editor_did_not_make_is_none_of_the_text(name: str) -> None:
    """Every child of a section has its kind (2023-11); what has none was put there by the portal."""
    own = f"<p dmcf-ptype='general'>{SENTENCE}</p>" * 3
    found = extraction(daum_page(own + f"<{name} class='zq'>오늘 서울 맑음 23℃</{name}>" + own), DAUM)
    assert found.paragraphs == (SENTENCE,) * 6
    assert "오늘 서울 맑음 23℃" in [r.text for r in found.removed]


@pytest.mark.parametrize("name", ["p", "table", "blockquote", "h3"])
def test_what_may_be_a_paragraph_stays(name: str) -> None:
    own = f"<p dmcf-ptype='general'>{SENTENCE}</p>" * 3
    inner = "<tr><td>오늘 눈이 왔다</td></tr>" if name == "table" else "오늘 눈이 왔다"
    found = extraction(daum_page(own + f"<{name}>{inner}</{name}>" + own), DAUM)
    assert "오늘 눈이 왔다" in found.paragraphs
