"""Bodies: each stored once, known by its digest, named by its number."""

from __future__ import annotations

import hashlib
import unicodedata

from sqlalchemy.orm import Session

from storage.database.bodies import store_body
from storage.models import storable
from storage.records import Article


def body_of(article: Article) -> str | None:
    """The body as it is stored: NFC."""
    return None if article.body is None else unicodedata.normalize("NFC", storable(article.body))


def text_digest(body: str | None) -> str | None:
    """What a body is known by: its sha256 in hex."""
    return None if body is None else hashlib.sha256(body.encode()).hexdigest()


def ensure_text(session: Session, body: str | None) -> int | None:
    """Store a body once; its number."""
    digest = text_digest(body)
    return None if digest is None or body is None else store_body(session, digest, body)
