"""Atom feeds of a search and of changes (RFC 4287)."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from xml.etree import ElementTree as Xml

from sqlalchemy import Engine

from crawler.serve.render import Answer, short, shown
from crawler.serve.request import Request
from crawler.serve.searching import find, question_of
from crawler.serve.words import word
from storage.query.room import lists
from storage.query.room.rows import Row

ATOM = "http://www.w3.org/2005/Atom"
SIZE = 50
NO_TIME = "1970-01-01T00:00:00Z"
"""Atom wants a time of every entry: for a page that prints none, one that no reader takes for news."""
_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One entry of a feed."""

    name: str
    """Its own for ever (atom:id)."""
    title: str
    link: str
    """A path of ours."""
    at: str | None
    author: str | None
    summary: str


def search_feed(engine: Engine, request: Request) -> Answer:
    """The newest hits of a search."""
    found = find(engine, request, question_of(request), 1)
    entries = [
        Entry(
            name=one.hit.url,
            title=short(one.hit.title),
            link=f"/article/{one.hit.article_id}",
            at=one.at,
            author=one.hit.publisher,
            summary="".join(piece.text for piece in one.text),
        )
        for one in found.hits
    ]
    return _feed(request, f"{word('search', request.language)}: {shown(request.text('q'))}", entries)


def changes_feed(engine: Engine, request: Request) -> Answer:
    """The newest changes."""
    entries = [
        Entry(
            name=f"{row['url']}#changed-{row['changed_at']}",
            title=short(row["title_now"]),
            link=f"/revision/{row['revision_id']}",
            at=row["changed_at"],
            author=None,
            summary=", ".join(_kinds(row, request.language)),
        )
        for row in lists.changes(engine, lists.Page(size=SIZE))[:SIZE]
    ]
    return _feed(request, word("changes", request.language), entries)


def _kinds(row: Row, language: str) -> list[str]:
    return [word(name, language) for name in ("headline", "body", "byline", "notice", "quiet") if row[name]]


def _feed(request: Request, title: str, entries: Iterable[Entry]) -> Answer:
    Xml.register_namespace("", ATOM)
    feed = Xml.Element(f"{{{ATOM}}}feed")
    entries = list(entries)
    here = request.base + request.here()
    _add(feed, "id", here)
    _add(feed, "title", f"{title} · {word('room', request.language)}")
    _add(feed, "updated", max((one.at for one in entries if one.at), default=NO_TIME))
    Xml.SubElement(feed, f"{{{ATOM}}}link", rel="self", href=_plain(here))
    for one in entries:
        _entry(feed, one, request.base)
    body = Xml.tostring(feed, encoding="unicode", xml_declaration=False)
    return Answer(
        body=f'<?xml version="1.0" encoding="utf-8"?>\n{body}\n',
        content_type="application/atom+xml; charset=utf-8",
    )


def _entry(feed: Xml.Element, one: Entry, base: str) -> None:
    entry = Xml.SubElement(feed, f"{{{ATOM}}}entry")
    _add(entry, "id", one.name)
    _add(entry, "title", one.title or "-")
    _add(entry, "updated", one.at or NO_TIME)
    author = Xml.SubElement(entry, f"{{{ATOM}}}author")
    _add(author, "name", one.author or "-")
    Xml.SubElement(entry, f"{{{ATOM}}}link", href=_plain(base + one.link))
    _add(entry, "summary", one.summary)


def _add(parent: Xml.Element, name: str, text: str) -> None:
    Xml.SubElement(parent, f"{{{ATOM}}}{name}").text = _plain(text)


def _plain(text: str) -> str:
    return _NOT_XML.sub("\ufffd", text)
