"""What is printed between an article's title and its body: the lines with names and times."""

from __future__ import annotations

import re

from lxml.html import HtmlElement

from crawler.extract.blocks import clean
from crawler.extract.stamps import CLOCKED, STAMP, without_days
from crawler.rare import Rare

_PIECES = 200
"""More text pieces than this between title and body is a menu, not a head."""
_PIECE = 300
"""Characters of a piece that are looked at: names and times stand in short ones."""
_NEAR = 40
"""Pieces looked at above the body where the title itself is not printed."""
_HEADINGS = ("h1", "h2", "h3", "h4", "h5", "strong", "p", "div", "b", "em", "span", "dt")
_SILENT = frozenset(
    {"script", "style", "noscript", "button", "head", "title", "meta", "link", "select", "option"}
)

_ROLE = Rare(
    r"[가-힣]{2,5}\s?[가-힣A-Za-z·/]{0,12}(?:기자|특파원|논설위원|칼럼니스트|앵커|캐스터|PD|에디터)(?![가-힣])"
)
_BARE_NAME = Rare(r"(?:[가-힣]{2,6}\s?[=/]\s?)?[가-힣]{2,4}(?:\s[가-힣]{2,8}){0,2}")
_LABELS = re.compile(
    r"(?:기사\s?)?(?:입력|수정|등록|승인|작성(?!자)|발행|업데이트|최종|댓글|공유|인쇄|글자|스크랩|조회)[\s:：]*"
)
_AGO = re.compile(r"(?:\d{1,4}\s*(?:초|분|시간|일|주)\s*전|방금(?:\s*전)?|어제|오늘)")
"""A time as it was at the reader's look; the moment itself may stand in an attribute."""
_LONGEST = 60
"""Characters of the longest header byline with several people; more is prose (docs/sites/credits.md 1)."""
_NAMED = re.compile(r"[@=]|기자")
_LABELLED = re.compile(r"(?:기자명|작성자|글쓴이)\s*[:：]?\s*\S")
"""기자명 尹瑞河 기자, 기자명 a@b.example: the template says who signs, whatever the name looks like."""
_ENGLISH = re.compile(r"(?:By|BY)(?:(?:,?\s|,\sand\s|\sand\s)[A-Z][A-Za-z.'-]+){2,8}")
"""By Kim Seo-yun and Park Do-hyun"""


def header_byline(lines: list[str]) -> str | None:
    """The byline among the lines of a page's head, verbatim; several are joined with a comma.

    A line without a role word counts only where a time stands in the same line
    (``이기영 2023. 11. 1. 08:58``).
    """
    found = [_LABELS.sub("", STAMP.sub("", line)).strip(" |·ㅣ:,") for line in lines if _is_byline(line)]
    return ", ".join(dict.fromkeys(f for f in found if f)) or None


def _is_byline(line: str) -> bool:
    rest = _LABELS.sub("", STAMP.sub("", line)).strip(" |·ㅣ:,")
    if not rest or len(rest) > _LONGEST:
        return False
    timed = rest != line and STAMP.search(line) is not None
    if _ENGLISH.fullmatch(rest) or _LABELLED.match(rest):
        return True
    return bool(_ROLE.search(rest) or (timed and (_BARE_NAME.fullmatch(rest) or _NAMED.search(rest))))


def header_lines(tree: HtmlElement, title: str | None, body: HtmlElement) -> list[str]:
    """The text pieces between the title and the body in document order.

    Without a printed title: the last forty pieces above the body.
    """
    start = _printed_title(tree, title, body) if title else None
    pieces = _pieces(tree, start, body)
    if start is None:
        return pieces[-_NEAR:]
    return pieces if len(pieces) <= _PIECES else []


def heading_above(tree: HtmlElement, body: HtmlElement) -> HtmlElement | None:
    """The last heading (h1 to h4) with text before the body begins."""
    found = None
    for element in tree.iter():
        if element is body:
            return found
        if element.tag in {"h1", "h2", "h3", "h4"} and clean(element.text_content()):
            found = element
    return None


def _printed_title(tree: HtmlElement, title: str | None, body: HtmlElement) -> HtmlElement | None:
    last = None
    for element in tree.iter():
        if element is body:
            break
        if element.tag in _HEADINGS and len(element) <= 3 and _says(element, title or ""):
            last = element
    return last


def _says(element: HtmlElement, title: str) -> bool:
    """True when the element's whole text is ``title``. Reads no further than that takes."""
    text = ""
    for part in element.itertext():
        text += part
        if len(text) > 4 * len(title) + 200:  # indentation between the tags is the only slack
            return False
    return clean(text) == title


def _pieces(tree: HtmlElement, start: HtmlElement | None, body: HtmlElement) -> list[str]:
    inside = set(start.iter()) if start is not None else set()
    above = set(body.iterancestors())
    lines: list[str] = []
    passed = start is None
    for element in tree.iter():
        if element is body:
            before = body.getprevious()
            lines.append(clean((before.tail if before is not None else None) or ""))
            break
        if passed and element not in inside and isinstance(element.tag, str) and element.tag not in _SILENT:
            lines.append(_piece(element))
            if element not in above:
                lines.append(clean(element.tail or ""))
        if element is start:
            passed = True
            lines.extend(clean(e.tail or "") for e in (start, *start.iterancestors()) if e not in above)
    return [line[:_PIECE] for line in lines if line]


def _piece(element: HtmlElement) -> str:
    text = clean(element.text or "")
    if _AGO.fullmatch(text):
        return next((v for v in map(str, element.attrib.values()) if CLOCKED.search(v)), text)
    return without_days(text) if text and _is_linked(element) else text


def _is_linked(element: HtmlElement) -> bool:
    return element.get("href") is not None or next(element.iterancestors("a"), None) is not None
