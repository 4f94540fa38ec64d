"""What a takedown takes: found by the rows, told before anything is touched."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from sqlalchemy import Select, or_, select
from sqlalchemy.orm import Session

from storage.forget.taken import Named, Taken, own_captures
from storage.forget.trace import Trace
from storage.frontier.addresses import canonical
from storage.models import (
    AddressRow,
    AppearanceRow,
    ArticleLinkRow,
    ArticleRow,
    CaptureRow,
    DiscoveryRow,
    ImageRow,
    RereadingRow,
    RevisionRow,
    RightsRow,
    TextRow,
)
from storage.tombstones import REFUSED

COMMON = 50
"""Other texts of the same source that are held against the article's: what stands there too (a notice, a call
for tips) is the site's own phrase. Our choice; a phrase of every article stands in each of them."""
HINTS = ("title_hint", "publisher_hint", "author_hint", "time_raw", "updated_raw")
"""What a list said of a page, as it said it: a takedown finds a page by these, and clears them."""
_DIGEST = re.compile(r"\b[0-9a-f]{64}\b")


@dataclass(frozen=True, slots=True, kw_only=True)
class Inventory:
    """Everything of one takedown."""

    addresses: dict[int, str]
    """Number -> URL of every address that goes, aliases included."""
    appearances: tuple[int, ...] = ()
    articles: tuple[int, ...] = ()
    """Whose appearances go, all or some of them."""
    stay: tuple[str, ...] = ()
    """Addresses of other appearances of these articles."""
    near: tuple[str, ...] = ()
    """Preferred addresses of other articles with nearly the same text."""
    texts: dict[str, str] = field(default_factory=dict)
    """Digest -> body of every text that goes, wherever it is named."""
    titles: tuple[str, ...] = ()
    beside: tuple[str, ...] = ()
    """Summaries, subtitles, captions."""
    revisions: int = 0
    rereadings: int = 0
    images: int = 0
    hints: int = 0
    captures: tuple[Taken, ...] = ()
    """Of these addresses, with bytes that are there."""
    first_seen: datetime | None = None

    @property
    def empty(self) -> bool:
        """Whether nothing is there to be taken down."""
        return not (self.appearances or self.captures or self.hints)

    @property
    def whole(self) -> bool:
        """Whether no other page of the archive shows the article."""
        return not self.stay


def take_stock(
    session: Session, urls: Sequence[str], named: Named, *, all_appearances: bool
) -> Inventory | None:
    """What is there of a page; None: the archive knows none of its addresses.

    Args:
        urls: spellings of its address, as the archive may have it.
        named: captures by their addresses.
        all_appearances: of its article too.
    """
    known = session.scalars(select(AddressRow).where(AddressRow.url.in_(urls))).all()
    if not known:
        return None
    heads = {canonical(session, row).id for row in known}
    shown = list(session.scalars(select(AppearanceRow).where(AppearanceRow.address_id.in_(heads))))
    articles = sorted({one.article_id for one in shown})
    every = session.scalars(select(AppearanceRow).where(AppearanceRow.article_id.in_(articles))).all()
    if all_appearances:
        shown, heads = list(every), heads | {one.address_id for one in every}
    own = {one.id for one in shown}
    addresses = _names(session, heads)
    stay = [one.address_id for one in every if one.id not in own]
    digests = _digests(session, sorted(own))
    return Inventory(
        addresses=addresses,
        appearances=tuple(sorted(own)),
        articles=tuple(articles),
        stay=tuple(sorted(_names(session, set(stay), aliases=False).values())),
        near=_near(session, articles),
        texts=_bodies(session, digests),
        titles=_titles(session, shown, addresses),
        beside=_beside(session, shown),
        revisions=len(_revisions(session, own)),
        rereadings=len(_rereadings(session, own)),
        images=len(session.scalars(select(ImageRow.id).where(ImageRow.appearance_id.in_(own))).all()),
        hints=len(session.scalars(_hinted(addresses)).all()),
        captures=own_captures(session, addresses, named),
        first_seen=min((row.first_seen_at for row in known), default=None),
    )


def with_addresses(session: Session, found: Inventory, numbers: Sequence[int], named: Named) -> Inventory:
    """With these addresses too, and what is captured and said of them."""
    if set(numbers) <= set(found.addresses):
        return found
    more = _names(session, set(numbers), aliases=False)
    addresses = found.addresses | more
    hints = len(session.scalars(_hinted(addresses)).all())
    captures = own_captures(session, addresses, named)
    return replace(found, addresses=addresses, captures=captures, hints=hints)


def _names(session: Session, heads: set[int], *, aliases: bool = True) -> dict[int, str]:
    query = select(AddressRow.id, AddressRow.url)
    mine = AddressRow.id.in_(heads)
    rows = session.execute(query.where(or_(mine, AddressRow.alias_of_id.in_(heads)) if aliases else mine))
    return dict(rows.all())


def _digests(session: Session, appearances: Sequence[int]) -> set[str]:
    """Of every text that they show or showed, by whatever reader."""
    found: set[str] = set()
    for table in (AppearanceRow, RevisionRow):
        key = AppearanceRow.id if table is AppearanceRow else RevisionRow.appearance_id
        shown = select(TextRow.digest).join(table, table.text_id == TextRow.id).where(key.in_(appearances))
        found.update(session.scalars(shown))
    for row in _rereadings(session, set(appearances)):
        found.update(_DIGEST.findall(row.changed + (row.span or "")))
    return found


