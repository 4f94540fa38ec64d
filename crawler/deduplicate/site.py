"""What addresses say of two pages: of one site or not, and under one number or two. Pure."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from storage.records import Article
from storage.records.matching import Candidate, Sibling

LEAST_NUMBER = 8
"""Characters of a site's number that is no list's or page's."""
_DIGITS = re.compile(r"\d+")


def house(url: str) -> str:
    """The host without the names of its mobile and other doors.

    >>> house("https://m.example.com/view/1")
    'example.com'
    """
    host = urlsplit(url).hostname or ""
    return host.removeprefix("www.").removeprefix("m.").removeprefix("amp.")


def same_site(article: Article, candidate: Candidate) -> bool:
    """Whether one site shows both."""
    return any(house(url) == house(article.url) for url in candidate.urls)


def shares_number(article: Article, candidate: Candidate) -> bool:
    """The site's own number stands as a part of the path of an address on the same site."""
    if article.site_id is None or len(article.site_id) < LEAST_NUMBER:
        return False
    ours = house(article.url)
    return any(
        house(url) == ours and article.site_id in urlsplit(url).path.split("/") for url in candidate.urls
    )


def under_two_numbers(article: Article, candidate: Candidate) -> bool:
    """Whether the site numbers the two differently: then they are two pages, whatever they say."""
    there = [url for url in candidate.urls if house(url) == house(article.url)]
    return bool(there) and all(_differ(article, url, candidate.site_id) for url in there)


def rivals(article: Article, candidate: Candidate) -> tuple[Sibling, ...]:
    """The other pages of the article's own site that the candidate's article has."""
    ours = house(article.url)
    return tuple(
        one for one in candidate.siblings if house(one.url) == ours and _differ(article, one.url, one.site_id)
    )


def _differ(article: Article, url: str, site_id: str | None) -> bool:
    if article.site_id is not None and site_id is not None:
        return article.site_id != site_id
    return _numbers(article.url) != _numbers(url)


def _numbers(url: str) -> list[str]:
    """The numbers in an address: what most sites without a known number tell their pages by."""
    parts = urlsplit(url)
    return _DIGITS.findall(f"{parts.path}?{parts.query}")
