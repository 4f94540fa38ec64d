"""One observation on its way into the archive: a page, where it is shown, when it was seen."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from storage.archive.articles import Decide
from storage.archive.described import describe
from storage.frontier.addresses import address_shown, names_of
from storage.frontier.captures import signals_of
from storage.frontier.runs import ensure_source
from storage.models import AddressRow, AppearanceRow, CaptureRow
from storage.records import Article, FetchSignals


class Place(NamedTuple):
    """An address at which an article is shown."""

    id: int
    url: str
    site_id: str | None


def place_of(address: AddressRow) -> Place:
    """The address as a place."""
    return Place(address.id, address.url, address.site_id)


@dataclass(frozen=True, slots=True, kw_only=True)
class Observed:
    """One observation on its way into the archive."""

    article: Article
    address: Place
    """Where the article is shown: canonical, not always the address that was fetched."""
    is_alias: bool
    """The address fetched is another one."""
    seen_at: datetime
    capture_id: int | None
    signals: FetchSignals
    names: tuple[str, ...] = ()
    """The URLs of the address and its aliases, where all of them are known; empty: they are asked for."""


def observed(
    session: Session,
    article: Article,
    fetched: AddressRow,
    capture_id: int | None,
    seen_at: datetime,
    signals: FetchSignals | None,
    decide: Decide,
) -> Observed:
    """The observation of a page that was fetched at an address."""
    capture = None if capture_id is None else session.get_one(CaptureRow, capture_id)
    seen = seen_at if capture is None else capture.fetched_at
    address = address_shown(
        session, article, fetched, seen, lambda at: speaks_against(session, decide, article, at.id)
    )
    article = as_shown(session, article, address)
    if article.source is not None and article.source != fetched.source:
        ensure_source(session, article.source)
    return Observed(
        article=replace(article, site_id=article.site_id or address.site_id),
        address=place_of(address),
        is_alias=address.id != fetched.id,
        seen_at=seen,
        capture_id=capture_id,
        signals=signals or (FetchSignals() if capture is None else signals_of(capture)),
    )


def as_shown(session: Session, article: Article, address: AddressRow) -> Article:
    """The article under the address at which it is kept; one that it gives itself in vain is declared."""
    if article.url == address.url or article.url in names_of(session, [address.id])[address.id]:
        return article
    return replace(article, url=address.url, site_id=None, declared=(article.url, *article.declared))


_SHOWN_AT = select(AppearanceRow).where(AppearanceRow.address_id == bindparam("address"))


def shown_at(session: Session, address_id: int) -> AppearanceRow | None:
    """What is stored at an address."""
    return session.scalars(_SHOWN_AT, {"address": address_id}).one_or_none()


def speaks_against(
    session: Session, decide: Decide, article: Article, address_id: int, *, newest: bool = False
) -> bool:
    """Whether another story than the page's is stored at an address; not where nothing is.

    ``newest``: what was stored there before does not count.
    """
    shown = shown_at(session, address_id)
    if shown is None:
        return False
    there = [
        replace(one, urls=(*one.urls, article.url))
        for one in describe(session, [shown.id])[-1 if newest else 0 :]
    ]
    return decide(replace(article, site_id=None), there) is None  # the number is the page's own word too
