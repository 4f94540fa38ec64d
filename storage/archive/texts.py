"""Bodies: each stored once, under its digest."""

from __future__ import annotations

import hashlib
import unicodedata

from sqlalchemy.orm import Session

from storage.models import TextRow, storable
from storage.records import Article

_NEW = "new texts"
"""Key of ``Session.info``: digests of the bodies that the transaction at work was the first to store."""


def body_of(article: Article) -> str | None:
    """The body as it is stored: NFC."""
    return None if article.body is None else unicodedata.normalize("NFC", storable(article.body))


def text_digest(body: str | None) -> str | None:
    """What a body is stored under: its sha256 in hex."""
    return None if body is None else hashlib.sha256(body.encode()).hexdigest()


def ensure_text(session: Session, body: str | None) -> str | None:
    """Store a body once; its digest."""
    digest = text_digest(body)
    if digest is None:
        return None
    if session.get(TextRow, digest) is None:  # nobody else makes it: there is one writer at a time
        session.add(TextRow(digest=digest, body=body))
        session.flush()
        session.info.setdefault(_NEW, set()).add(digest)
    return digest


def is_new(session: Session, digest: str) -> bool:
    """Whether the transaction at work is the first to store this body: nothing else can have it."""
    return digest in session.info.get(_NEW, ())
