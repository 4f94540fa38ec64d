"""Whether a new appearance shows an article that the archive already has. Pure: no rows here."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import timedelta

from crawler.deduplicate.shingle import TextShape, containment, numbers_agree, shape
from storage.records import Article, Candidate, Match

SAME_TEXT = 0.8
"""Containment of the smaller text from which two texts are one (measured, see numbers_agree)."""
SAME_TEXT_WITHOUT_TITLE = 0.9
"""Asked where the titles differ: the portal's copy keeps the publisher's title as a rule."""
SAME_STORY_WITHIN = timedelta(days=3)
"""An embargoed or re-posted story stays within this; templated columns come back weekly."""
SHORT = 100
"""Letters and digits. Below this five-grams say little, so title and text must be equal."""


def decide(article: Article, candidates: Sequence[Candidate]) -> Match | None:
    """The stored article that this appearance belongs to, with the evidence; None for a new one.

    Evidence in this order: a declared original address or an alias, then publisher, time and text.
    The best score wins, the oldest article on a tie, so that the order of candidates does not matter.
    """
    matches = [match for candidate in candidates if (match := _match(article, candidate))]
    return max(matches, key=lambda match: (RULES[match.rule], match.score, -match.article_id), default=None)


RULES = {"original_url": 3, "alias": 2, "text": 1}


def _match(article: Article, candidate: Candidate) -> Match | None:
    if article.original_url in candidate.urls or article.url in candidate.original_urls:
        return Match(article_id=candidate.article_id, rule="original_url", score=1.0)
    if article.url in candidate.urls or set(article.aliases) & set(candidate.urls):
        return Match(article_id=candidate.article_id, rule="alias", score=1.0)
    score = _text_score(article, candidate)
    return Match(article_id=candidate.article_id, rule="text", score=score) if score is not None else None


def _text_score(article: Article, candidate: Candidate) -> float | None:
    """Containment where publisher, time and text agree; None where they do not."""
    if not article.body or not candidate.body or not _same_publisher_and_time(article, candidate):
        return None
    ours, theirs = shape(article.body), shape(candidate.body)
    same_title = _letters(article.title) == _letters(candidate.title)
    if min(ours.length, theirs.length) < SHORT:
        return 1.0 if same_title and ours == theirs else None
    return _long_score(ours, theirs, SAME_TEXT if same_title else SAME_TEXT_WITHOUT_TITLE)


def _long_score(ours: TextShape, theirs: TextShape, least: float) -> float | None:
    score = containment(ours, theirs)
    return score if score >= least and numbers_agree(ours, theirs) else None


def _same_publisher_and_time(article: Article, candidate: Candidate) -> bool:
    if article.publisher is None or article.publisher != candidate.publisher:
        return False
    if article.published is None or candidate.published_at is None:
        return False
    return abs(article.published.at - candidate.published_at) <= SAME_STORY_WITHIN


def _letters(title: str | None) -> str:
    return "".join(_alphanumeric(title or "")).casefold()


def _alphanumeric(text: str) -> Iterable[str]:
    return (letter for letter in text if letter.isalnum())