def _revisions(session: Session, appearances: Iterable[int]) -> Sequence[RevisionRow]:
    return session.scalars(select(RevisionRow).where(RevisionRow.appearance_id.in_(appearances))).all()


def _rereadings(session: Session, appearances: Iterable[int]) -> Sequence[RereadingRow]:
    return session.scalars(select(RereadingRow).where(RereadingRow.appearance_id.in_(appearances))).all()


def _bodies(session: Session, digests: set[str]) -> dict[str, str]:
    rows = session.execute(select(TextRow.digest, TextRow.body).where(TextRow.digest.in_(digests)))
    return dict(rows.all())


def _titles(session: Session, shown: Sequence[AppearanceRow], addresses: dict[int, str]) -> tuple[str, ...]:
    own = {one.id for one in shown}
    found = [one.title for one in shown] + [one.title for one in _revisions(session, own)]
    found += list(session.scalars(_hinted(addresses).with_only_columns(DiscoveryRow.title_hint)))
    found += [value for row in _rereadings(session, own) for value in _said(row, ("title",))]
    return tuple(dict.fromkeys(one for one in found if one))


def _beside(session: Session, shown: Sequence[AppearanceRow]) -> tuple[str, ...]:
    own = {one.id for one in shown}
    found = [value for one in shown for value in (one.summary, one.subtitle)]
    found += [one.subtitle for one in _revisions(session, own)]
    found += list(session.scalars(select(ImageRow.caption).where(ImageRow.appearance_id.in_(own))))
    found += [value for row in _rereadings(session, own) for value in _said(row, ("subtitle", "summary"))]
    return tuple(dict.fromkeys(one for one in found if one))


def _said(row: RereadingRow, names: Sequence[str]) -> list[str]:
    """Values of a re-reading, before and after."""
    changed = json.loads(row.changed)
    values = [changed.get(name, {}).get(when) for name in names for when in ("before", "after")]
    return [value for value in values if isinstance(value, str)]


def _hinted(addresses: dict[int, str]) -> Select[DiscoveryRow]:
    said = or_(*(getattr(DiscoveryRow, name).is_not(None) for name in HINTS))
    return select(DiscoveryRow).where(DiscoveryRow.address_id.in_(addresses), said)


def _near(session: Session, articles: Sequence[int]) -> tuple[str, ...]:
    """Other articles with nearly the same text: they are not this one, and stay."""
    touching = or_(ArticleLinkRow.article_id.in_(articles), ArticleLinkRow.other_id.in_(articles))
    links = session.scalars(select(ArticleLinkRow).where(touching, ArticleLinkRow.score >= REFUSED)).all()
    others = {number for row in links for number in (row.article_id, row.other_id)} - set(articles)
    query = (
        select(AddressRow.url)
        .join(AppearanceRow, AppearanceRow.address_id == AddressRow.id)
        .join(ArticleRow, ArticleRow.preferred_appearance_id == AppearanceRow.id)
        .where(ArticleRow.id.in_(others))
    )
    return tuple(sorted(session.scalars(query)))


def trace_of(session: Session, found: Inventory, going: Sequence[int] = ()) -> Trace:
    """The article's words, without those that its source prints in other articles too.

    Args:
        going: articles that are no witnesses.
    """
    sources = select(AppearanceRow.source).where(AppearanceRow.id.in_(found.appearances))
    others = (
        select(AppearanceRow.id)
        .where(AppearanceRow.source.in_(sources), AppearanceRow.article_id.not_in((*found.articles, *going)))
        .order_by(AppearanceRow.id.desc())
        .limit(COMMON)
    )
    texts = (*found.texts.values(), *found.beside)
    own = Trace(texts, found.titles)
    # Another article with nearly the same text is no witness for what is a phrase of the site's.
    said = said_by(session, session.scalars(others).all())
    return Trace(texts, found.titles, [one for one in said if own.share_in(one) < _ALIKE])


def said_by(session: Session, appearances: Sequence[int]) -> list[str]:
    """Everything that these pages say or said: titles, bodies, summaries, captions, notices."""
    mine = AppearanceRow.id.in_(appearances)
    columns = (AppearanceRow.title, AppearanceRow.subtitle, AppearanceRow.summary, AppearanceRow.byline_line)
    found = [value for row in session.execute(select(*columns).where(mine)) for value in row]
    found += session.scalars(select(ImageRow.caption).where(ImageRow.appearance_id.in_(appearances)))
    found += session.scalars(select(RightsRow.notice).where(RightsRow.appearance_id.in_(appearances)))
    revised = RevisionRow.appearance_id.in_(appearances)
    for row in session.execute(select(RevisionRow.title, RevisionRow.subtitle).where(revised)):
        found += row
    bodies = select(TextRow.body).join(RevisionRow, RevisionRow.text_id == TextRow.id)
    found += session.scalars(bodies.where(revised))
    return [one for one in found if one]


def shown_by(session: Session, capture_id: int) -> list[int]:
    """The appearances of the address that a capture was made for."""
    address = session.get_one(CaptureRow, capture_id).address_id
    row = None if address is None else session.get(AddressRow, address)
    if row is None:
        return []
    shown = AppearanceRow.address_id == canonical(session, row).id
    return list(session.scalars(select(AppearanceRow.id).where(shown)))


_ALIKE = 0.2
"""Of the article's windows: a notice and a signature are less than a fifth of an article."""
