"""The house that publishes a page of a site that nobody declared, as the page names it; never a portal."""

from __future__ import annotations

import re

from crawler.extract.blocks import clean, text_of
from crawler.extract.document import Document
from storage.records.extraction import Raw

_HOUSE = re.compile(r"\S{1,12}(?:신문|일보|뉴스|방송|경제|투데이|타임스|저널|미디어)")
_PORTALS = re.compile(r"(?:다음|네이버|NAVER|Daum|네이트|NATE|zum|줌)(?:\s?뉴스)?", re.IGNORECASE)


def house_of(document: Document) -> Raw | None:
    """What machines are told, then microdata, then the meta elements, then the end of the title element."""
    candidates = (
        _linked(document),
        _microdata(document),
        document.meta("og:site_name"),
        document.meta("og:article:author", "article:publisher"),
    )
    for raw in candidates:
        name = re.split(r"\s*[|:]\s*", raw.value)[0].strip() if raw else ""
        if raw and name and not _PORTALS.fullmatch(name) and not name.startswith("http"):
            return Raw(value=name, rule=raw.rule)
    return _titled(document)


def names_house(title: str, document: Document) -> bool:
    """Whether a title is the name of the page's house and nothing else, which is nobody's headline."""
    said, sites = clean(title), map(clean, document.metas.get("og:site_name", []))
    return _HOUSE.fullmatch(said) is not None or said in sites


def _linked(document: Document) -> Raw | None:
    value = document.news_data.get("publisher")
    name = value.get("name") if isinstance(value, dict) else value
    said = clean(name) if isinstance(name, str) else ""
    return Raw(value=said, rule="JSON-LD publisher") if said else None


def _microdata(document: Document) -> Raw | None:
    css = "[itemprop=publisher] [itemprop=name]"
    said = (text_of(e) or clean(e.get("content") or "") for e in document.all(css))
    return next((Raw(value=text, rule=css) for text in said if text), None)


def _titled(document: Document) -> Raw | None:
    """The last piece of the title element where it reads like a house (``... - 가상신문``)."""
    element = document.first("title")
    pieces = re.split(r"\s[|:\-–]\s|\s::\s", clean(element.text_content())) if element is not None else []
    name = pieces[-1].strip() if len(pieces) > 1 else ""
    is_house = _HOUSE.fullmatch(name) is not None and not _PORTALS.fullmatch(name)
    return Raw(value=name, rule="title element") if is_house else None
