"""What the pages said: texts, articles, appearances, revisions, people, rights, images."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from storage.models.base import Base, HexDigest, on_postgresql, one_of, partial_index
from storage.records import Cause


class PublisherRow(Base):
    """The outlet that published an article, whatever site shows it."""

    __tablename__ = "publisher"
    __table_args__ = (UniqueConstraint("name"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]


class ReporterRow(Base):
    """A person known by an e-mail, or by a name at one publisher; never by a name alone."""

    __tablename__ = "reporter"
    __table_args__ = (
        UniqueConstraint("email"),
        partial_index("uq_reporter_publisher_id_name", "email IS NULL", "publisher_id", "name", unique=True),
        CheckConstraint(
            "email IS NOT NULL OR (name IS NOT NULL AND publisher_id IS NOT NULL)", name="known_by"
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str | None]
    email: Mapped[str | None]
    publisher_id: Mapped[int | None] = mapped_column(ForeignKey("publisher.id"))


class TextRow(Base):
    """A body, stored once however many pages and revisions have it."""

    __tablename__ = "text"
    __table_args__ = (UniqueConstraint("digest"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    digest: Mapped[str] = mapped_column(HexDigest)
    """sha256 of the body; the rows that show it name it by its number."""
    body: Mapped[str]


class RuleSetRow(Base):
    """Which rule read which field, as a page's reading had it; some hundred for millions of pages."""

    __tablename__ = "rule_set"
    __table_args__ = (UniqueConstraint("digest"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    digest: Mapped[str] = mapped_column(HexDigest)
    """sha256 of the rules."""
    rules: Mapped[str]
    """Field -> rule, a JSON object."""


class ArticleRow(Base):
    """One story of one publisher: what its preferred appearance says."""

    __tablename__ = "article"
    # AUTOINCREMENT: the number of an article that was joined into another is not given out again.
    __table_args__ = ({"sqlite_autoincrement": True},)

    id: Mapped[int] = mapped_column(primary_key=True)
    # Found by ix_article_publisher_shown, of storage/query/kst.py.
    publisher_id: Mapped[int | None] = mapped_column(ForeignKey("publisher.id"))
    title: Mapped[str | None]
    subtitle: Mapped[str | None]
    text_id: Mapped[int | None] = mapped_column(ForeignKey("text.id"), index=True)
    section: Mapped[str | None]
    language: Mapped[str | None]
    dateline_place: Mapped[str | None]
    dateline_agency: Mapped[str | None]
    dateline_raw: Mapped[str | None]
    published_at: Mapped[datetime | None]
    modified_at: Mapped[datetime | None]
    preferred_appearance_id: Mapped[int | None] = mapped_column(
        ForeignKey("appearance.id", use_alter=True), index=True
    )
    byline_appearance_id: Mapped[int | None] = mapped_column(
        ForeignKey("appearance.id", use_alter=True), index=True
    )
    created_at: Mapped[datetime]


class AppearanceRow(Base):
    """One address at which an article is shown, with what that page says now."""

    __tablename__ = "appearance"
    __table_args__ = (
        UniqueConstraint("address_id"),
        Index(None, "publisher_id", "title_key"),
        Index(None, "publisher_id", "published_at"),
        Index(None, "text_id"),
        # hash: a B-tree of PostgreSQL refuses values over 2,704 bytes, and a page may print any address.
        Index(None, "original_url", info=on_postgresql(using="hash")),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    address_id: Mapped[int] = mapped_column(ForeignKey("address.id"))
    article_id: Mapped[int] = mapped_column(ForeignKey("article.id"), index=True)
    source: Mapped[str | None] = mapped_column(ForeignKey("source.name"))
    site_id: Mapped[str | None]
    publisher_id: Mapped[int | None] = mapped_column(ForeignKey("publisher.id"))
    title: Mapped[str | None]
    title_key: Mapped[str | None]
    subtitle: Mapped[str | None]
    text_id: Mapped[int | None] = mapped_column(ForeignKey("text.id"))
    byline_line: Mapped[str | None]
    section: Mapped[str | None]
    tags: Mapped[str]
    language: Mapped[str | None]
    published_at: Mapped[datetime | None]
    published_precision: Mapped[str | None]
    published_raw: Mapped[str | None]
    modified_at: Mapped[datetime | None]
    modified_precision: Mapped[str | None]
    modified_raw: Mapped[str | None]
    dateline_place: Mapped[str | None]
    dateline_agency: Mapped[str | None]
    dateline_raw: Mapped[str | None]
    original_url: Mapped[str | None]
    syndicated: Mapped[bool]
    summary: Mapped[str | None]
    extractor: Mapped[str]
    rules_id: Mapped[int] = mapped_column(ForeignKey("rule_set.id"))
    content_digest: Mapped[str] = mapped_column(HexDigest)
    match_rule: Mapped[str | None]
    match_score: Mapped[float | None]
    capture_id: Mapped[int | None] = mapped_column(ForeignKey("capture.id"), index=True)
    first_seen_at: Mapped[datetime]
    reader: Mapped[int | None]
    pinned_at: Mapped[datetime | None]
    """When a re-reading of it was taken back: no crawl reads its old captures again. NULL: it was not."""


class RevisionRow(Base):
    """One distinct content of an appearance over time."""

    __tablename__ = "revision"
    __table_args__ = (
        UniqueConstraint("appearance_id", "valid_from"),
        Index(None, "text_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    appearance_id: Mapped[int] = mapped_column(ForeignKey("appearance.id"))
    content_digest: Mapped[str] = mapped_column(HexDigest)
    title: Mapped[str | None]
    subtitle: Mapped[str | None]
    text_id: Mapped[int | None] = mapped_column(ForeignKey("text.id"))
    notice: Mapped[str | None]
    byline_line: Mapped[str | None]
    valid_from: Mapped[datetime]
    valid_to: Mapped[datetime | None]
    last_seen_at: Mapped[datetime]
    capture_id: Mapped[int | None] = mapped_column(ForeignKey("capture.id"), index=True)
    modified_at: Mapped[datetime | None]
    reader: Mapped[int | None]
    cause: Mapped[str | None] = mapped_column(one_of("cause", Cause))  # goes with its column: 0004


class RereadingRow(Base):
    """What a later reader made of an old capture; ``revision_id`` None: of the appearance itself."""

    __tablename__ = "rereading"

    id: Mapped[int] = mapped_column(primary_key=True)
    appearance_id: Mapped[int] = mapped_column(ForeignKey("appearance.id"), index=True)
    revision_id: Mapped[int | None] = mapped_column(ForeignKey("revision.id"), index=True)
    capture_id: Mapped[int] = mapped_column(ForeignKey("capture.id"), index=True)
    reader_before: Mapped[int | None]
    reader_after: Mapped[int]
    at: Mapped[datetime]
    changed: Mapped[str]
    span: Mapped[str | None]
    batch: Mapped[str | None] = mapped_column(index=True)
    undone_at: Mapped[datetime | None]


class DeclaredAddressRow(Base):
    """Another address that a page names as its own: evidence, not proof."""

    __tablename__ = "declared_address"
    # hash: see AppearanceRow.original_url
    __table_args__ = (Index(None, "url", info=on_postgresql(using="hash")),)

    id: Mapped[int] = mapped_column(primary_key=True)
    appearance_id: Mapped[int] = mapped_column(ForeignKey("appearance.id"), index=True)
    url: Mapped[str]


class BylineRow(Base):
    """One credited person, team or house of an appearance, in the order printed."""

    __tablename__ = "byline"
    __table_args__ = (
        UniqueConstraint("appearance_id", "position"),
        # hash: see AppearanceRow.original_url
        Index(None, "name", info=on_postgresql(using="hash")),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    appearance_id: Mapped[int] = mapped_column(ForeignKey("appearance.id"))
    position: Mapped[int]
    name: Mapped[str | None]
    role: Mapped[str | None]
    email: Mapped[str | None]
    organisation: Mapped[str | None]
    place: Mapped[str | None]
    desk: Mapped[str | None]
    raw: Mapped[str]
    reporter_id: Mapped[int | None] = mapped_column(ForeignKey("reporter.id"), index=True)
    article_id: Mapped[int | None] = mapped_column(index=True)
    """The article whose people these are; kept by the database (storage/query/kept.py). NULL: of none."""


class RightsRow(Base):
    """The notice of an appearance and the machine-readable signals; the view is named ``rights``."""

    __tablename__ = "appearance_rights"

    appearance_id: Mapped[int] = mapped_column(ForeignKey("appearance.id"), primary_key=True)
    notice: Mapped[str | None]
    holder: Mapped[str | None]
    year: Mapped[int | None]
    no_reproduction: Mapped[bool | None]
    no_redistribution: Mapped[bool | None]
    no_ai_training: Mapped[bool | None]
    no_collection: Mapped[bool | None]
    robots_meta: Mapped[str | None]
    x_robots_tag: Mapped[str | None]
    tdm_reservation: Mapped[str | None]
    tdm_policy: Mapped[str | None]
    robots_allowed: Mapped[bool | None]
    robots_rule: Mapped[str | None]


class ImageRow(Base):
    """An image of an appearance, as an address; its bytes are not fetched."""

    __tablename__ = "image"
    __table_args__ = (UniqueConstraint("appearance_id", "position"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    appearance_id: Mapped[int] = mapped_column(ForeignKey("appearance.id"))
    position: Mapped[int]
    url: Mapped[str]
    caption: Mapped[str | None]
    credit: Mapped[str | None]
