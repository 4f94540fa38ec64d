"""Extract: a captured page's bytes -> ``Extraction`` (raw strings, each with the rule that found it).

Pure: no Scrapy, no database, no clock, no network. No input makes it raise: what cannot be read is
an ``Extraction`` of kind ``quarantined`` or ``not_article`` with one sentence that says why.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from traceback import extract_tb

from crawler.charset import UndecodableError, decode
from crawler.extract.answers import refuse_misgiven
from crawler.extract.blocks import walk
from crawler.extract.caps import too_much
from crawler.extract.document import Document, NoElementError, TooDeepError
from crawler.extract.generic import GenericPage
from crawler.extract.headline_words import lacks_headline
from crawler.extract.heads import CONSENT
from crawler.extract.intake import Refusal, refuse_bytes
from crawler.extract.lost_letters import lost_letters
from crawler.extract.missing import is_missing
from crawler.extract.mute import is_of_title, telling
from crawler.extract.nature import (
    STATES,
    declares_article,
    gone_heading,
    gone_line,
    is_list,
    said_lines,
    shows_article,
)
from crawler.extract.page import Page, Site
from crawler.extract.refused import is_believed
from crawler.extract.refused import refusal as refusal_of
from crawler.extract.standing import with_generic
from crawler.extract.walls import challenge, elsewhere, tell
from storage.records import REFUSES, CapturedPage, PageKind
from storage.records.extraction import Extraction

__all__ = ["extract_page"]

_SHORT = 200
"""A body below this many characters may be the site's own message instead of an article."""


_BESIDE = 800
"""Characters of a text that tells nothing beside such a message: a standfirst, readers' words, related heads
have up to 600."""
_MESSAGE = 100
"""Characters of all that a page says, its frame apart, of which a message has up to 60 (our choice)."""


def extract_page(page: CapturedPage, source: Site | None) -> Extraction:
    """Read one page: the source's page classes, surest first, then the generic path.

    ``source`` is the declared site of ``page.url`` (None for any other site). The kind is ``article``,
    ``not_article`` (a list, a home page, not HTML), ``gone`` (the page says its article was deleted),
    ``blocked`` (it refuses), ``incomplete`` (empty or cut off) or ``quarantined`` (over 8 MiB, without
    markup or with too much, too deep, undecodable, or an article address on which nothing was recognised),
    all but the first with a one-sentence ``reason``.
    """
    refusal = refuse_bytes(page)
    if refusal:
        return _refused(page, source, _at_an_article(page, source, refusal))
    try:
        decoded = decode(page.body, page.content_type)
        if reason := too_much(decoded.text):
            return _refused(page, source, Refusal(kind=PageKind.QUARANTINED, reason=reason))
        return _read(Document(page, decoded), source)
    except (UndecodableError, TooDeepError, NoElementError) as error:
        return _refused(page, source, Refusal(kind=PageKind.QUARANTINED, reason=str(error)))
    except MemoryError:
        raise
    except Exception as error:  # noqa: BLE001  the stage boundary: a library may throw at any markup
        # The words may quote the page: what no database takes (NUL, half a surrogate pair) is spelled out.
        words = str(error).replace("\0", r"\0").encode("utf-8", "backslashreplace").decode("utf-8")
        said = " ".join(words.split()).rstrip(".")
        said = f"{type(error).__name__}{f': {said}' if said else ''}{_place(error, source)}"
        reason = f"Reading the page failed: {said}."
        return _refused(page, source, Refusal(kind=PageKind.QUARANTINED, reason=reason))


def _place(error: Exception, source: Site | None) -> str:
    """The last line of the source's own page classes that was reached, where one was."""
    files = {sys.modules[one.__module__].__file__ for one in (source.pages if source else ())}
    reached = [at for at in extract_tb(error.__traceback__) if at.filename in files]
    return f" ({Path(reached[-1].filename).name}, line {reached[-1].lineno})" if reached else ""


def _read(document: Document, source: Site | None) -> Extraction:
    classes = _candidates(document, source)
    for page_class in classes:
        page = page_class(document, source)
        found = page.extraction()
        if found is None:
            continue
        refuse_misgiven(found)
        if page.cut_off():
            return _refused(document.page, source, _CUT)
        if lost := lost_letters(found.paragraphs):
            return _refused(
                document.page,
                source,
                Refusal(kind=PageKind.QUARANTINED, reason=f"The page is damaged: {lost}."),
            )
        told = telling(found.paragraphs, document) if page_class is GenericPage else found.paragraphs
        refusal = _gone(document, told) or (_soft_gone(document) if page_class is GenericPage else None)
        if refusal is None and (page_class is GenericPage or sum(map(len, found.paragraphs)) < _SHORT):
            # No template is printed around a refusal.
            refusal = refusal_of(document, _said(document, found, told))
        if refusal is None and isinstance(page, GenericPage) and (instead := page.tells_no_story()):
            refusal = Refusal(kind=PageKind.NOT_ARTICLE, reason=f"The page is {instead}.")
        if refusal is None and page_class is GenericPage and lacks_headline(told, document):
            refusal = _STRANGE
        if refusal is None and page_class is GenericPage and is_missing(document, told):
            refusal = _MISSING
        return _refused(document.page, source, refusal) if refusal else with_generic(found, page)
    return _refused(document.page, source, _no_article(document, source, classes))


