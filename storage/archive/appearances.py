"""One appearance: its columns, its parts, and its revisions, made from an article's record."""

from __future__ import annotations

import hashlib
import json
import re
import unicodedata
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import delete, insert, select
from sqlalchemy.orm import Session

from storage.archive.people import add_bylines, publisher_id, write_bylines
from storage.archive.reporters import Credit
from storage.archive.rules import ensure_rules, rules_of
from storage.archive.texts import body_of, ensure_text
from storage.database.prepared import Prepared
from storage.models import AppearanceRow, DeclaredAddressRow, ImageRow, RightsRow, storable
from storage.models.base import cleaned, table_of
from storage.records import Article, FetchSignals

_OPENING_TAGS = re.compile(r"^(?:\s*[\[【][^\]】]{1,20}[\]】])+")
_TITLE_KEY_LENGTH = 200
"""A key to look up by, not the title: PostgreSQL's index takes 2,704 bytes, titles have no bound."""


def title_key(title: str | None) -> str | None:
    """What stays equal when a title is copied: letters and digits, without ``[단독]`` in front.

    >>> title_key("[단독] 코스피 2,700선 회복…외국인 '사자'")
    '코스피2700선회복외국인사자'
    >>> title_key("[인사]")
    '인사'
    """
    if title is None:
        return None
    plain = unicodedata.normalize("NFKC", title)
    for text in (_OPENING_TAGS.sub("", plain), plain):
        key = "".join(letter for letter in text if letter.isalnum()).casefold()
        if key:
            return key[:_TITLE_KEY_LENGTH]
    return None


def content_digest(article: Article) -> str:
    """What a revision is told by: title, subtitle, body, notice and byline line (sha256, hex).

    White space does not count, nor whether a letter is composed: a page that is laid out anew says the same.
    """
    return digest_of(
        cleaned(article.title),
        cleaned(article.subtitle),
        body_of(article),
        cleaned(article.rights.notice),
        cleaned(article.byline_line),
    )


def digest_of(*content: str | None) -> str:
    """``content_digest`` of a title, subtitle, body, notice and byline line as they are stored."""
    parts = [None if value is None else " ".join(_composed(value).split()) for value in content]
    return hashlib.sha256(json.dumps(parts, ensure_ascii=False).encode()).hexdigest()


_DECOMPOSED = re.compile("[^\u0300-\u036f\u1100-\u11ff]?[\u0300-\u036f\u1100-\u11ff]+")


def _composed(text: str) -> str:
    """Letters in pieces (Hangul jamo, accents) put together; compatibility letters stay what they are."""
    if unicodedata.is_normalized("NFC", text):  # looks through a text ten times as fast
        return text
    return _DECOMPOSED.sub(lambda found: unicodedata.normalize("NFC", found[0]), text)


def columns_of(
    session: Session, article: Article, publisher: int | None = None, rules: int | None = None
) -> dict[str, Any]:
    """The appearance's columns that the page decides; its body is stored, its source is there.

    ``publisher`` and ``rules``: the numbers of the page's; None: they are looked up.
    """
    return plain_columns(article) | {
        "publisher_id": publisher or publisher_id(session, cleaned(article.publisher)),
        "rules_id": rules or ensure_rules(session, rules_of(article)),
        "text_id": ensure_text(session, body_of(article)),
    }


def plain_columns(article: Article) -> dict[str, Any]:
    """Those of the columns that refer to no other row."""
    columns: dict[str, Any] = {
        "source": article.source,
        "title_key": title_key(cleaned(article.title)),
        "tags": json.dumps([storable(tag) for tag in article.tags], ensure_ascii=False),
        "syndicated": article.syndicated,
        "content_digest": content_digest(article),
    }
    for name in _PLAIN:
        columns[name] = cleaned(getattr(article, name))
    return columns | _times(article) | _dateline(article)


# Made once, and rows without objects: SQLAlchemy's cost five times what the database needs.
_RIGHTS = Prepared(insert(table_of(RightsRow)))
_IMAGES = Prepared(insert(table_of(ImageRow)))
_DECLARED = Prepared(insert(table_of(DeclaredAddressRow)))

_PLAIN = (
    "title",
    "subtitle",
    "byline_line",
    "section",
    "language",
    "original_url",
    "summary",
    "extractor",
    "site_id",
)


def _times(article: Article) -> dict[str, Any]:
    columns: dict[str, Any] = {}
    for name, instant in (("published", article.published), ("modified", article.modified)):
        columns[f"{name}_at"] = None if instant is None else instant.at
        columns[f"{name}_precision"] = None if instant is None else instant.precision
        columns[f"{name}_raw"] = None if instant is None else storable(instant.raw)
    return columns


