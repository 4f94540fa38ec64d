"""A sweep of today's reader through old captures: what it read of them, applied page by page."""

from __future__ import annotations

import json
import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Engine, select
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from storage.archive.articles import Decide
from storage.archive.placing import Placing
from storage.archive.rereading import JOINED, NEXT_CAUSE, read_again
from storage.archive.same_reading import Same, SameReading, Shown, note
from storage.archive.storing import NotThisPage, TakenDown
from storage.archive.writer import Writer
from storage.database.bodies import body_of_text, number_of_text
from storage.database.opening import writing
from storage.likeness import Likenesses
from storage.models import AppearanceRow, CaptureRow, PublisherRow, RereadingRow
from storage.records import Article, PageKind
from storage.tombstones import Tombstones

log = logging.getLogger("newsarchive")


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """One page to be read again, and its captures."""

    id: int
    """The appearance; of a page in quarantine: the address."""
    address_id: int
    url: str
    source: str
    captures: tuple[int, ...]
    quarantined: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """What a field said and says, as text."""

    field: str
    before: str | None
    after: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Applied:
    """What a re-reading did with one page, or would do."""

    page: Page
    article_id: int | None = None
    differences: tuple[Difference, ...] = ()
    stored: bool = False
    """It was in quarantine, and is an article now."""
    left: tuple[str, ...] = ()
    """What could not be read or stored, each in words."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Read:
    """A page and what today's reader made of its captures."""

    page: Page
    readings: Mapping[int, Article]
    lost: Mapping[int, str] = field(default_factory=dict)
    """Capture -> why nothing could be read of it."""


class Rereader:
    """Applies re-readings, a block of pages in one transaction; each page whole or not at all."""

    def __init__(
        self,
        engine: Engine,
        decide: Decide,
        likenesses: Likenesses,
        reader: int,
        tombstones: Tombstones | None = None,
    ) -> None:
        self._engine = engine
        self._reader = reader
        self._placing = Placing(decide, likenesses)
        self._writer = Writer(engine, decide, likenesses, reader, tombstones)

    @property
    def placing(self) -> Placing:
        return self._placing

    def apply(
        self, block: Sequence[Read], batch: str, at: datetime, *, dry: bool, anew: bool = False
    ) -> list[Applied]:
        """Set the pages to what was read of them; ``dry``: tell what would change, and change nothing.

        ``anew``: pages that today's reader has read already, to be set right where they say something else.
        """
        with writing(self._engine) as session:
            same = {} if anew else self._same(session, block)
            if not dry:
                note(session, list(same.values()), self._reader, batch, at)
            told = [
                Applied(page=one.page, article_id=same[one.page.id].article_id)
                if not one.page.quarantined and one.page.id in same
                else self._page(session, one, batch, at, dry=dry, anew=anew)
                for one in block
            ]
            if dry:
                session.rollback()
        return told

    def _same(self, session: Session, block: Sequence[Read]) -> dict[int, Same]:
        """The pages of which what is stored was read again, by their appearances."""
        shown = [
            Shown(
                appearance_id=one.page.id,
                address_id=one.page.address_id,
                url=one.page.url,
                readings=one.readings,
            )
            for one in block
            if not one.page.quarantined and not one.lost
        ]
        if not shown:
            return {}
        loaded = SameReading(session, shown, self._reader)
        found = (_same_or_odd(loaded, one) for one in shown)
        return {one.appearance_id: one for one in found if one is not None}

    def _page(
        self, session: Session, read: Read, batch: str, at: datetime, *, dry: bool, anew: bool
    ) -> Applied:
        try:
            with session.begin_nested():
                if read.page.quarantined:
                    return self._first(session, read, batch, at)
                return self._again(session, read, batch, at, dry=dry, anew=anew)
        except DBAPIError:
            raise  # the database's refusal ends the sweep
        except TakenDown as refused:
            return Applied(page=read.page, left=(str(refused),))
        except Exception as error:  # the stage boundary: told as left, the others go on
            log.exception("the re-reading of %s cannot be stored", read.page.url)
            return Applied(page=read.page, left=(f"cannot be stored: {type(error).__name__}: {error}",))

    def _again(
        self, session: Session, read: Read, batch: str, at: datetime, *, dry: bool, anew: bool
    ) -> Applied:
        appearance = session.get_one(AppearanceRow, read.page.id)
        if not anew:
            appearance.pinned_at = None
        reread = read_again(session, appearance, read.readings, self._reader, at, batch, anew=anew)
        told = differences_of(session, appearance.id, batch)
        if reread.fields and not dry:
            self._placing.begin()
            self._placing.decide_row(session, appearance, at, reread=True)
            self._placing.place_displaced(session, at)
        return Applied(page=read.page, article_id=appearance.article_id, differences=told, left=_left(read))

    def _first(self, session: Session, read: Read, batch: str, at: datetime) -> Applied:
        stored = None
        for number in read.page.captures:
            article = read.readings.get(number)
            if article is None:
                continue
            if article.kind is not PageKind.ARTICLE:
                session.get_one(CaptureRow, number).read_in_vain_by = self._reader
                continue
            self._placing.begin()
            try:
                stored = self._writer.store_reading(session, article, number, read.page.address_id, at, batch)
            except NotThisPage:  # as it was found to be at its look
                session.get_one(CaptureRow, number).read_in_vain_by = self._reader
        return Applied(
            page=read.page,
            article_id=None if stored is None else stored.article_id,
            stored=stored is not None,
            left=() if stored is not None else _left(read),
        )


