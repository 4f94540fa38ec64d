"""Whether a new appearance shows an article that the archive already has. Pure: no rows here.

A wrong join hides an article for good, a missed one is still found as a near-duplicate: where the
evidence is thin, nothing is joined.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from crawler.deduplicate.declared import bears_out, declared_rule
from crawler.deduplicate.site import rivals, shares_number
from crawler.deduplicate.texts import compare_texts
from storage.records import Article
from storage.records.matching import Candidate, Match, Sibling

RULES = {"original_url": 4, "alias": 3, "site_id": 2, "text": 1}
"""The stronger evidence counts first."""

_Rank = tuple[int, float, timedelta, tuple[str, ...], int]


def decide(article: Article, candidates: Sequence[Candidate]) -> Match | None:
    """The stored article that this appearance belongs to, with the evidence; None for a new one.

    Evidence in this order: a declared original address or an alias, where headline or text bear it out, the
    site's own number, then publisher, time and text. The best evidence wins, the most alike text next, then
    the nearest in time, so that neither the order of candidates nor that of arrival matters.
    """
    found = [match for candidate in candidates if (match := _match(article, candidate))]
    best = min(found, key=lambda pair: pair[1], default=None)
    return best[0] if best else None


def _match(article: Article, candidate: Candidate) -> tuple[Match, _Rank] | None:
    rule = _by_address(article, candidate)
    if rule is not None:
        match = Match(article_id=candidate.article_id, rule=rule, score=1.0)
        return match, _rank(rule, 1.0, article, candidate)
    compared = compare_texts(article, candidate)
    if compared is None or not compared.same:
        return None
    others = rivals(article, candidate)
    if any(not other.by_text or _nearer(other, article, candidate) for other in others):
        return None
    match = Match(
        article_id=candidate.article_id,
        rule="text",
        score=round(compared.containment, 4),
        displaces=tuple(other.appearance_id for other in others),
    )
    return match, _rank("text", compared.containment * compared.ratio, article, candidate)


def _by_address(article: Article, candidate: Candidate) -> str | None:
    """The rule by which addresses and numbers make them one."""
    rule = declared_rule(article, candidate)
    if rule is not None and bears_out(article, candidate):
        return rule
    return "site_id" if shares_number(article, candidate) else None


def _rank(rule: str, alike: float, article: Article, candidate: Candidate) -> _Rank:
    """What is better sorts first."""
    return -RULES[rule], -alike, _apart(article, candidate), candidate.urls, candidate.article_id


def _apart(article: Article, candidate: Candidate) -> timedelta:
    if article.published is None or candidate.published_at is None:
        return timedelta.max
    return abs(article.published.at - candidate.published_at)


def _nearer(other: Sibling, article: Article, candidate: Candidate) -> bool:
    """Whether the page that the article has of this site is nearer to the candidate than the new one.

    A site that shows one text under two numbers has two pages: one of them is the copy, the other is linked.
    """
    if other.published_at is None or candidate.published_at is None:
        return False
    apart = abs(other.published_at - candidate.published_at)
    return (apart, other.url) < (_apart(article, candidate), article.url)