_STRANGE = Refusal(
    kind=PageKind.QUARANTINED,
    reason="The page has a headline, and in the place of its text a few words that have nothing of it.",
)
_MISSING = Refusal(
    kind=PageKind.QUARANTINED,
    reason="The page's text is missing: what it prints has nothing of what it says of its article.",
)
_CUT = Refusal(
    kind=PageKind.INCOMPLETE,
    reason="The page is cut off: it opens <html>, never closes it, and stops inside its text.",
)


def _at_an_article(page: CapturedPage, source: Site | None, refusal: Refusal) -> Refusal:
    """A picture, a file or a script's answer (``{"code": 500}``) at an article's address is a slip of its
    server, as a page is on which nothing is recognised."""
    if refusal.kind is not PageKind.NOT_ARTICLE or source is None or source.address(page.url) is None:
        return refusal
    return Refusal(kind=PageKind.QUARANTINED, reason=refusal.reason)


def _said(document: Document, found: Extraction, told: Sequence[str]) -> Sequence[str]:
    """What the body tells; with what the page says of cookies where it claims and tells nothing."""
    if declares_article(document) or any(STATES.search(p) or is_of_title(p, document) for p in told):
        return told
    return (*told, *(r.text for r in found.removed if r.rule == CONSENT))


def _soft_gone(document: Document) -> Refusal | None:
    """Under a heading that says that the article is gone stand others; a page that says that it is one is
    believed.
    """
    message = None if is_believed(document) else gone_heading(document)
    return Refusal(kind=PageKind.GONE, reason=f"The page says: {message}") if message else None


def _gone(document: Document, paragraphs: Sequence[str]) -> Refusal | None:
    """The body says so; one that also tells of others is believed where its page shows that it is an
    article."""
    body = "\n".join(paragraphs)
    said = next(filter(gone_line, paragraphs), None) if len(body) < _BESIDE else None
    if said is None:
        return None
    if len(body) < _SHORT:
        tells_of_others = any(map(STATES.search, paragraphs)) and shows_article(document)
        return None if tells_of_others else Refusal(kind=PageKind.GONE, reason=f"The page says: {body}")
    is_all = not tell(p for p in paragraphs if p != said)
    return Refusal(kind=PageKind.GONE, reason=f"The page says: {said}") if is_all else None


def _candidates(document: Document, source: Site | None) -> list[type[Page]]:
    pages = source.pages if source else ()
    scored = [(p.score(document), p) for p in pages]
    known = [p for s, p in sorted(scored, key=lambda pair: -pair[0]) if s > 0]
    if not known and source is not None and source.address(document.url) is None:
        return []
    return [*known, GenericPage]


def _no_article(document: Document, source: Site | None, tried: list[type[Page]]) -> Refusal:
    lines = said_lines(document)
    message = next(filter(gone_line, lines), None)
    if message:
        return Refusal(kind=PageKind.GONE, reason=f"The page says: {message}")
    if refusal := refusal_of(document, lines):
        return refusal
    length = sum(len(block.text) for block in walk(document.tree))  # menus and footer too
    if mark := challenge(document, length):
        reason = f"{REFUSES}: it is a challenge that a script runs ({mark})."
        return Refusal(kind=PageKind.BLOCKED, reason=reason)
    if document.unclosed:
        return _CUT
    if source is not None and source.address(document.url) is None:
        return Refusal(
            kind=PageKind.NOT_ARTICLE, reason=f"The address is no article address of {source.name}."
        )
    if place := elsewhere(document, length):
        return Refusal(kind=PageKind.QUARANTINED, reason=f"The page is no article of its own: {place}.")
    if tried and tried[0] is not GenericPage:
        reason = f"The page looks like {tried[0].name}, but its body is empty."
        return Refusal(kind=PageKind.QUARANTINED, reason=reason)
    if declares_article(document):
        reason = "The page says that it is an article, but its body was not recognised."
        return Refusal(kind=PageKind.QUARANTINED, reason=reason)
    return _unrecognised(document, source, has_words=0 < sum(map(len, lines)) < _MESSAGE)


def _unrecognised(document: Document, source: Site | None, *, has_words: bool) -> Refusal:
    """A page that is no list, at an article's address or with a few words alone, is not understood.

    Args:
        has_words: it says something, and hardly anything: a message that is not known here.
    """
    if source is not None and not is_list(document):
        reason = f"The address is an article's of {source.name}, but nothing on the page was recognised."
        return Refusal(kind=PageKind.QUARANTINED, reason=reason)
    if has_words and not is_list(document):
        reason = "The page says hardly anything: whether it stands for an article is not known."
        return Refusal(kind=PageKind.QUARANTINED, reason=reason)
    return Refusal(kind=PageKind.NOT_ARTICLE, reason="No article was found on the page.")


def _refused(page: CapturedPage, source: Site | None, refusal: Refusal) -> Extraction:
    return Extraction(
        url=page.url,
        source=source.name if source else None,
        extractor="none",
        kind=refusal.kind,
        reason=refusal.reason,
    )