def _same_or_odd(loaded: SameReading, page: Shown) -> Same | None:
    try:
        return loaded.same(page)
    except Exception:  # noqa: BLE001  a reading that cannot be stored: looked at alone, it is told
        return None


NO_ARTICLE = "today's reader finds no article"


def _left(read: Read) -> tuple[str, ...]:
    """What is left as it was, once for each reason."""
    empty = (one for one in read.readings.values() if one.kind is not PageKind.ARTICLE)
    found_none = (f"{NO_ARTICLE}: {one.reason or one.kind.value}" for one in empty)
    return tuple(dict.fromkeys((*read.lost.values(), *found_none)))


# --- what changed, in words -----------------------------------------------------------------------

_SILENT = frozenset({"content_digest", "title_key", "rules", "cause", NEXT_CAUSE, *JOINED})
"""Fields that only follow others."""


def differences_of(session: Session, appearance_id: int, batch: str) -> tuple[Difference, ...]:
    """What a sweep changed of an appearance, field by field; of its older contents as ``earlier ...``."""
    ours = select(RereadingRow).where(
        RereadingRow.appearance_id == appearance_id, RereadingRow.batch == batch
    )
    rows = session.scalars(ours.order_by(RereadingRow.id)).all()
    found: dict[tuple[str, str | None, str | None], Difference] = {}
    current = [one for one in rows if one.revision_id is None]
    for one in (*current, *(row for row in rows if row.revision_id is not None)):
        for name, values in json.loads(one.changed).items():
            if name in _SILENT:
                continue
            for told in _told(session, name, values["before"], values["after"]):
                known = (told.field, told.before, told.after)
                if known in found:
                    continue
                earlier = one.revision_id is not None
                shown = f"earlier {told.field}" if earlier else told.field
                found[known] = Difference(field=shown, before=told.before, after=told.after)
    return tuple(found.values())


def _told(session: Session, name: str, before: Any, after: Any) -> list[Difference]:
    if name == "text_digest":
        return [Difference(field="body", before=_body(session, before), after=_body(session, after))]
    if name == "publisher_id":
        names = [_publisher(session, one) for one in (before, after)]
        return [Difference(field="publisher", before=names[0], after=names[1])]
    if name == "rights":
        return _told_rights(before, after)
    old, new = _words(name, before), _words(name, after)
    if old == new and name in _DETAILS:
        name, old, new = _DETAILS[name], _details(before), _details(after)
    return [Difference(field=name, before=old, after=new)]


_DETAILS = {"bylines": "byline details", "images": "image details", "declared": "declared details"}
"""Parts that are told by a name or an address each -> what their other columns are told as."""


def _details(parts: Sequence[Mapping[str, Any]]) -> str | None:
    """People, images or copies with all that is known of them but the words that it was read from."""
    known = [[str(value) for key, value in one.items() if value and key not in _PLACED] for one in parts]
    return "; ".join(" ".join(words) for words in known) or None


_PLACED = frozenset({"position", "raw"})


def _told_rights(before: Sequence[Mapping[str, Any]], after: Sequence[Mapping[str, Any]]) -> list[Difference]:
    old, new = (rows[0] if rows else {} for rows in (before, after))
    return [
        Difference(field=name, before=_words(name, old.get(name)), after=_words(name, new.get(name)))
        for name in dict.fromkeys((*old, *new))
        if old.get(name) != new.get(name)
    ]


def _words(name: str, value: Any) -> str | None:
    if name == "bylines":
        return ", ".join(one["name"] or one["organisation"] or one["raw"] for one in value) or None
    if name in {"images", "declared"}:
        return ", ".join(one["url"] for one in value) or None
    return None if value is None or value == "[]" else str(value)


def _body(session: Session, digest: str | None) -> str | None:
    number = None if digest is None else number_of_text(session, digest)
    return None if number is None else body_of_text(session, number)


def _publisher(session: Session, number: int | None) -> str | None:
    return None if number is None else session.get_one(PublisherRow, number).name
