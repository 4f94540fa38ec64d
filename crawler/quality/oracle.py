"""The oracle: a page's lines read another way than ``crawler.extract`` reads them, by a person's recipe.

It shares no code with the extractor and judges nothing: a container by selector, a few elements dropped by
selector, a few lines cut by number after somebody has read them.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from lxml.html import HtmlElement, HTMLParser, document_fromstring

_INLINE = re.compile(
    "a|abbr|b|bdi|bdo|big|cite|code|data|del|dfn|em|font|i|img|input|ins|kbd|label|mark|q|rp|rt|ruby|s|samp|"
    "small|span|strike|strong|sub|sup|time|tt|u|var|wbr"
)
"""Elements within a line; every other one starts and ends a line."""
_SILENT = frozenset(("script", "style", "noscript", "template", "iframe", "head", "title"))
_INVISIBLE = dict.fromkeys(map(ord, "\u200b\u200c\u200d\ufeff"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipe:
    """How a person says that one page's body is found."""

    css: str
    """The container; of several matches the last one (shared Daum bodies sit in a shell with empty ones)."""
    drop: tuple[str, ...] = ()
    """Selectors of what stands in it and is not the article: figures, embeds, advertisements."""
    cut: tuple[int, ...] = ()
    """Numbers of the remaining lines that are signature, notice, promotion or photo credit."""
    encoding: str = "utf-8"
    script_key: str | None = None
    """Read the HTML string under this key of a script's JSON instead of the page (body only in a script)."""

    @classmethod
    def of(cls, record: Mapping[str, Any]) -> Recipe:
        return cls(
            css=record["css"],
            drop=tuple(record["drop"]),
            cut=tuple(record["cut"]),
            encoding=record["encoding"],
            script_key=record["script_key"],
        )


def all_lines(body: bytes, recipe: Recipe) -> list[str]:
    """Every line of the container that ``recipe`` names, nothing cut yet.

    Raises:
        ValueError: the recipe finds nothing on this page.
    """
    tree = _tree(_fragment(body, recipe), recipe.encoding)
    found = tree.cssselect(recipe.css)
    if not found:
        raise ValueError(f"the recipe's selector {recipe.css!r} finds nothing on the page")
    container = found[-1]
    for css in recipe.drop:
        for element in container.cssselect(css):
            element.drop_tree()
    return lines_of(container)


def body_lines(body: bytes, recipe: Recipe) -> list[str]:
    """The article's lines: those of ``all_lines`` that were not cut."""
    return [line for number, line in enumerate(all_lines(body, recipe)) if number not in recipe.cut]


def printed_lines(body: bytes, encoding: str) -> list[str]:
    """Every line of the whole page, furniture and all."""
    return lines_of(_tree(body, encoding)) if body.strip() else []


def likely_encoding(body: bytes) -> str:
    """``utf-8`` where the bytes are, ``cp949`` otherwise, whatever the page declares."""
    try:
        body.decode()
    except UnicodeDecodeError:
        return "cp949"
    return "utf-8"


def lines_of(element: HtmlElement) -> list[str]:
    """The text of an element as lines: blocks and line breaks end one, white space is one space."""
    text = "".join(_pieces(element)).translate(_INVISIBLE)
    lines = (" ".join(line.split()) for line in text.split("\n"))
    return [line for line in lines if line]


def _pieces(element: HtmlElement) -> Iterator[str]:
    if not isinstance(element.tag, str) or element.tag in _SILENT:
        return
    around = "" if _INLINE.fullmatch(element.tag) else "\n"
    yield around
    yield _flat(element.text)
    for child in element:
        yield from _pieces(child)
        yield _flat(child.tail)
    yield around


def _flat(text: str | None) -> str:
    return re.sub(r"\s", " ", text or "")


def _tree(body: bytes, encoding: str) -> HtmlElement:
    return document_fromstring(body.decode(encoding, "replace").encode(), parser=HTMLParser(encoding="utf-8"))


def _fragment(body: bytes, recipe: Recipe) -> bytes:
    if recipe.script_key is None:
        return body
    found = re.search(rf'"{recipe.script_key}":("(?:[^"\\]|\\.)*")', body.decode(recipe.encoding, "replace"))
    if found is None:
        raise ValueError(f"no script of the page has the key {recipe.script_key!r}")
    return f"<body>{json.loads(found[1])}</body>".encode(recipe.encoding)
