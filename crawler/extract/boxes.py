"""Boxes within a body that their own heading tells: a machine's summary, the page's controls."""

from __future__ import annotations

import re
from collections.abc import Iterator

from lxml.html import HtmlElement

from crawler.extract.blocks import clean
from crawler.extract.prune import MOST, drop, share_of, still_in
from crawler.rare import Rare
from storage.records import Removal

_MARKS = r"[\s\[\]<>【】〈〉■□●◆◇▶▷★☆✔✨🤖:：·|()?!-]*"
_HEADING = re.compile(
    rf"{_MARKS}(?:(?P<summary>(?:AI|인공지능|챗GPT|생성형\s?AI)(?:로|가|의)?\s?(?:뉴스|기사|본문|핵심|자동)?\s?(?:핵심|자동|[3세]줄)?\s?요약(?:봇|문|본)?"
    r"|[1-5한두세네]\s?줄\s?(?:핵심\s?)?요약|(?:기사|뉴스|본문)\s?(?:내용\s?)?(?:핵심\s?|자동\s?|[3세]줄\s?)?요약(?:봇)?|요약봇)"
    r"|(?:이\s)?(?:기사|뉴스)를\s음성으로\s(?:들으세요|들어보세요|듣기)|(?:기사\s?)?번역\s?(?:설정|언어)(?:\s?선택)?"
    r"|(?:글자|글씨|폰트|텍스트)\s?크기(?:\s?(?:설정|조절|변경|조정|선택))?"
    rf"|(?:(?:기사|뉴스|본문|음성(?:으로)?|오디오(?:로)?)\s?)+(?:듣기|재생)(?:\s?(?:서비스|설정))?)(?:\s?(?:보기|베타|BETA))?{_MARKS}",
)
"""The house's own summary (핵심 요약, 요약) and a reporter's are the article's and not among them."""
_LONGEST = 24
"""Characters of such a heading; ``생성형 AI가 기사 자동 요약 베타`` has 20."""
_BESIDE = 12
"""Characters that may stand beside the heading in its own row: a mark, a button's word."""
_HEADINGS = (
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "strong",
    "b",
    "em",
    "p",
    "div",
    "span",
    "dt",
    "summary",
    "li",
    "button",
)
_PLAIN = Rare(r"(?<!니)다[.\"”]")
_LISTS = frozenset({"ul", "ol", "dl"})


def prune_boxes(work: HtmlElement) -> list[Removal]:
    """Take out what stands under such a heading, in a box of its own or as a list right behind it.

    Paragraphs that follow in the body itself are kept: nothing says where the summary ends.
    """
    removed: list[Removal] = []
    for heading in [e for e in work.iter(*_HEADINGS) if e is not work and _is_heading(e)]:
        for place in list(_places(heading, work)) if still_in(heading, work) else ():
            removed += drop(place, "box")
    return removed


def _is_heading(element: HtmlElement) -> bool:
    text = clean(element.text_content())
    return len(text) <= _LONGEST and _HEADING.fullmatch(text) is not None


def _tells(heading: str, text: str) -> bool:
    """Whether what stands under a control's heading is a sentence of the article."""
    found = _HEADING.fullmatch(heading)
    return bool(found and not found["summary"] and _PLAIN.search(text))


def _places(heading: HtmlElement, work: HtmlElement) -> Iterator[HtmlElement]:
    row, said = heading, clean(heading.text_content())
    while (around := row.getparent()) is not None and around is not work:
        text = clean(around.text_content())
        if len(text) > len(said) + _BESIDE:
            if text.startswith(said) and share_of(around, work) < MOST and not _tells(said, text):
                yield around
                return
            break
        row = around
    yield row
    behind = row.getnext()
    if (
        behind is not None
        and behind.tag in _LISTS
        and not (row.tail or "").strip()
        and share_of(behind, work) < MOST
    ):
        yield behind
