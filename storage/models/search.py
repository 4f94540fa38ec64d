"""The search index's own table; what is looked up lies beside it (storage/search/tables.py)."""

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from storage.models.base import Base


class SearchEntryRow(Base):
    """What of an article is indexed, and its place in time: the number grows with the publication."""

    __tablename__ = "search_entry"
    __table_args__ = (UniqueConstraint("article_id"),)

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    article_id: Mapped[int] = mapped_column(ForeignKey("article.id"))
    minute: Mapped[int]
    title: Mapped[str | None]
    subtitle: Mapped[str | None]
    text_id: Mapped[int | None] = mapped_column(ForeignKey("text.id"), index=True)
    """As indexed: SQLite takes a text out of its index only when it is given the same text again."""
    version: Mapped[int]
    """Of the rules that it was indexed by: each search asks whether there is one of older rules."""
