"""JSON-LD: its objects, the one that is this page's, and its values (a string, an object or a list of
either)."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Sequence
from html import unescape
from typing import Any
from urllib.parse import urlsplit

from lxml import etree
from lxml.html import HTMLParser, fragment_fromstring

from crawler.extract.blocks import clean, walk
from crawler.extract.placeholders import without_placeholders
from crawler.extract.prune import EVERYWHERE, prune
from crawler.rare import Rare
from storage.records.extraction import Raw

_DEPTH = 4
"""A list of objects with a name is two levels deep; deeper nesting is no author."""
_PEOPLE = 50
"""More names than this are no byline."""


def string_of(data: dict[str, Any], key: str) -> Raw | None:
    """The string under ``key`` (of a list the first), None for anything else."""
    value = data.get(key)
    if isinstance(value, list):
        value = value[0] if value else None
    return Raw(value=clean(value), rule=f"JSON-LD {key}") if isinstance(value, str) and clean(value) else None


def time_of(data: dict[str, Any], key: str) -> Raw | None:
    """The time under ``key``; some systems write it as a number, seconds or milliseconds since 1970."""
    value = data.get(key)
    if isinstance(value, int) and not isinstance(value, bool):
        return Raw(value=str(value), rule=f"JSON-LD {key}")
    return string_of(data, key)


def names_of(value: object, depth: int = 0) -> list[str]:
    """The names in an ``author`` or ``publisher``: a string, an object with ``name``, or a list of them."""
    if isinstance(value, str):
        return [clean(value)] if clean(value) else []
    if isinstance(value, dict) and depth < _DEPTH:
        return names_of(value.get("name") or value.get("@value"), depth + 1) or _from_parts(value)
    if isinstance(value, list) and depth < _DEPTH:
        return [n for item in value[:_PEOPLE] for n in names_of(item, depth + 1)]
    return []


def _from_parts(person: dict[str, Any]) -> list[str]:
    """``familyName`` and ``givenName``, as Koreans write them or as others do."""
    family, given = (clean(string(person.get(key)) or "") for key in ("familyName", "givenName"))
    if not family or not given:
        return []
    return [f"{family}{given}" if _HANGUL.fullmatch(family + given) else f"{given} {family}"]


_HANGUL = Rare("[가-힣]{2,6}")
_OFFICE = Rare("[가-힣]{2,10}")
_MAILED = re.compile(r"(?:mailto:)?(?P<address>[^\s@?]{1,64}@[^\s@?]{3,100})")


def credited(data: dict[str, Any]) -> object:
    """Who is told to have written it: ``author``, with ``creator`` where the author is the house
    (asahi.com, 2023)."""
    author, creator = data.get("author"), data.get("creator")
    if not author:
        return creator
    everybody = author if isinstance(author, list) else [author]
    is_house = all(isinstance(a, dict) and "Organization" in str(a.get("@type")) for a in everybody)
    return [author, creator] if creator and is_house else author


def authors_of(value: object, depth: int = 0) -> list[str]:
    """The names in an ``author``, each with what is said of it: a Korean role, an address."""
    if isinstance(value, list) and depth < _DEPTH:
        return [line for item in value[:_PEOPLE] for line in authors_of(item, depth + 1)]
    names = names_of(value, depth)
    if not isinstance(value, dict) or len(names) != 1:
        return names
    role, mail = string(value.get("jobTitle")) or "", _MAILED.match(string(value.get("email")) or "")
    said = [names[0]]
    if _OFFICE.fullmatch(role.strip()) and role.strip() not in names[0]:
        said.append(role.strip())
    if mail is not None and "@" not in names[0]:
        said.append(mail["address"])
    return [" ".join(said)]


_WRAPPING = re.compile(
    r"\A(?:\s|<!--|-->|//\s*<!\[CDATA\[|/\*\s*<!\[CDATA\[\s*\*/|<!\[CDATA\[)+|(?://\s*)?(?:/\*\s*)?\]\]>(?:\s*\*/)?|-->\s*\Z"
)
_WRAPS = ("<!", "-->", "]]>")
_TRAILING_COMMA = re.compile(r",\s*([}\]])")
_COMMENT = re.compile(r'("(?:[^"\\]|\\.)*")|/\*.*?\*/|(?<![:"\w])//[^\n]*', re.DOTALL)
_QUOTE = re.compile(r'(?:\A|[{\[,:])\s*"|\\"|"(?=\s*(?:[:,}\]]|\Z))|(?P<inner>")')
"""A mark that neither opens nor closes a string stands within one (``"새 길 "시청" 앞"``)."""
_BAD_ESCAPE = re.compile(r"\\(?![\"\\/bfnrtu])")


def load_json(text: str) -> Any:
    """The value of a text that is JSON as a whole, line ends within its strings allowed; else None."""
    try:
        return json.loads(text, strict=False)
    except (ValueError, RecursionError):
        return None


def objects(text: str) -> Iterator[dict[str, Any]]:
    """Every object of one script, ``@graph`` and lists flattened; nothing of what cannot be read.

    Sites wrap it in CDATA or a comment, end it with ``;``, leave a comma before a bracket, comment inside it,
    escape a quotation mark that needs none or not one that does, or write two objects one after the other.
    """
    bare = (_WRAPPING.sub("", text) if any(mark in text for mark in _WRAPS) else text).strip()
    for candidate in _readings(bare):
        values = list(_values(candidate))
        if values:
            for value in values:
                yield from _flat(value)
            return


def _readings(text: str) -> Iterator[str]:
    yield text
    mended = _TRAILING_COMMA.sub(r"\1", _COMMENT.sub(lambda m: m[1] or " ", text))
    yield mended
    yield _BAD_ESCAPE.sub("", mended)
    if "&quot;" in text:
        yield unescape(text)
    yield _QUOTE.sub(lambda m: '\\"' if m["inner"] else m[0], mended)


def _values(text: str) -> Iterator[Any]:
    decoder = json.JSONDecoder(strict=False, object_pairs_hook=without_placeholders)
    at = len(text) - len(text.lstrip())
    while at < len(text):
        try:
            value, end = decoder.raw_decode(text, at)
        except (ValueError, RecursionError):
            return
        yield value
        at = end
        while at < len(text) and text[at] in " \t\r\n;,":
            at += 1


def _flat(value: Any, depth: int = 0) -> Iterator[dict[str, Any]]:
    if depth > _DEPTH:  # @graph inside a list inside a list: nothing real goes deeper
        return
    if isinstance(value, list):
        for item in value:
            yield from _flat(item, depth + 1)
    elif isinstance(value, dict):
        yield {key: _plain(said) for key, said in value.items()}
        yield from _flat(value.get("@graph"), depth + 1)
        yield from _flat(value.get("mainEntity"), depth + 1)
    elif isinstance(value, str) and value.lstrip()[:1] in ("{", "["):  # written as a string of its own
        for inner in _values(value):
            yield from _flat(inner, depth + 1)


_HOLDERS = frozenset({"@value", "@list", "@set"})


def _plain(value: Any) -> Any:
    """``{"@value": "2026-05-12"}`` and ``{"@list": [...]}`` are what they hold."""
    if isinstance(value, dict) and (name := next(iter(_HOLDERS & value.keys()), None)):
        return value[name]
    return value


def kinds_of(item: dict[str, Any]) -> list[str]:
    """The names of its ``@type``, which may be one or several."""
    kinds = item.get("@type")
    return [one for one in (kinds if isinstance(kinds, list) else [kinds]) if isinstance(one, str)]


def is_article(item: dict[str, Any]) -> bool:
    return any(one.endswith(("Article", "BlogPosting", "Report")) for one in kinds_of(item))


def own_object(
    items: Iterable[dict[str, Any]], addresses: Sequence[str], titles: Sequence[str]
) -> dict[str, Any]:
    """The object that describes this page: by its address, then by its headline; empty without one.

    A page may carry the objects of related stories before its own (sites with a recommendation box). One that
    names another address and another headline is another story, even where it is the only one.
    """
    pages = {key for a in addresses if (key := _address_key(a))}
    heads = [key for t in titles if (key := _letters(t))]
    scored = [(_score(item, pages, heads), item) for item in items if is_article(item)]
    best = max(scored, key=lambda pair: pair[0], default=None)
    return best[1] if best is not None and best[0] > _OTHER else {}


def with_referred(item: dict[str, Any], items: Iterable[dict[str, Any]]) -> dict[str, Any]:
    """An object with the people and houses that it only refers to (``{"@id": "#kim"}``) in their places."""
    named = {
        one["@id"]: one for one in items if isinstance(one.get("@id"), str) and one.keys() - {"@id", "@type"}
    }

    def followed(value: Any, depth: int = 0) -> Any:
        if isinstance(value, list) and depth < _DEPTH:
            return [followed(one, depth + 1) for one in value]
        if isinstance(value, dict) and not value.keys() - {"@id", "@type"}:
            return named.get(value.get("@id"), value) if isinstance(value.get("@id"), str) else value
        return value

    return item | {key: followed(item[key]) for key in _REFERRING if key in item}


_REFERRING = ("author", "creator", "publisher", "copyrightHolder", "sourceOrganization")
_OTHER = -3
"""The score of an object that names another address and another headline."""


def _score(item: dict[str, Any], pages: set[str], heads: list[str]) -> int:
    named = {key for value in addresses_of(item) if (key := _address_key(value))}
    headline = _letters(string(item.get("headline")) or string(item.get("name")) or "")
    score = 0
    if named and pages:
        score += 4 if named & pages else -2
    if headline and heads:
        score += 3 if any(headline in h or h in headline or _alike(headline, h) for h in heads) else -1
    return score


def addresses_of(item: dict[str, Any]) -> Iterator[str]:
    for value in (item.get("url"), item.get("@id"), item.get("mainEntityOfPage")):
        for one in value if isinstance(value, list) else [value]:
            if isinstance(one, dict):
                yield from (v for v in (one.get("@id"), one.get("url")) if isinstance(v, str))
            elif isinstance(one, str):
                yield one


def _address_key(url: str) -> str | None:
    """Path and query of an address; None for a front page, a bare fragment or no address at all."""
    try:
        parts = urlsplit(url.strip())
    except ValueError:
        return None
    path = parts.path.rstrip("/")
    return f"{path}?{parts.query}" if path or parts.query else None


def _letters(text: str) -> str:
    return "".join(filter(str.isalnum, unescape(text).casefold()))


def _alike(one: str, other: str) -> bool:
    """True where most pairs of letters are the same: a headline and its shortened form."""
    pairs, others = ({t[i : i + 2] for i in range(len(t) - 1)} for t in (one, other))
    return 2 * len(pairs & others) > min(len(pairs), len(others))


def string(value: object) -> str | None:
    """A string, or the first of a list of them."""
    if isinstance(value, list):
        value = value[0] if value else None
    return value if isinstance(value, str) else None


_TAGGED = re.compile(r"<(?:p|br|div|h[1-6]|li|strong|b|a|span|figure|blockquote)\b[^<>]*/?>", re.IGNORECASE)


_WRITTEN_BREAK = re.compile(r"(?<=[.!?\"”’)])(?:\\r)?\\n(?:(?:\\r)?\\n)*")
"""A line break that was escaped twice: a backslash and an n behind the end of a sentence."""
_MOST_ESCAPES = 2


def body_lines(data: dict[str, Any]) -> tuple[str, ...]:
    """The lines of ``articleBody``; markup in it is read as markup, entities as what they stand for."""
    said = string(data.get("articleBody"))
    if not said:
        return ()
    said = _WRITTEN_BREAK.sub("\n", said)
    marked = _marked(said)
    if marked is None:
        return tuple(t for line in unescape(said).splitlines() if (t := clean(line)))
    try:
        element = fragment_fromstring(marked, create_parent="div", parser=HTMLParser(encoding="utf-8"))
    except (etree.ParserError, ValueError):
        return ()
    prune(element, EVERYWHERE)
    return tuple(b.text for b in walk(element))


def _marked(said: str) -> str | None:
    """The markup that ``said`` is, escaped once or, by one system behind another, twice; None without any."""
    for _ in range(_MOST_ESCAPES):
        if _TAGGED.search(said):
            return said
        said = unescape(said)
    return said if _TAGGED.search(said) else None
