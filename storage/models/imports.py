"""What was imported: each file that was given, and what became of each page in it."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from storage.models.base import Base, on_postgresql, one_of
from storage.records import Outcome


class Fate(StrEnum):
    """What an import did with one page of a file."""

    TAKEN = "taken"
    KNOWN = "known"
    """The archive has this very capture already."""
    QUEUED = "queued"
    """An address without bytes: the next crawl of its source asks for it."""
    LEFT = "left"
    """Not asked for: no page, of no source, an answer that is no end."""
    UNREADABLE = "unreadable"


class ImportFileRow(Base):
    """One file or folder that was given to ``import``; the same bytes again are the same row."""

    __tablename__ = "import_file"
    __table_args__ = (UniqueConstraint("sha256", "kind"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
    kind: Mapped[str]
    sha256: Mapped[str]
    size: Mapped[int]
    started_at: Mapped[datetime]
    finished_at: Mapped[datetime | None]
    counts: Mapped[str | None]
    problems: Mapped[str | None]


class ImportEntryRow(Base):
    """One page of an imported file: what it was, and what became of it."""

    __tablename__ = "import_entry"
    __table_args__ = (
        UniqueConstraint("file_id", "position"),
        # hash: a digest is what another program wrote, of any length
        Index(None, "digest", info=on_postgresql(using="hash")),
        one_of("fate", Fate),
        one_of("outcome", [end for end in Outcome if end is not Outcome.KNOWN]),  # a link of a list is that
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    file_id: Mapped[int] = mapped_column(ForeignKey("import_file.id"))
    position: Mapped[str]
    record: Mapped[str | None]
    url: Mapped[str | None]
    fetched_at: Mapped[datetime | None]
    fate: Mapped[str]
    reason: Mapped[str | None]
    digest: Mapped[str | None]
    capture_id: Mapped[int | None] = mapped_column(ForeignKey("capture.id"), index=True)
    outcome: Mapped[str | None]
    at: Mapped[datetime]
