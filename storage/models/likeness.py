"""Near-duplicates: fingerprints of texts, their look-up keys, links, groups; and reporters twice known."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from storage.likeness import LinkKind
from storage.models.base import Base

_KINDS = ", ".join(f"'{kind.value}'" for kind in LinkKind)


ARRAYS_IN_POSTGRESQL = {"fingerprint_key": "keys_of_fingerprint"}
"""Table -> what holds its rows on PostgreSQL, where the table's name is a view's. A row of its own for each
of a fingerprint's sixty keys takes 4.4 kB there, an array of them in an index (GIN) 2.5; SQLite's rows take
0.9 (10,000 fingerprints, 2026-11-26)."""


class FingerprintRow(Base):
    """The signature of one text, in one version of the scheme."""

    __tablename__ = "fingerprint"
    __table_args__ = (UniqueConstraint("text_id", "version"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    text_id: Mapped[int] = mapped_column(ForeignKey("text.id"))
    version: Mapped[int]
    letters: Mapped[int]
    shingles: Mapped[int]
    signature: Mapped[bytes]


class FingerprintKeyRow(Base):
    """A band or a sentence of a fingerprint: texts that share one are compared.

    A view on PostgreSQL, of ``keys_of_fingerprint``: see :data:`ARRAYS_IN_POSTGRESQL`.
    """

    __tablename__ = "fingerprint_key"
    # On SQLite the primary key is the table: a look-up reads one place of one tree. No foreign key:
    # it would be looked up for each of an article's sixty rows, and fingerprints go only with a takedown.
    __table_args__ = ({"sqlite_with_rowid": False},)

    key: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    fingerprint_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)


class ArticleLinkRow(Base):
    """Two different articles with nearly the same text; the lower number first."""

    __tablename__ = "article_link"
    __table_args__ = (
        UniqueConstraint("article_id", "other_id"),
        CheckConstraint("article_id < other_id", name="order"),
        CheckConstraint(f"kind IN ({_KINDS})", name="kind"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    article_id: Mapped[int] = mapped_column(ForeignKey("article.id", ondelete="CASCADE"))
    other_id: Mapped[int] = mapped_column(ForeignKey("article.id", ondelete="CASCADE"), index=True)
    kind: Mapped[str]
    wire: Mapped[str | None]
    score: Mapped[float]
    evidence: Mapped[str]
    linked_at: Mapped[datetime]


class GroupMemberRow(Base):
    """The group of linked articles that an article belongs to, named by its lowest article number."""

    __tablename__ = "group_member"

    article_id: Mapped[int] = mapped_column(ForeignKey("article.id", ondelete="CASCADE"), primary_key=True)
    group_id: Mapped[int] = mapped_column(index=True)


class ReporterAliasRow(Base):
    """A reporter known by name and publisher who is, beyond doubt, one known by an e-mail."""

    __tablename__ = "reporter_alias"

    reporter_id: Mapped[int] = mapped_column(ForeignKey("reporter.id"), primary_key=True)
    same_as_id: Mapped[int] = mapped_column(ForeignKey("reporter.id"), index=True)
