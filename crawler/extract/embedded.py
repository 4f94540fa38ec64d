"""Article markup that a page carries inside a script (Next.js) and shows only after running it.

hankookilbo.com, 2026-01: the served HTML has an empty ``main``; the body's own markup lies in
``self.__next_f.push([1,"..."])`` strings. ``__NEXT_DATA__`` is the older form of the same.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator, Sequence, Set
from functools import lru_cache
from typing import Any

from lxml import etree
from lxml.html import HtmlElement, HTMLParser, document_fromstring

from crawler.extract.blocks import clean
from crawler.extract.document import Document
from crawler.extract.headline_words import TOLD, marks, share_within
from crawler.extract.linked import is_article, load_json
from crawler.extract.story_data import NESTED, PARAGRAPHS, are_paragraphs, holds_markup, story_time
from crawler.extract.title import cleaned_title
from storage.records.extraction import Raw

_PUSH = re.compile(r"self\.__next_f\.push\((\[.*\])\)\s*+;?\s*+$", re.DOTALL)
_ROW = re.compile(rb"[0-9a-f]{1,8}:T([0-9a-f]{1,7}),")
_STRING = re.compile(r'"((?:[^"\\]|\\.){200,})"')
_LITERAL = re.compile(_STRING.pattern + r"|'((?:[^'\\\n]|\\.){200,})'|`((?:[^`\\]|\\.){200,})`")
_JOINED = re.compile(r"""(?<=[^\\])(['"`])\s*\+\s*\1""")
"""Between two strings that are put together."""
_TEMPLATE = re.compile(r"\$\{|\{\{|<%|</li>")
"""What stands in a piece that is filled in for any story, and in a list of them."""
_ARC = "Fusion.globalContent="
_STATES = ("__NUXT__", "__INITIAL_STATE__", "__APOLLO_STATE__", "__PRELOADED_STATE__")
"""What pages of other frameworks call their data: markup in a string of it is the article's."""


def embedded_article(document: Document) -> HtmlElement | None:
    """The longest piece of article markup found in the page's scripts, parsed; None without one."""
    return _longest(_pieces(document))


def stated_article(document: Document) -> HtmlElement | None:
    """The longest piece of markup in the state of a page's framework: parts of it, where the page prints it
    too (quantamagazine.org, 2019)."""
    texts = (text for _, text in document.scripts if any(state in text for state in _STATES))
    return _longest(_said(_STRING, texts))


def scripted_article(document: Document) -> HtmlElement | None:
    """The longest piece of markup in a string of any script that has the headline's words."""
    title = cleaned_title(document)
    words = marks(title.value) if title is not None else set()
    held = (text for script, text in document.scripts if holds_markup(text) and not _is_linked(script))
    pieces = _said(_LITERAL, (_JOINED.sub("", text) for text in held)) if words else ()
    return _longest((said for said in pieces if _tells_of(words, said)), are_paragraphs)


def _is_linked(script: HtmlElement) -> bool:
    return "ld+json" in (script.get("type") or "")


def _said(literal: re.Pattern[str], texts: Iterable[str]) -> Iterator[str]:
    for text in texts:
        for found in literal.finditer(text):
            if isinstance(said := load_json(_quoted(found[0])), str):
                yield said


def _tells_of(words: Set[str], said: str) -> bool:
    return _TEMPLATE.search(said) is None and share_within(words, said.lower()) >= TOLD


def _quoted(literal: str) -> str:
    """A string of a script as one of JSON."""
    if literal[0] == '"':
        return literal
    return '"{}"'.format(literal[1:-1].replace("\\'", "'").replace("\\`", "`").replace('"', '\\"'))


def _has_paragraphs(markup: str) -> bool:
    return markup.count("</p>") >= PARAGRAPHS


def _longest(found: Iterable[str], fit: Callable[[str], bool] = _has_paragraphs) -> HtmlElement | None:
    pieces = [p for said in found for p in _unpacked(said) if fit(p)]
    if not pieces:
        return None
    parser = HTMLParser(encoding="utf-8")
    try:
        tree = document_fromstring(max(pieces, key=len).encode("utf-8", "replace"), parser=parser)
    except etree.ParserError:
        return None
    bodies = tree.findall("body")
    return bodies[0] if bodies else None


_DATA_IN_STRING = re.compile(r'\s*(?:\{\s*["}]|\[\s*(?:\{\s*["}]|\[|"))')


def _unpacked(said: str) -> Iterator[str]:
    """A string; the strings of one that is data itself, which is nobody's text (cointelegraph.com, 2023)."""
    if _DATA_IN_STRING.match(said) is None:
        yield said
        return
    for inner in _strings(load_json(said)):
        if _DATA_IN_STRING.match(inner) is None:
            yield inner


def _pieces(document: Document) -> Iterator[str]:
    pushed: list[str] = []
    for script, text in document.scripts:
        if script.get("id") == "__NEXT_DATA__":
            yield from _strings(load_json(text))
        elif _ARC in text:
            yield _told_by_arc(_arc_story(text))
        elif (value := _pushed(text)) is not None:
            pushed.append(value)
    yield from _rows("".join(pushed))


@lru_cache(maxsize=1)  # asked for the body, the authors and the subtitle of a page: of megabytes on some
def _arc_story(text: str) -> dict[str, Any]:
    """The story of an Arc page (chosun.com, 2026): ``Fusion.globalContent={...};``."""
    at = text.index(_ARC) + len(_ARC)
    try:
        story, _ = json.JSONDecoder(strict=False).raw_decode(text, at)
    except (ValueError, RecursionError):
        return {}
    return story if isinstance(story, dict) else {}


def _told_by_arc(story: dict[str, Any]) -> str:
    """Its pieces of text as paragraphs; a picture or a film has none."""
    elements = story.get("content_elements")
    pieces = [e for e in elements if isinstance(e, dict)] if isinstance(elements, list) else []
    said = [e.get("content") for e in pieces if e.get("type") in ("text", "header")]
    return "".join(f"<p>{text}</p>" for text in said if isinstance(text, str))


def embedded_authors(document: Document) -> Iterator[Raw]:
    """Who signs in an Arc page's data: ``credits.by``, each as printed where it says so."""
    for _, text in document.scripts:
        credited = _arc_story(text).get("credits") if _ARC in text else None
        people = credited.get("by") if isinstance(credited, dict) else None
        for person in people if isinstance(people, list) else ():
            if isinstance(person, dict) and (said := _printed_byline(person)):
                yield Raw(value=clean(said), rule="script credits.by")


def _printed_byline(person: dict[str, Any]) -> str | None:
    original: Any = person.get("additional_properties")
    original = original.get("original") if isinstance(original, dict) else None
    printed = original.get("byline") if isinstance(original, dict) else None
    return next((said for said in (printed, person.get("name")) if isinstance(said, str) and said), None)


def _rows(flight: str) -> Iterator[str]:
    """Text rows (``id:T<hex bytes>,text``) and long string literals of a flight stream."""
    data = flight.encode("utf-8", "replace")
    at = 0
    while row := _ROW.search(data, at):
        at = row.end() + int(row.group(1), 16)
        yield data[row.end() : at].decode("utf-8", "replace")
    for literal in _STRING.finditer(flight):
        value = load_json(f'"{literal.group(1)}"')
        if isinstance(value, str):
            yield value


def _strings(value: Any, depth: int = 0) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif depth < NESTED:
        children = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
        for child in children:
            yield from _strings(child, depth + 1)


_PUBLISHED_KEYS = (
    "datePublished",
    "publishedAt",
    "published_at",
    "publishDate",
    "firstPublishDate",
    "display_date",
    "first_publish_date",
    "deployDt",
)
_MODIFIED_KEYS = ("dateModified", "modifiedAt", "modified_at", "updatedAt", "reDeployDt", "last_updated_date")


def script_date(document: Document, *, modified: bool) -> Raw | None:
    """A time that only the page's data carries, such as ``deployDt`` (hankookilbo.com, 2026-01)."""
    keys = _MODIFIED_KEYS if modified else _PUBLISHED_KEYS
    pattern = re.compile(rf'"({"|".join(keys)})\\?"\s*:\s*\\?"((?:19|20)\d\d[-.][^"\\]{{6,30}})\\?"')
    for text in _own_data(document, keys):
        if found := pattern.search(text):
            return Raw(value=found.group(2), rule=f"script {found.group(1)}")
    return story_time(document, modified=modified)


def _own_data(document: Document, keys: Sequence[str]) -> Iterator[str]:
    """The scripts that name one of ``keys``; of linked data that can be read what is this page's own.

    A live blog's entries, comments and other stories' objects have times of their own.
    """
    for text, items in document.script_objects:
        if not any(key in text for key in keys):
            continue
        if not items:
            yield text
        for item in items:
            if not is_article(item):
                yield json.dumps(_without_parts(item), ensure_ascii=False)
    if document.news_data:
        yield json.dumps(_without_parts(document.news_data), ensure_ascii=False)


_PARTS = frozenset(
    {
        "liveBlogUpdate",
        "comment",
        "comments",
        "review",
        "reviews",
        "itemListElement",
        "relatedLink",
        "citation",
        "mentions",
        "isRelatedTo",
        "@graph",
        "mainEntity",
    }
)
"""What is another's in an object of linked data, and what is an object of its own beside it."""


_DEEPEST = 8
"""Levels of an object that are looked at: a page's own dates are on the first three."""


def _without_parts(value: Any, depth: int = 0) -> Any:
    if depth > _DEEPEST:
        return None
    if isinstance(value, list):
        return [_without_parts(one, depth + 1) for one in value]
    if isinstance(value, dict):
        return {key: _without_parts(one, depth + 1) for key, one in value.items() if key not in _PARTS}
    return value


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
    for _, text in document.scripts:
        if _ARC in text and (said := _arc_subtitle(_arc_story(text), title)):
            return Raw(value=said, rule="script subheadlines")
    for text in _data_texts(document):
        for found in _DATA.finditer(text):
            said, value = (load_json(f'"{found[name]}"') for name in ("title", "subtitle"))
            if not isinstance(said, str) or not isinstance(value, str) or clean(said) != title:
                continue
            lines = [clean(_TAG.sub("", line)) for line in _BREAK.split(value)]
            if subtitle := "\n".join(line for line in lines if line):
                return Raw(value=subtitle, rule="script subTitle")
    return None


def _arc_subtitle(story: dict[str, Any], title: str) -> str | None:
    heads, under = story.get("headlines"), story.get("subheadlines")
    told, said = (h.get("basic") if isinstance(h, dict) else None for h in (heads, under))
    is_own = isinstance(told, str) and clean(told) == title
    return clean(said) if is_own and isinstance(said, str) and clean(said) else None


def _data_texts(document: Document) -> Iterator[str]:
    for _, text in document.scripts:
        if "subTitle" in text or "sub_title" in text or "subtitle" in text:
            yield _pushed(text) or text


def _pushed(text: str) -> str | None:
    """The string of a ``__next_f.push``."""
    is_push = "__next_f.push" in text and text.rstrip().removesuffix(";").rstrip().endswith("])")
    found = _PUSH.search(text) if is_push else None  # else each of them would be looked through to the end
    value = load_json(found.group(1)) if found else None
    return value[1] if isinstance(value, list) and len(value) > 1 and isinstance(value[1], str) else None
