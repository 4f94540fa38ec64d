"""What the twin publishes and what a perfect archive would hold of it: plain dataclasses.

All times are aware and in Asia/Seoul. ``None`` means that the page does not print the thing.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone

KST = timezone(timedelta(hours=9), "KST")
SITES = ("daum", "fnnews")
"""The sites that the twin plays; a crawler names its sources likewise."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """One credited person, team or house, as a reader would take the byline."""

    name: str | None
    role: str | None = None
    email: str | None = None
    organisation: str | None = None
    place: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """A figure: the caption line is printed whole, the credit is the part that names its maker."""

    url: str
    line: str
    caption: str
    credit: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """One block of a body.

    ``kind`` is p, h3, strong, smtitle, quote, list, table, or one of the things that are not
    the article: promo (▶ ☞ lines), related (related headlines), signature, notice.
    """

    kind: str
    text: str = ""
    items: tuple[str, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()
    tail: str = ""
    """Printed straight after the text and no part of it: a signature glued to the last sentence."""

    @property
    def is_body(self) -> bool:
        """True when a reader would call the block part of the article."""
        return self.kind not in {"promo", "related", "signature", "notice", "video"}

    def lines(self) -> tuple[str, ...]:
        """The block as lines of text: one for each list item and each table row (a tab between cells)."""
        if self.kind == "list":
            return self.items
        if self.kind == "table":
            return tuple("\t".join(row) for row in self.rows)
        return (self.text,)


@dataclass(slots=True, kw_only=True)
class Appearance:
    """One page that shows a story, and what that page says."""

    site: str
    """``daum`` or ``fnnews``."""
    site_id: str
    """17 digits on Daum, 18 on fnnews."""
    url: str
    """Canonical address."""
    aliases: tuple[str, ...]
    """Every other address at which the same page answers."""
    template: str
    """daum/2022, daum/2023, daum/2026, fnnews/2021, fnnews/2022, fnnews/2026."""
    publisher: str
    holder: str | None
    title: str
    subtitle: str | None
    section: str
    section_name: str
    blocks: tuple[Block, ...]
    byline_line: str | None
    bylines: tuple[Person, ...]
    dateline: str | None
    """The lead-in as printed at the head of the body."""
    signature: str | None
    notice: str | None
    notice_place: str | None
    """``after`` (outside the body), ``body`` (last block) or ``foot`` (.txt_copyright)."""
    published: datetime
    modified: datetime | None
    touched: datetime
    """When the page's bytes last changed: its Last-Modified."""
    pictures: tuple[Picture, ...] = ()
    tags: tuple[str, ...] = ()
    summary: str | None = None
    original_url: str | None = None
    doc_id: str | None = None
    charset: str = "utf-8"
    """How the page is served: ``utf-8``, ``euc-kr`` or ``utf-8 as euc-kr`` (a lie)."""
    layout: str = "mixed"
    """How paragraphs are marked up: p, mixed, br (one div with <br><br>)."""
    listed_as: tuple[str, ...] = ()
    """The addresses by which lists point to it."""
    gone: int | None = None
    """404, 410, or 200 for a page that says that the article was deleted."""
    loose_space: bool = False
    signals: tuple[tuple[str, str], ...] = ()
    """Response headers that reserve rights: X-Robots-Tag, tdm-reservation, tdm-policy."""

    @property
    def paragraphs(self) -> tuple[str, ...]:
        """The article's text as printed, without signature, promotion lines and notice."""
        return tuple(line for block in self.blocks if block.is_body for line in block.lines())

    @property
    def addresses(self) -> tuple[str, ...]:
        return (self.url, *self.aliases)


@dataclass(slots=True, kw_only=True)
class Story:
    """One story of one publisher, with its one or two appearances."""

    story_id: str
    kind: str
    """article, photo, video or gone."""
    topic: str
    publisher: str
    appearances: list[Appearance]
    bulletin: bool = False
    """A templated bulletin: near in text to its siblings, and a different article all the same."""
    wire_twin: str | None = None
    """Story id of the same wire text that another publisher shows: different articles."""
    faults: tuple[str, ...] = field(default_factory=tuple)

    @property
    def published(self) -> datetime:
        return min(appearance.published for appearance in self.appearances)

    def on(self, site: str) -> Appearance | None:
        """The appearance on that site, if there is one."""
        return next((page for page in self.appearances if page.site == site), None)
