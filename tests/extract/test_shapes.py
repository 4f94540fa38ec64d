"""Whole pages that people wrote who had not seen the code: Daum, fnnews, others, of 2003 to 2026.

What is right was written with them; all houses, persons and sentences are invented.

An ``expected.json`` holds what is judged, and ``why``:

- ``outcome``; ``outcome_not``: several are arguable, these are wrong
- ``body_contains``: each once, in order where ``body_order``; ``body_lacks``
- ``authors``: the whole list, a key that is left out is not judged; ``authors_has``, ``authors_lack``: names
- ``notice_contains``; null: there is none
- ``captions``: each is there (with its credit); an empty list: there is none
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from crawler.sources import source_of
from crawler.stages import article_of, as_known
from storage.records import Article, CapturedPage, Instant

SHAPES = Path(__file__).with_name("shapes")
PAGES = sorted(folder.name for folder in SHAPES.iterdir())


@cache
def expected(name: str) -> dict[str, Any]:
    said: dict[str, Any] = json.loads((SHAPES / name / "expected.json").read_text(encoding="utf-8"))
    return said


def read(name: str) -> Article:
    said = expected(name)
    body = (SHAPES / name / "page.html").read_bytes()
    source = source_of(said["url"])
    article = article_of(CapturedPage(url=said["url"], body=body, content_type=said["content_type"]), source)
    return as_known(article, source) if source else article


def plain(text: str | None) -> str:
    return re.sub(r"[\s\u00a0\u3000]+", " ", (text or "").replace("\u200b", "")).strip()


def problems(said: dict[str, Any], article: Article) -> Iterator[str]:
    """What is wrong with a reading, in words."""
    outcome = article.kind.value
    if outcome != said.get("outcome", outcome) or outcome in said.get("outcome_not", ()):
        yield f"outcome {outcome}: {article.reason}"
    if outcome != "article":
        return
    if "title" in said and plain(article.title) != plain(said["title"]):
        yield f"title {article.title!r}"
    if "publisher" in said and article.publisher != said["publisher"]:
        yield f"publisher {article.publisher!r}"
    yield from _in_body(said, plain(article.body))
    yield from _in_people(said, article)
    for key, found in (("published_at", article.published), ("modified_at", article.modified)):
        if key in said and _minute(found) != _minute_of(said[key]):
            yield f"{key} {found}"
    notice = article.rights.notice
    if "notice_contains" in said and not _holds(said["notice_contains"], notice):
        yield f"notice {notice!r}"
    yield from _in_captions(said, article)


def _in_body(said: dict[str, Any], body: str) -> Iterator[str]:
    wanted = [plain(text) for text in said.get("body_contains", ())]
    yield from (f"{body.count(text)} times in the body: {text}" for text in wanted if body.count(text) != 1)
    places = [body.find(text) for text in wanted]
    if said.get("body_order") and places != sorted(places):
        yield "order of the body"
    yield from (f"in the body: {text}" for text in said.get("body_lacks", ()) if plain(text) in body)


def _in_people(said: dict[str, Any], article: Article) -> Iterator[str]:
    people = [{"name": p.name, "role": p.role, "email": p.email} for p in article.bylines]
    names = {person["name"] for person in people}
    wanted = said.get("authors", people)
    is_same = len(wanted) == len(people)
    if not is_same or any(p[key] != w[key] for w, p in zip(wanted, people, strict=True) for key in w):
        yield f"authors {people}"
    yield from (f"no author {name}" for name in said.get("authors_has", ()) if name not in names)
    yield from (f"author {name}" for name in said.get("authors_lack", ()) if name in names)


def _in_captions(said: dict[str, Any], article: Article) -> Iterator[str]:
    printed = [(plain(i.caption), plain(i.credit)) for i in article.images]
    wanted = said.get("captions")
    if wanted == [] and any(caption for caption, _ in printed):
        yield f"captions {printed}"
    for text in wanted or ():
        if not any(_is_caption(text, caption, credit) for caption, credit in printed):
            yield f"no caption {text!r} among {printed}"


def _is_caption(text: str, caption: str, credit: str) -> bool:
    """The caption, a label or a bracket, the credit."""
    whole, first, last = (re.sub(r"\W+", "", one) for one in (text, caption, credit))
    return (
        bool(first + last)
        and whole.startswith(first)
        and whole.endswith(last)
        and len(whole) <= len(first) + len(last) + 4
    )


def _holds(wanted: str | None, notice: str | None) -> bool:
    return notice is None if wanted is None else plain(wanted) in plain(notice)


def _minute(found: Instant | None) -> datetime | None:
    return found.at.replace(second=0, microsecond=0) if found else None


def _minute_of(said: str | None) -> datetime | None:
    return datetime.fromisoformat(said).replace(second=0, microsecond=0) if said else None


@pytest.mark.parametrize("name", PAGES)
def test_a_page_of_any_shape_is_read_as_it_is_printed(name: str) -> None:
    assert list(problems(expected(name), read(name))) == [], expected(name)["why"]


def test_a_wrong_reading_is_seen() -> None:
    name = "fn-photo-2022"
    said = expected(name)
    wrong = {
        "outcome": "gone",
        "title": "다른 제목",
        "publisher": "다른신문",
        "body_contains": ["없는 문장"],
        "body_lacks": said["body_contains"],
        "authors": [],
        "published_at": None,
        "notice_contains": None,
        "captions": ["없는 사진"],
    }
    found = read(name)
    for key, value in wrong.items():
        assert list(problems({**said, key: value}, found)), key