def _dateline(article: Article) -> dict[str, Any]:
    dateline = article.dateline
    return {
        "dateline_place": None if dateline is None else cleaned(dateline.place),
        "dateline_agency": None if dateline is None else cleaned(dateline.agency),
        "dateline_raw": None if dateline is None else storable(dateline.raw),
    }


def assign(row: Any, columns: Mapping[str, Any]) -> list[str]:
    """Set the columns that differ; their names."""
    changed = [name for name, value in columns.items() if getattr(row, name) != value]
    for name in changed:
        setattr(row, name, columns[name])
    return changed


def add_parts(
    session: Session, appearance_id: int, article: Article, signals: FetchSignals, publisher: int | None
) -> list[Credit]:
    """Write bylines, rights, images and declared addresses of an appearance without any; who is credited."""
    credited = add_bylines(session, appearance_id, article.bylines, publisher)
    _RIGHTS.run(session.connection(), {"appearance_id": appearance_id, **rights_columns(article, signals)})
    _add_images(session, appearance_id, image_values(article))
    _add_declared(session, appearance_id, [storable(url) for url in article.declared])
    return credited


def write_parts(
    session: Session, appearance: AppearanceRow, article: Article, signals: FetchSignals
) -> list[str]:
    """Make bylines, rights, images and declared addresses those of the page; the names of what changed."""
    changed = []
    if write_bylines(session, appearance.id, article.bylines, appearance.publisher_id):
        changed.append("bylines")
    if _write_rights(session, appearance.id, article, signals):
        changed.append("rights")
    if _write_images(session, appearance.id, article):
        changed.append("images")
    if _write_declared(session, appearance.id, article):
        changed.append("declared addresses")
    return changed


def _write_rights(session: Session, appearance_id: int, article: Article, signals: FetchSignals) -> bool:
    columns = rights_columns(article, signals)
    row = session.get(RightsRow, appearance_id)
    if row is None:
        _RIGHTS.run(session.connection(), {"appearance_id": appearance_id, **columns})
        return True
    return bool(assign(row, columns))


def rights_columns(article: Article, signals: FetchSignals) -> dict[str, Any]:
    """What the page and its fetch say of rights."""
    rights = article.rights
    return {
        "notice": cleaned(rights.notice),
        "holder": cleaned(rights.holder),
        "year": rights.year,
        "no_reproduction": rights.no_reproduction,
        "no_redistribution": rights.no_redistribution,
        "no_ai_training": rights.no_ai_training,
        "no_collection": rights.no_collection,
        "robots_meta": cleaned(rights.robots_meta),
        "x_robots_tag": cleaned(rights.x_robots_tag or signals.x_robots_tag),
        "tdm_reservation": cleaned(rights.tdm_reservation or signals.tdm_reservation),
        "tdm_policy": cleaned(rights.tdm_policy or signals.tdm_policy),
        "robots_allowed": signals.robots_allowed,
        "robots_rule": cleaned(signals.robots_rule),
    }


def _write_images(session: Session, appearance_id: int, article: Article) -> bool:
    ours = select(ImageRow).where(ImageRow.appearance_id == appearance_id).order_by(ImageRow.position)
    stored = [(row.url, row.caption, row.credit) for row in session.scalars(ours)]
    wanted = image_values(article)
    if stored == wanted:
        return False
    if stored:
        session.execute(delete(ImageRow).where(ImageRow.appearance_id == appearance_id))
    _add_images(session, appearance_id, wanted)
    return True


def _add_images(session: Session, appearance_id: int, images: Sequence[ImageValues]) -> None:
    rows = [
        {
            "appearance_id": appearance_id,
            "position": position,
            "url": url,
            "caption": caption,
            "credit": credit,
        }
        for position, (url, caption, credit) in enumerate(images, start=1)
    ]
    _IMAGES.run_all(session.connection(), rows)


ImageValues = tuple[str, str | None, str | None]
"""(address, caption, credit) of an image."""


def image_values(article: Article) -> list[ImageValues]:
    """The page's images in their order."""
    return [(storable(image.url), cleaned(image.caption), cleaned(image.credit)) for image in article.images]


def _write_declared(session: Session, appearance_id: int, article: Article) -> bool:
    ours = select(DeclaredAddressRow.url).where(DeclaredAddressRow.appearance_id == appearance_id)
    stored = list(session.scalars(ours.order_by(DeclaredAddressRow.id)))
    wanted = [storable(url) for url in article.declared]
    if stored == wanted:
        return False
    if stored:
        session.execute(delete(DeclaredAddressRow).where(DeclaredAddressRow.appearance_id == appearance_id))
    _add_declared(session, appearance_id, wanted)
    return True


def _add_declared(session: Session, appearance_id: int, urls: Sequence[str]) -> None:
    rows = [{"appearance_id": appearance_id, "url": url} for url in urls]
    _DECLARED.run_all(session.connection(), rows)
