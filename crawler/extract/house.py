"""The house that publishes a page of a site that nobody declared, as the page names it; never a portal."""

from __future__ import annotations

import re
from collections.abc import Iterator

from crawler.extract.blocks import clean, text_of
from crawler.extract.document import Document
from crawler.extract.title import is_function
from storage.records.extraction import Raw

_ENDING = "신문|일보|뉴스|방송|경제|투데이|타임[스즈]|저널|미디어|헤럴드|데일리|포스트|신보"
_HOUSE = re.compile(rf"\S{{1,12}}(?:{_ENDING})")
_BARS = re.compile(r"\s*(?:\||:+)\s*")
_DASHES = re.compile(r"\s[-–—ㅣ·]\s")
_TITLE_JOINTS = re.compile(r"\s[|:\-–—ㅣ<▶]\s|\s::\s")
_EDGES = " \t[]<>《》〈〉【】-–—"
_NOT_NAMED = re.compile(
    r"\A모바일(?:웹)?\s+|\s+(?:모바일(?:웹)?|mobile|RSS)\Z|㈜|\(주\)|주식회사\s+|\s*\((?:https?://)?[\w.-]+\.[a-z]{2,}/?\)\Z",
    re.IGNORECASE,
)
"""Which of its doors a site's name is printed at, what the law calls the firm, its domain behind the name."""
_NO_HOUSE = re.compile(
    r"(?:다음|네이버|NAVER|Daum|네이트|NATE|zum|줌)(?:\s?뉴스)?"
    r"|홈|메인|뉴스|기사|블로그|home|main|index|news|article|page|blog|localhost"
    r"|제목\s?없음|사이트\s?(?:제목|이름)|untitled|site\s?(?:name|title)|my\s(?:site|website|blog)|wordpress"
    r"|.*(?:\{\{|\$\{|<%|@).*"  # a place that nobody filled, a mail address, a handle
    r"|https?:.*|\S+\.[a-z]{2,}/.*"  # a page about the house
    r"|.*\S\s?(?:기자|특파원|논설위원|편집위원|칼럼니스트|앵커|에디터|reporter)",
    re.IGNORECASE,
)
"""Portals, what a template left in the place of a name, addresses, and people."""


def house_of(document: Document) -> Raw | None:
    """What machines are told, then microdata, then the meta elements, then the end of the title element."""
    for raw in _told(document):
        if name := _house_in(raw.value):
            return Raw(value=name, rule=raw.rule)
    return _titled(document) or _application(document)


def names_house(title: str, document: Document) -> bool:
    """Whether a title is the house's name or what the page is for (인쇄하기), which is nobody's headline."""
    said, sites = clean(title), map(clean, document.metas.get("og:site_name", []))
    return _HOUSE.fullmatch(said) is not None or said in sites or is_function(said)


def _told(document: Document) -> Iterator[Raw]:
    yield from _linked(document)
    yield from _microdata(document)
    for name in ("og:site_name", "og:article:author", "article:publisher", "publisher", "dc.publisher"):
        raw = document.meta(name)
        if raw and not (name == "og:article:author" and _is_author(document, raw.value)):
            yield raw


def _house_in(value: str) -> str | None:
    """The part of a site's name that reads like a house, without slogan and section; else its first part.

    >>> _house_in("::: 한빛신문 :::"), _house_in("세상을 보는 창 - 한빛신문"), _house_in("Hanbit - The Daily")
    ('한빛신문', '한빛신문', 'Hanbit - The Daily')
    >>> _house_in("홍길동 기자"), _house_in("{{siteName}}")
    (None, None)
    """
    if _NO_HOUSE.fullmatch(value.strip()):
        return None
    names = [_NOT_NAMED.sub("", piece.strip(_EDGES)).strip() for piece in _BARS.split(value)]
    pieces = [name for name in names if name]
    parts = [part.strip() for piece in pieces for part in _DASHES.split(piece)]
    house = next(filter(_HOUSE.fullmatch, parts), pieces[0] if pieces else "")
    return house if house and not _NO_HOUSE.fullmatch(house) else None


def _is_author(document: Document, name: str) -> bool:
    """Whether a name that is no house's by its look is told as the author's as well."""
    authors = document.meta("author"), document.meta("article:author"), document.meta("dable:author")
    return not _HOUSE.fullmatch(name) and any(one.value == name for one in authors if one)


def _linked(document: Document) -> Iterator[Raw]:
    for key in ("publisher", "sourceOrganization"):
        told = document.news_data.get(key)
        first = next(iter(told), None) if isinstance(told, list) else told
        name = first.get("name") if isinstance(first, dict) else first
        said = clean(name) if isinstance(name, str) else ""
        if said:
            yield Raw(value=said, rule=f"JSON-LD {key}")


def _microdata(document: Document) -> Iterator[Raw]:
    css = "[itemprop=publisher] [itemprop=name]"
    said = (text_of(e) or clean(e.get("content") or "") for e in document.all(css))
    yield from (Raw(value=text, rule=css) for text in said if text)


def _titled(document: Document) -> Raw | None:
    """The last piece of the title element where it reads like a house (``... - 가상신문``)."""
    element = document.first("title")
    pieces = _TITLE_JOINTS.split(clean(element.text_content())) if element is not None else []
    name = pieces[-1].strip() if len(pieces) > 1 else ""
    is_house = _HOUSE.fullmatch(name) is not None and not _NO_HOUSE.fullmatch(name)
    return Raw(value=name, rule="title element") if is_house else None


def _application(document: Document) -> Raw | None:
    """What the site is called as an application, where that reads like a house."""
    told = document.meta("application-name", "apple-mobile-web-app-title")
    name = _house_in(told.value) if told else None
    return Raw(value=name, rule=told.rule) if told and name and _HOUSE.fullmatch(name) else None
