"""The archive's own language: the frozen dataclasses that the stages hand on.

The flow is one way: Discovery -> CapturedPage -> Extraction -> Article -> rows. All instants are
aware and in UTC unless a name says otherwise; an unknown field is ``None`` (or an empty tuple),
never an invented value. Words are those of docs/glossary.md.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum


class Outcome(StrEnum):
    """The single end of one address in one run."""

    STORED = "stored"
    UNCHANGED = "unchanged"
    REVISED = "revised"
    DUPLICATE = "duplicate"
    KNOWN = "known"
    """Listed, understood before, not due: not asked. Counted by run, without a row for each address."""
    NOT_ARTICLE = "not_article"
    BLOCKED = "blocked"
    GONE = "gone"
    FAILED = "failed"
    QUARANTINED = "quarantined"


ARTICLES = (Outcome.STORED, Outcome.UNCHANGED, Outcome.REVISED, Outcome.DUPLICATE)
"""Ends of an address that shows an article."""
LOOKS = (Outcome.GONE, *ARTICLES)
"""Ends that say whether a page was there; a failed fetch, for instance, says nothing."""


class Verdict(StrEnum):
    """How a run ended, held against its source's expectation."""

    HEALTHY = "healthy"
    DEGRADED = "degraded"
    EMPTY = "empty"
    BLOCKED = "blocked"
    INTERRUPTED = "interrupted"


class RunMode(StrEnum):
    """What a run was asked for."""

    LATEST = "latest"
    """The source's seeds as they are now."""
    RECHECK = "recheck"
    """Known pages whose time has come; no list is read."""
    BACKFILL = "backfill"
    """The lists of past days."""
    FILL = "fill"
    """Exactly what is missing: the lists and open addresses of days with gaps."""
    FETCH = "fetch"
    """Named addresses; runs beside another run of the source."""


SCHEDULED = (RunMode.LATEST, RunMode.RECHECK, RunMode.BACKFILL)
"""Modes that a slot or ``newsarchive crawl`` can ask for, in the order in which waiting slots of one
source are crawled: the newest news first."""


class PageKind(StrEnum):
    """What the extractor took the page for."""

    ARTICLE = "article"
    NOT_ARTICLE = "not_article"
    GONE = "gone"
    BLOCKED = "blocked"
    """The page refuses with status 200: a block page, a captcha, a login, a consent wall."""
    INCOMPLETE = "incomplete"
    """No whole page came: nothing at all, or one that is cut off."""
    QUARANTINED = "quarantined"


REFUSES = "The page refuses"
"""So begins the reason of a block page or a captcha; a login, a consent wall is one page's affair."""


class Cause(StrEnum):
    """Where the difference between a revision and the one before it comes from."""

    SITE = "site"
    READER_OR_SITE = "reader_or_site"
    """Two readers read the two, and the older capture could not be read again."""


class Declared(StrEnum):
    """As what a page names another address."""

    CANONICAL = "canonical"
    """Its own (og:url, rel=canonical)."""
    ORIGINAL = "original"
    """That of the publisher's own page."""


PAGE_STATUSES = frozenset({200, 203})
"""Statuses of an answer that is the page itself. 203 is a 200 that a proxy on the way has rewritten
(RFC 9110, 15.3.4); what it means to be read is what a reader there gets to see."""


# --- capture ------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class WarcPlace:
    """Where a record lies: file name relative to the WARC folder, byte offset, byte length."""

    file: str
    offset: int
    length: int


