"""Article markup that a page carries inside a script (Next.js) and shows only after running it.

hankookilbo.com, 2026-01: the served HTML has an empty ``main``; the body's own markup lies in
``self.__next_f.push([1,"..."])`` strings. ``__NEXT_DATA__`` is the older form of the same.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

from lxml import etree
from lxml.html import HtmlElement, HTMLParser, document_fromstring

from crawler.extract.blocks import clean
from crawler.extract.document import Document
from storage.records.extraction import Raw

_PUSH = re.compile(r"self\.__next_f\.push\((\[.*\])\)\s*;?\s*$", re.DOTALL)
_ROW = re.compile(rb"[0-9a-f]{1,8}:T([0-9a-f]{1,7}),")
_STRING = re.compile(r'"((?:[^"\\]|\\.){200,})"')
_PARAGRAPHS = 2
"""An embedded body has at least so many ``</p>``: fewer is a snippet or a template."""


def embedded_article(document: Document) -> HtmlElement | None:
    """The longest piece of article markup found in the page's scripts, parsed; None without one."""
    pieces = [p for p in _pieces(document) if p.count("</p>") >= _PARAGRAPHS]
    if not pieces:
        return None
    parser = HTMLParser(encoding="utf-8")
    try:
        tree = document_fromstring(max(pieces, key=len).encode("utf-8", "replace"), parser=parser)
    except etree.ParserError:
        return None
    bodies = tree.findall("body")
    return bodies[0] if bodies else None


def _pieces(document: Document) -> Iterator[str]:
    pushed: list[str] = []
    for script, text in document.scripts:
        if script.get("id") == "__NEXT_DATA__":
            yield from _strings(_load(text))
        elif (value := _pushed(text)) is not None:
            pushed.append(value)
    yield from _rows("".join(pushed))


def _rows(flight: str) -> Iterator[str]:
    """Text rows (``id:T<hex bytes>,text``) and long string literals of a flight stream."""
    data = flight.encode("utf-8", "replace")
    at = 0
    while row := _ROW.search(data, at):
        at = row.end() + int(row.group(1), 16)
        yield data[row.end() : at].decode("utf-8", "replace")
    for literal in _STRING.finditer(flight):
        value = _load(f'"{literal.group(1)}"')
        if isinstance(value, str):
            yield value


def _load(text: str) -> Any:
    try:
        return json.loads(text, strict=False)
    except (ValueError, RecursionError):
        return None


def _strings(value: Any, depth: int = 0) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif depth < 40:  # data of a page, not an attack
        children = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
        for child in children:
            yield from _strings(child, depth + 1)


_PUBLISHED_KEYS = (
    "datePublished",
    "publishedAt",
    "published_at",
    "publishDate",
    "firstPublishDate",
    "deployDt",
)
_MODIFIED_KEYS = ("dateModified", "modifiedAt", "modified_at", "updatedAt", "reDeployDt")


def script_date(document: Document, *, modified: bool) -> Raw | None:
    """A time that only the page's data carries, such as ``deployDt`` (hankookilbo.com, 2026-01)."""
    keys = _MODIFIED_KEYS if modified else _PUBLISHED_KEYS
    pattern = re.compile(rf'"({"|".join(keys)})\\?"\s*:\s*\\?"((?:19|20)\d\d[-.][^"\\]{{6,30}})\\?"')
    for _, text in document.scripts:
        found = pattern.search(text) if any(key in text for key in keys) else None
        if found:
            return Raw(value=found.group(2), rule=f"script {found.group(1)}")
    return None


_CLOCK = re.compile(
    r"""\b(?:first_?)?publi(?:cation|sh(?:ed)?)_?(?:date_?time|date|time|at|on)["']?\s*[:=]\s*"""
    r"""["']((?:19|20)\d\d-\d\d-\d\d[ T]\d\d:\d\d(?::\d\d)?)["']""",
    re.IGNORECASE,
)


def script_clocks(document: Document) -> list[str]:
    """The publication's clock in the page's own zone (``var publication_date = "2026-11-20 10:02:11"``).

    None where the scripts name several: they are those of other stories too.
    """
    found = {
        match.group(1)
        for _, text in document.scripts
        if "publ" in text.lower()
        for match in _CLOCK.finditer(text)
    }
    return list(found) if len(found) == 1 else []


_DATA = re.compile(
    r'"title"\s*:\s*"(?P<title>(?:[^"\\]|\\.){1,300})"(?:[^{}]{0,1500}?)'
    r'"(?:subTitle|sub_title|subtitle)"\s*:\s*"(?P<subtitle>(?:[^"\\]|\\.){1,1000})"'
)
_BREAK = re.compile(r"<br\s*/?>", re.IGNORECASE)
_TAG = re.compile(r"<[^<>]{1,200}>")


def script_subtitle(document: Document, title: str) -> Raw | None:
    """The subtitle beside this article's own title in the page's data (hankookilbo.com, 2026-01).

    Lines are parted by ``<br>`` there. The data of other articles on the page has another title.
    """
    for text in _data_texts(document):
        for found in _DATA.finditer(text):
            said, value = (_load(f'"{found[name]}"') for name in ("title", "subtitle"))
            if not isinstance(said, str) or not isinstance(value, str) or clean(said) != title:
                continue
            lines = [clean(_TAG.sub("", line)) for line in _BREAK.split(value)]
            if subtitle := "\n".join(line for line in lines if line):
                return Raw(value=subtitle, rule="script subTitle")
    return None


def _data_texts(document: Document) -> Iterator[str]:
    for _, text in document.scripts:
        if "subTitle" in text or "sub_title" in text or "subtitle" in text:
            yield _pushed(text) or text


def _pushed(text: str) -> str | None:
    """The string of a ``__next_f.push``."""
    found = _PUSH.search(text) if "__next_f.push" in text else None
    value = _load(found.group(1)) if found else None
    return value[1] if isinstance(value, list) and len(value) > 1 and isinstance(value[1], str) else None
