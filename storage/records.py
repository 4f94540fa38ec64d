"""The archive's own language: the frozen dataclasses that the stages hand on.

The flow is one way: Discovery -> CapturedPage -> Extraction -> Article -> rows. All instants are
aware and in UTC unless a name says otherwise; an unknown field is ``None`` (or an empty tuple),
never an invented value. Words are those of docs/glossary.md.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from datetime import date, datetime
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


class Cause(StrEnum):
    """Where the difference between a revision and the one before it comes from."""

    SITE = "site"
    READER_OR_SITE = "reader_or_site"
    """Two readers read the two, and the older capture could not be read again."""


class Declared(StrEnum):
    """As what a page names another address."""

    CANONICAL = "canonical"
    """Its own (og:url)."""
    ORIGINAL = "original"
    """That of the publisher's own page."""


# --- discover -----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Discovery:
    """An address seen at a seed. ``url`` is already the source's canonical form."""

    url: str
    title_hint: str | None = None
    time_hint: datetime | None = None
    time_raw: str | None = None
    updated_hint: datetime | None = None
    """When the list says that the page was changed last."""
    updated_raw: str | None = None
    section_hint: str | None = None
    publisher_hint: str | None = None
    author_hint: str | None = None
    position: int | None = None
    """1-based place in the list."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Channel:
    """A publisher's channel at a portal."""

    number: int
    """The portal's own number of it."""
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """What one feed or list page said.

    ``recognised`` is False when the bytes are not the list that the seed promises (another page,
    markup unknown): an empty list and an unrecognised one are different outcomes.
    """

    discoveries: tuple[Discovery, ...]
    recognised: bool
    reason: str | None = None
    """Why it was not recognised, one sentence."""
    rejected: int = 0
    """Links passed over because they are no article of this source."""
    next_url: str | None = None
    """The next page of the same list, where the list has one."""
    note: str | None = None
    """What of a list that was read could not be read."""
    channels: tuple[Channel, ...] = ()
    """Publishers that the page names, where it is a list of these."""


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
    truncated: bool = False
    x_robots_tag: str | None = None
    tdm_reservation: str | None = None
    tdm_policy: str | None = None


# --- extract ------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Raw:
    """A string as the page prints it, with the rule that found it (``og:title``, ``h3.tit_view``)."""

    value: str
    rule: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Removal:
    """Text that stood in the body's container and was left out, with the rule that did it."""

    rule: str
    text: str


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
    original_url: Raw | None = None
    summary: Raw | None = None
    site_id: str | None = None
    aliases: tuple[str, ...] = ()
    """Other addresses that the page gives itself."""
    canonical_url: str | None = None
    robots_meta: str | None = None
    tdm_meta: str | None = None


# --- normalise ----------------------------------------------------------------------------------


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


# --- deduplicate --------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Sibling:
    """A page of the article that a candidate belongs to, the candidate included."""

    appearance_id: int
    url: str
    site_id: str | None
    published_at: datetime | None
    by_text: bool
    """Nothing but a text may hold it in the article."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """An article already stored that a new appearance may belong to."""

    article_id: int
    publisher: str | None
    title: str | None
    body: str | None
    published_at: datetime | None
    urls: tuple[str, ...] = ()
    """Addresses of its appearances and their aliases."""
    original_urls: tuple[str, ...] = ()
    declared: tuple[str, ...] = ()
    """Addresses that its page names as its own."""
    site_id: str | None = None
    siblings: tuple[Sibling, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Match:
    """Why a new appearance belongs to a stored article."""

    article_id: int
    rule: str
    """``original_url``, ``alias``, ``site_id``, ``text``."""
    score: float
    displaces: tuple[int, ...] = ()
    """Appearances of the article that give way: another page of the new one's site, less near in time."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stored:
    """What the writer did with one article."""

    outcome: Outcome
    reason: str
    article_id: int | None
    appearance_id: int | None = None


# --- frontier and runs --------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """The capture that a conditional request asks about: its bytes stay valid after a 304."""

    url: str
    fetched_at: datetime
    payload_digest: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """Where a run saw an address listed, and what the list said of it."""

    seed: str
    title_hint: str | None = None
    time_raw: str | None = None
    section_hint: str | None = None
    publisher_hint: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class LeasedAddress:
    """An address handed to one worker until the lease expires."""

    id: int
    url: str
    source: str
    attempts: int
    first_seen_at: datetime
    published_at: datetime | None = None
    """Of the article that the archive has there; None when it has none or no time is printed."""
    etag: str | None = None
    last_modified: str | None = None
    held: Held | None = None
    """What the validators are of; None where there are none."""
    listed: Listed | None = None
    """None: the run took it on without seeing it listed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Settled:
    """The end of one address in one run."""

    address_id: int
    run_id: int
    outcome: Outcome
    reason: str
    at: datetime
    capture_id: int | None = None
    next_fetch_at: datetime | None = None
    asked: bool = True
    """False: no request was made for it, as its host rests; it counts as no attempt."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SeedVisit:
    """What became of one seed in one run."""

    run_id: int
    seed: str
    kind: str
    section: str | None
    outcome: Outcome
    reason: str
    listed: int
    at: datetime
    capture_id: int | None = None
    way: str | None = None
    """The unproven way in that it is part of; None: it is proven."""
    grade: str | None = None
    next_url: str | None = None
    """Its next page; None: it was read whole."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RunSettings:
    """What a run was set to do: written when it opens, read by the ledger and the politeness report.

    None: not set, or not known of a run of an earlier version.
    """

    user_agent: str | None = None
    delay_s: float | None = None
    origin: str | None = None
    """The server that stood in for the source's."""
    limit: int | None = None
    permission: str | None = None
    """Who permitted which host past its robots.txt."""
    since: date | None = None
    until: date | None = None

    def to_json(self) -> str:
        """The text of the column ``run.settings``: every value as text, ``""`` for None."""
        plain = {field.name: getattr(self, field.name) for field in fields(self)}
        return json.dumps(
            {name: "" if value is None else str(value) for name, value in plain.items()},
            ensure_ascii=False,
            sort_keys=True,
        )

    @classmethod
    def from_json(cls, text: str) -> RunSettings:
        """Read the column; keys that this version does not know are left alone.

        Raises:
            ValueError: a value is not of its kind.
        """
        said = json.loads(text)
        return cls(
            user_agent=said.get("user_agent") or None,
            delay_s=float(said["delay_s"]) if said.get("delay_s") else None,
            origin=said.get("origin") or None,
            limit=int(said["limit"]) if said.get("limit") else None,
            permission=said.get("permission") or said.get("permissions") or None,
            since=date.fromisoformat(said["since"]) if said.get("since") else None,
            until=date.fromisoformat(said["until"]) if said.get("until") else None,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class RunSummary:
    """One row of ``newsarchive runs``."""

    id: int
    source: str
    mode: str
    started_at: datetime
    finished_at: datetime | None
    verdict: Verdict | None
    reason: str | None
    listed: int
    counts: Mapping[str, int]
    requests: int
    bytes: int