@dataclass(frozen=True, slots=True, kw_only=True)
class FetchSignals:
    """Machine-readable rights signals as seen at the fetch (None: not looked at or not present)."""

    robots_allowed: bool | None = None
    robots_rule: str | None = None
    """The verdict in words: ``allowed``, ``no robots.txt (404)``, ``Disallow``, ..."""
    x_robots_tag: str | None = None
    tdm_reservation: str | None = None
    tdm_policy: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Capture:
    """The record of one fetch, as stored beside its WARC record."""

    url: str
    """The address asked for (real host, never the origin that played it)."""
    fetched_at: datetime
    http_status: int
    content_type: str | None
    etag: str | None
    last_modified: str | None
    payload_digest: str
    """WARC form: ``sha1:`` + base32 of the payload (body bytes as received, content-decoded)."""
    payload_length: int
    warc: WarcPlace
    final_url: str | None = None
    """Target where ``http_status`` is a redirect."""
    truncated: str | None = None
    """WARC-Truncated reason (``length``, ``disconnect``), None when whole."""
    signals: FetchSignals = field(default_factory=FetchSignals)


@dataclass(frozen=True, slots=True, kw_only=True)
class CapturedPage:
    """What the extractor is given: bytes and where and when they came from. Nothing else."""

    url: str
    body: bytes
    content_type: str | None = None
    """The HTTP Content-Type header, charset included, when there was one."""
    captured_at: datetime | None = None
    seen_by: datetime | None = None
    """Of a page that nobody dated: when it was there at the latest. No time on it can be after that."""
    truncated: bool = False
    x_robots_tag: str | None = None
    tdm_reservation: str | None = None
    tdm_policy: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Removal:
    """Text that stood in the body's container and was left out, with the rule that did it."""

    rule: str
    text: str


# --- extract and normalise ----------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Instant:
    """A parsed time: aware UTC value, how exact the page was, and what it printed."""

    at: datetime
    precision: str
    """``second``, ``minute`` or ``day``."""
    raw: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """One credited person, team or house of a byline; ``name`` None for an e-mail alone."""

    name: str | None
    role: str | None = None
    email: str | None = None
    organisation: str | None = None
    place: str | None = None
    desk: str | None = None
    raw: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Dateline:
    place: str | None
    agency: str | None
    raw: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Rights:
    """What the copyright notice says. A flag is None where no notice was read: silence says nothing."""

    notice: str | None = None
    holder: str | None = None
    year: int | None = None
    no_reproduction: bool | None = None
    no_redistribution: bool | None = None
    no_ai_training: bool | None = None
    no_collection: bool | None = None
    robots_meta: str | None = None
    x_robots_tag: str | None = None
    tdm_reservation: str | None = None
    tdm_policy: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Image:
    url: str
    caption: str | None = None
    credit: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Article:
    """One page's article, typed: what an appearance stores."""

    url: str
    """Canonical address of this appearance."""
    source: str | None
    extractor: str
    kind: PageKind
    reason: str | None = None
    site_id: str | None = None
    aliases: tuple[str, ...] = ()
    """Other addresses of this very page: spelled otherwise, or of the same number."""
    declared: tuple[str, ...] = ()
    """Addresses that the page names as its own and that may be anything: evidence, not proof."""
    names_itself: bool = False
    """The page gives its own address, in any spelling: it is no other one's."""
    other_url: str | None = None
    """The address of another number that the page gives as its own, where it never gives this one: it may be
    another article's page."""
    publisher: str | None = None
    title: str | None = None
    subtitle: str | None = None
    body: str | None = None
    """Paragraphs separated by one newline, as printed, NFC; None when there is none."""
    section: str | None = None
    tags: tuple[str, ...] = ()
    language: str | None = None
    published: Instant | None = None
    modified: Instant | None = None
    dateline: Dateline | None = None
    byline_line: str | None = None
    bylines: tuple[Person, ...] = ()
    rights: Rights = field(default_factory=Rights)
    images: tuple[Image, ...] = ()
    original_url: str | None = None
    summary: str | None = None
    syndicated: bool = False
    """True when this page shows another publisher's article (every Daum page)."""
    rules: Mapping[str, str] = field(default_factory=dict)
    """Field name -> rule that gave it."""
    removed: tuple[Removal, ...] = ()
