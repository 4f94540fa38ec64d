"""Whether headline or text bear out an address that a page declares. Pure.

A page may name any address as its own or its original's: the home page, a section, one address in every page,
by a mistake of its system another article. Evidence, not proof.
"""

from __future__ import annotations

from crawler.deduplicate.edition import plain_title
from crawler.deduplicate.shingle import containment, in_size, shape
from crawler.deduplicate.texts import SAME_STORY_WITHIN, same_facts
from storage.records import Article
from storage.records.matching import Candidate

AGREES_FROM = 0.5
"""Containment from which two texts are versions of one (measured, see link.LINKED_FROM)."""
UNLIKE_BELOW = 0.2
"""Below this two texts tell different stories, whatever their headlines ([인사], 오늘의 날씨). Our choice."""
LEAST_LETTERS = 20
"""A shorter text is a caption or a phrase and says nothing."""


def declared_rule(article: Article, candidate: Candidate) -> str | None:
    """The rule of a declared address that leads from one page to the other; not whether it is true."""
    theirs, ours = set(candidate.urls), {article.url, *article.aliases}
    if article.original_url in theirs or article.url in candidate.original_urls:
        return "original_url"
    if ours & theirs or set(article.declared) & theirs or ours & set(candidate.declared):
        return "alias"
    return "alias" if _same_page(article, candidate) else None


def _same_page(article: Article, candidate: Candidate) -> bool:
    """Whether two pages with one headline and one text, letter for letter, name one page as their own.

    Two addresses of a page whose own address was never asked for. The address alone says little: careless
    sites name their home page or a section in every page.
    """
    return (
        bool(set(article.declared) & set(candidate.declared))
        and article.body is not None
        and article.body == candidate.body
        and plain_title(article.title) == plain_title(candidate.title)
    )


def bears_out(article: Article, candidate: Candidate) -> bool:
    """Whether headline or text agree. Texts of one form with other numbers or names speak against it."""
    shared = _shared(article, candidate)
    if shared is not None and shared >= AGREES_FROM:
        return same_facts(
            shape(article.body or ""), shape(candidate.body or ""), article.body or "", candidate.body or ""
        )
    if shared is not None and shared < UNLIKE_BELOW:
        return False
    title = plain_title(article.title)
    return bool(title) and title == plain_title(candidate.title) and not _far_apart(article, candidate)


def _shared(article: Article, candidate: Candidate) -> float | None:
    """Containment of the texts; None where one of them says too little to compare."""
    if not article.body or not candidate.body:
        return None
    ours, theirs = shape(article.body), shape(candidate.body)
    return containment(ours, theirs) if in_size(ours, theirs)[0].length >= LEAST_LETTERS else None


def _far_apart(article: Article, candidate: Candidate) -> bool:
    if article.published is None or candidate.published_at is None:
        return False
    return abs(article.published.at - candidate.published_at) > SAME_STORY_WITHIN
