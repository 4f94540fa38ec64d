"""The object of a page's data that holds its article, the headline and the text: what else it says of it.

``__NEXT_DATA__`` and any other script that is JSON as a whole. Other stories' objects have times, people
and notices of their own.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Any

from crawler.extract.blocks import clean
from crawler.extract.document import Document
from crawler.extract.linked import authors_of, load_json
from crawler.extract.markup import without_markup
from crawler.extract.owner import LONGEST_NOTICE
from crawler.extract.title import cleaned_title
from crawler.letters import key_of
from storage.records.extraction import Raw

PARAGRAPHS = 2
"""An embedded body has at least so many ``</p>``: fewer is a snippet or a template."""
NESTED = 40
"""Levels of a page's data that are looked through; more is an attack."""
_BREAKS = re.compile(r"<br\s*/?>\s*<br", re.IGNORECASE)
_END = re.compile(r"(?:<|\\u003c)(?:\\?/p|br\s*\\?/?)>", re.IGNORECASE)
_JSON = "application/json"
_KIND = r"(?:news|article|art)?"
_WHEN = r"(?:date|dt|dttm|datetime|time|at|ymdt|ymd)?"
_WAS_PUBLISHED = re.compile(
    rf"(?:{_KIND}(?:first)?(?:reg|regist|register|registered|pub|publish|published|create|created"
    rf"|service|open|deploy|issue|insert|input|send){_WHEN})"
)
_WAS_CHANGED = re.compile(
    rf"(?:{_KIND}(?:last)?(?:mod|modify|modified|upd|update|updated|edit|edited|chg|change|changed){_WHEN})"
)
_MOMENT = re.compile(r"(?:19|20)\d\d[-./]?\d\d[-./]?\d\d.{0,20}|1\d{12}|1\d{9}")
_WROTE = re.compile(
    rf"(?P<who>{_KIND}(?:reporter|author|writer|journalist|byline|creator)s?)(?P<what>infos?|list|data|name|nm)?"
)
_NAMES = (
    "name",
    "nm",
    "korname",
    "namekor",
    "fullname",
    "displayname",
    "reportername",
    "authorname",
    "writername",
)
_ROLES = ("title", "role", "position", "jobtitle", "duty", "rank")
_MAILS = ("email", "mail", "emailaddress", "emailaddr", "reporteremail", "authoremail", "writeremail")
_PEOPLE = 20
"""Of one article; more are a list of something else (our choice)."""
_DEEP = 3
"""Levels of an object that are unpacked: an article, its people, one of them."""
_OWNED = re.compile(r"copyrights?(?:text|notice|info|message|msg|phrase|line)?")
_SAYS_SO = re.compile(r"ⓒ|©|\(c\)|저작권|copyright|금지|금합니다", re.IGNORECASE)


@lru_cache(maxsize=2)  # asked for the times, the people and the notice of a page, whose data may be megabytes
def _stories(document: Document) -> tuple[dict[str, Any], ...]:
    told = cleaned_title(document)
    if told is None:
        return ()
    named = clean(told.value)
    texts = (
        text for script, text in document.scripts if _is_data(script.get("type"), script.get("id"), text)
    )
    items = (item for text in texts for item in _objects(_unpacked(load_json(text))))
    return tuple(item for item in items if _holds(item, named))


def _unpacked(value: Any) -> Any:
    """Of Nuxt's data, one list whose objects name places in it, the objects with what stands there."""
    if not isinstance(value, list) or not any(isinstance(one, dict) for one in value):
        return value

    def at(place: Any, depth: int = 0) -> Any:
        found = value[place] if type(place) is int and 0 <= place < len(value) else None
        if isinstance(found, dict):
            return {key: at(one, depth + 1) for key, one in found.items()} if depth < _DEEP else None
        if isinstance(found, list):
            return [at(one, depth + 1) for one in found[:_PEOPLE]] if depth < _DEEP else None
        return found

    refers = [n for n, one in enumerate(value) if isinstance(one, dict) and _refers(one, len(value))]
    return [at(n) for n in refers] if refers else value


def _refers(item: dict[str, Any], places: int) -> bool:
    return bool(item) and all(type(one) is int and -9 <= one < places for one in item.values())


def _is_data(kind: str | None, name: str | None, text: str) -> bool:
    return (name == "__NEXT_DATA__" or (kind or "").strip().lower() == _JSON) and holds_markup(text)


def holds_markup(text: str) -> bool:
    """Whether a script holds what ends a paragraph or a line, however it is escaped."""
    return _END.search(text) is not None


def _holds(item: dict[str, Any], named: str) -> bool:
    said = [value for value in item.values() if isinstance(value, str)]
    return named in map(clean, said) and any(are_paragraphs(s) for s in said)


def are_paragraphs(markup: str) -> bool:
    """Whether a string of a page's data is text in paragraphs, or in lines with breaks between."""
    return max(markup.count("</p>"), len(_BREAKS.findall(markup))) >= PARAGRAPHS


def _objects(value: Any, depth: int = 0) -> Iterator[dict[str, Any]]:
    if isinstance(value, dict):
        yield value
    children = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    for child in children if depth < NESTED else ():
        yield from _objects(child, depth + 1)


def holds_story(document: Document) -> bool:
    """Whether an object of the page's data has its headline and a text."""
    return bool(_stories(document))


def story_time(document: Document, *, modified: bool) -> Raw | None:
    """The time that stands beside the article's headline and text (``regDate``)."""
    named = _WAS_CHANGED if modified else _WAS_PUBLISHED
    for item in _stories(document)[:1]:
        moments = ((key, str(item[key])) for key in item if named.fullmatch(key_of(key)))
        return next((Raw(value=v, rule=f"script {k}") for k, v in moments if _MOMENT.fullmatch(v)), None)
    return None


def story_authors(document: Document) -> Iterator[Raw]:
    """Who wrote it: ``reporters`` of any form, or ``reporterName`` with the address beside it."""
    for item in _stories(document)[:1]:
        said = {key_of(key): value for key, value in item.items()}
        for key, value in item.items():
            if (found := _WROTE.fullmatch(key_of(key))) is None:
                continue
            mail = next((m for end in _MAILS[:4] if isinstance(m := said.get(found["who"] + end), str)), None)
            beside = {"email": mail} if found["what"] in ("name", "nm") else {}
            yield from (Raw(value=clean(one), rule=f"script {key}") for one in _people(value, beside))


def _people(value: Any, beside: dict[str, Any]) -> list[str]:
    if isinstance(value, list):
        return [one for person in value[:_PEOPLE] for one in _people(person, {})]
    if isinstance(value, str):
        named = clean(without_markup(value))
        return authors_of({"name": named, **beside}) if named and not named.islower() else []
    said = (
        {key_of(key): one for key, one in value.items() if isinstance(one, str)}
        if isinstance(value, dict)
        else {}
    )
    name, role, mail = (next((said[k] for k in keys if k in said), None) for keys in (_NAMES, _ROLES, _MAILS))
    return authors_of({"name": name, "jobTitle": role, "email": mail}) if name else []


def story_notices(document: Document) -> Iterator[Raw]:
    """The notice that the page's script prints below the text."""
    for item in _stories(document)[:1]:
        for key, value in item.items():
            said = (
                clean(without_markup(value))
                if isinstance(value, str) and _OWNED.fullmatch(key_of(key))
                else ""
            )
            if len(said) <= LONGEST_NOTICE and _SAYS_SO.search(said):
                yield Raw(value=said, rule=f"script {key}")
