"""Pages that a tombstone speaks against: they are not stored again."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy.orm import Session

from storage.archive.observed import Observed, shown_at
from storage.archive.standing import need_standing
from storage.archive.storing import TakenDown
from storage.archive.texts import body_of
from storage.likeness import Likenesses
from storage.models import TextRow
from storage.tombstones import Refusal, Tombstones


def refuse_taken_down(
    session: Session,
    tombstones: Tombstones | None,
    likenesses: Likenesses | None,
    page: Observed,
    fetched_url: str,
) -> None:
    """Raise TakenDown where a tombstone names the page, or its text; as `need_standing` where one is missing.

    A page that is stored, and whose text is one that would be refused, was left when that was taken
    down: what it says now is not held against it.
    """
    if tombstones is None:
        return
    need_standing(session.connection(), tombstones)
    if not tombstones.all():
        return  # no fingerprint is made for nothing
    article = page.article
    names = (fetched_url, page.address.url, article.url, *article.aliases)
    why = _speaks_against(tombstones, likenesses, names, body_of(article))
    if why is None:
        return
    shown = shown_at(session, page.address.id)
    text = None if shown is None or shown.text_id is None else session.get(TextRow, shown.text_id)
    if text is None or _speaks_against(tombstones, likenesses, names, None):
        raise TakenDown(why, names)
    if not _speaks_against(tombstones, likenesses, (), text.body):
        raise TakenDown(why, names)


def _speaks_against(
    tombstones: Tombstones, likenesses: Likenesses | None, names: Sequence[str], body: str | None
) -> Refusal | None:
    fingerprint = None if body is None or likenesses is None else likenesses.fingerprint
    return tombstones.of(names, body, fingerprint(body) if fingerprint and body else None)
