"""The search page, and the hits that its feed gives too."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from itertools import islice

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import DBAPIError

from crawler.serve.render import LONGEST_TITLE, Answer, page
from crawler.serve.request import LAST_PAGE, Request, WrongRequest
from crawler.serve.wrong_words import in_korean
from storage.query.limits import TooLong, was_stopped
from storage.search.apart import not_found
from storage.search.expression import is_slow
from storage.search.find import Bounds, Hit, bounds, newest, relevant
from storage.search.outdated import outdated
from storage.search.question import Question, WrongQuestion, parse
from storage.search.remarks import remarks
from storage.search.snippet import Piece, snippet, title_pieces
from storage.seoul import written

SIZE = 20
"""Hits on a page (our choice)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """A hit as it is shown."""

    hit: Hit
    title: Sequence[Piece]
    text: Sequence[Piece]

    @property
    def at(self) -> str | None:
        """When it was published, in Korean time."""
        at = self.hit.published_at
        return None if at is None else written(at)


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A page of hits."""

    hits: list[Shown]
    more: bool
    stopped: bool
    """The time was over before the page was full."""
    outdated: bool = False
    """Articles are indexed by older rules, and may be missing."""
    beside: Sequence[str] = ()
    """What else could be asked."""


def search_page(engine: Engine, request: Request) -> Answer:
    """Search; without words the newest articles."""
    asked, number = question_of(request), request.page()
    found = find(engine, request, asked, number)
    return page(
        request,
        "search.html",
        found=found,
        number=number,
        start=(number - 1) * SIZE + 1,
        last=LAST_PAGE,
        slow=asked is not None and is_slow(asked),
        outdated=found.outdated,
        remarks=_said(request, [*remarks(request.text("q")), *found.beside]),
        below=found.hits[-1].hit.number if found.hits and not ranked(request) else "",
        feed=request.here(page="", below="", lang="").replace(request.path, "/feed/search.atom", 1),
    )


def question_of(request: Request) -> Question | None:
    """The words that are asked for; None: there are none."""
    words = request.text("q")
    if not words:
        return None
    with _understood():
        return parse(words)


def _said(request: Request, sentences: Sequence[str]) -> list[str]:
    """Sentences of the search in the page's language."""
    return [one if request.language == "en" else in_korean(one) for one in sentences]


@contextmanager
def _understood() -> Iterator[None]:
    """Words that cannot be asked are the reader's mistake."""
    try:
        yield
    except WrongQuestion as error:
        raise WrongRequest(
            f"찾을 말을 읽을 수 없습니다: {in_korean(str(error))}.", f"These words cannot be asked: {error}."
        ) from error


def find(engine: Engine, request: Request, asked: Question | None, number: int) -> Found:
    """The hits of a page; those that were found before the time was over."""
    hits: list[Hit] = []
    beside: list[str] = []
    whole = older = False
    try:
        with suppress(TooLong), engine.connect() as connection:
            older = outdated(connection)
            for hit in _every(connection, request, asked, number):
                hits.append(hit)  # noqa: PERF402 (what was found before the time was over is kept)
            whole = True
            if asked is not None and number == 1:
                beside = not_found(connection, asked, _bounds(request), nothing=not hits)
    except DBAPIError as error:
        if not was_stopped(error):
            raise
    shown = [_shown(hit, asked) for hit in hits[:SIZE]]
    return Found(hits=shown, more=len(hits) > SIZE, stopped=not whole, outdated=older, beside=beside)


def _every(connection: Connection, request: Request, asked: Question | None, number: int) -> Iterator[Hit]:
    """The hits of a page and one more. What follows a page is what lies below its last hit: counted from the
    newest on, a crawl beside would push what was shown onto the next page."""
    start, end = (number - 1) * SIZE, number * SIZE + 1
    if asked is not None and ranked(request):
        return islice(relevant(connection, asked, _bounds(request), end), start, end)
    below = request.below()
    every = newest(connection, asked, replace(_bounds(request), below=below))
    return islice(every, start, end) if below is None else islice(every, SIZE + 1)


def ranked(request: Request) -> bool:
    """Whether the best are to come first, and not the newest."""
    return request.values.get("order") == "relevance"


def _bounds(request: Request) -> Bounds:
    since, until = request.day("since"), request.day("until")
    if since and until and since > until:
        raise WrongRequest("처음 날이 마지막 날보다 뒤입니다.", "The first day lies after the last.")
    with _understood():
        return bounds(since, until, request.text("publisher") or None, request.text("byline") or None)


def _shown(hit: Hit, asked: Question | None) -> Shown:
    return Shown(
        hit=hit,
        title=title_pieces((hit.title or "")[:LONGEST_TITLE], asked),
        text=snippet(hit.body or "", asked),
    )
