"""Raw strings of one page, each with the rule that found it."""

from __future__ import annotations

from dataclasses import dataclass

from storage.records import PageKind, Removal


@dataclass(frozen=True, slots=True, kw_only=True)
class Raw:
    """A string as the page prints it, with the rule that found it (``og:title``, ``h3.tit_view``)."""

    value: str
    rule: str
    part: Raw | None = None
    """A piece of ``value`` that reads by itself: the line with the names in an element that holds more."""


LONE = "header line, one word"
"""The rule of a byline that may be no name at all: nothing but its place in the head speaks for it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RawImage:
    url: str
    caption: str | None
    """The whole caption line; caption and credit are told apart by normalise."""
    alt: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Extraction:
    """Raw strings of one page, each with its rule. No interpretation: that is normalise."""

    url: str
    source: str | None
    """Source name (``daum``), None for a page of no declared source."""
    extractor: str
    """Page class and its date, e.g. ``daum/2022`` or ``generic/1``."""
    kind: PageKind
    reason: str | None = None
    title: Raw | None = None
    subtitle: Raw | None = None
    publisher: Raw | None = None
    section: Raw | None = None
    tags: tuple[Raw, ...] = ()
    language: Raw | None = None
    published: Raw | None = None
    published_also: tuple[Raw, ...] = ()
    """The page's other times of publication, surest first: they stand in where the first is none that can
    be."""
    modified: Raw | None = None
    modified_also: tuple[Raw, ...] = ()
    byline_line: Raw | None = None
    """The header byline, verbatim."""
    author_hints: tuple[Raw, ...] = ()
    """Machine-readable author strings (script, JSON-LD, meta): names or e-mails."""
    paragraphs: tuple[str, ...] = ()
    """The container's blocks in reading order; signature and notice lines may still be inside."""
    body_rule: str | None = None
    """Container and method that gave the paragraphs (``section: trafilatura, 2 blocks put back ...``)."""
    removed: tuple[Removal, ...] = ()
    notices: tuple[Raw, ...] = ()
    """Candidate copyright lines outside the paragraphs, best first."""
    holder: Raw | None = None
    """Who holds the rights as a machine is told (JSON-LD, meta): it stands in where no notice names one."""
    images: tuple[RawImage, ...] = ()
    pictured: bool = True
    """Whether the container shows a picture or a film: only then it is an article without a text."""
    original_url: Raw | None = None
    summary: Raw | None = None
    site_id: str | None = None
    aliases: tuple[str, ...] = ()
    """Other addresses that the page gives itself."""
    own_addresses: tuple[str, ...] = ()
    """Every address that the page gives as its own, this one included."""
    canonical_url: str | None = None
    robots_meta: str | None = None
    tdm_meta: str | None = None
