"""Answers that are not the page of the address asked: another article's page, or a page without its text.

A site's cache answers one address with the whole page of another, or a template without its text. Taken for
an edit, it would hide an article behind another one and write a change that nobody made.
"""

from __future__ import annotations

from urllib.parse import urlsplit

from sqlalchemy import func, select
from sqlalchemy.orm import Session, aliased

from storage.archive.appearances import content_digest, title_key
from storage.archive.articles import Decide
from storage.archive.described import declared_by
from storage.archive.observed import Observed, shown_at, speaks_against
from storage.archive.storing import NotThisPage
from storage.archive.texts import body_of, text_digest
from storage.database.bodies import number_of_text
from storage.doors import without_door
from storage.frontier.addresses import canonical
from storage.models import AddressRow, AppearanceRow, DiscoveryRow
from storage.models.base import cleaned
from storage.records import Article

STANDS_IN_AT = 2
"""Other addresses from which a page is taken for one that stands in for every page, where no list tells what
it should be. Our choice: a site may show a story without a time at two addresses; at three it hardly does."""
ONE_STORY_AT = 4
"""The same of a page that tells its time, as stories do: one story has some names (http, www, sections), and
five addresses that lead to one make a run ``degraded`` too (crawler.verdict)."""


def check_is_this_page(
    session: Session, decide: Decide, page: Observed, appearance: AppearanceRow | None
) -> None:
    """Raise NotThisPage where the answer shows another article, or none where one is stored.

    Of a page that is stored: what it says has nothing of that any more, and it gives another article's
    address as its own, or is another stored article word for word. Of one that is new: it gives the address
    of another number of its site, no list's headline is its own, and what is stored there is no other story;
    or it stands in for pages (``_stands_in``), or is the page of its neighbour in a list.
    """
    article = page.article
    if appearance is None:
        other = _at_first_look(session, decide, page)
        if other is not None:
            raise NotThisPage(f"the page says that it is {other}")
        if (others := _stands_in(session, page)) is not None:
            raise NotThisPage(
                f"the page says nothing of this address, and came word for word at {others} too"
            )
        if (neighbour := _neighbour(session, page)) is not None:
            raise NotThisPage(
                f"the page says nothing of this address, and lists give its headline to {neighbour}"
            )
        return
    if content_digest(article) == appearance.content_digest:
        return
    if appearance.text_id is not None and body_of(article) is None:
        raise NotThisPage("the page comes without its text; what is stored stays")
    if not speaks_against(session, decide, article, page.address.id, newest=True):
        return
    if (other := _named(session, decide, page, appearance)) is not None:
        raise NotThisPage(f"the page says that it is {other}; what is stored stays")
    for other in _shown_elsewhere(session, page, 1):
        raise NotThisPage(f"the page shows the article of {other}; what is stored stays")


def _named(session: Session, decide: Decide, page: Observed, appearance: AppearanceRow) -> str | None:
    """The other article that a page gives as its own; one that it gave all along only where it tells that."""
    before = declared_by(session, [appearance.id]).get(appearance.id, ())
    article = page.article
    if article.other_url is not None and article.other_url not in before:
        return article.other_url
    named = (article.other_url, *article.declared)
    return next((url for url in named if url and _tells(session, decide, page, url)), None)


def _tells(session: Session, decide: Decide, page: Observed, url: str) -> bool:
    """Whether another article of the site is stored at the address, and the page tells that one."""
    row = session.scalars(select(AddressRow).where(AddressRow.url == url)).one_or_none()
    if row is None or _house(url) != _house(page.address.url):
        return False
    there = canonical(session, row)
    if there.id == page.address.id or shown_at(session, there.id) is None:
        return False
    return not speaks_against(session, decide, page.article, there.id)


def _shown_elsewhere(session: Session, page: Observed, most: int) -> list[str]:
    """The addresses of other stored pages of the source with this very headline and text."""
    digest = text_digest(body_of(page.article))
    text_id = None if digest is None else number_of_text(session, digest)
    if text_id is None:
        return []
    same = (
        select(AddressRow.url)
        .join(AppearanceRow, AppearanceRow.address_id == AddressRow.id)
        .where(
            AppearanceRow.text_id == text_id,
            AppearanceRow.title_key == title_key(cleaned(page.article.title)),
            AppearanceRow.source == page.article.source,
            AppearanceRow.address_id != page.address.id,
        )
    )
    if page.article.site_id is not None:
        same = same.where(func.coalesce(AddressRow.site_id, "") != page.article.site_id)
    return list(session.scalars(same.order_by(AddressRow.url).limit(most)))


def _stands_in(session: Session, page: Observed) -> str | None:
    """Where else a page came that says nothing of the address asked, and stands in for every page.

    A host's notice of maintenance, a network's page before its login; or one article for each that is asked
    for, by a cache that went wrong. It names none of the addresses, this one least of all. One other is
    enough where lists give this one other headlines.
    """
    article = page.article
    if article.names_itself:
        return None
    named = {article.url, *article.aliases, *article.declared, article.original_url}
    there = _shown_elsewhere(session, page, ONE_STORY_AT + len(named))
    others = [url for url in there if url not in named]
    listed = _listed(session, page) if others else []
    least = 1 if listed else STANDS_IN_AT if article.published is None else ONE_STORY_AT
    return " and ".join(others[:2]) if len(others) >= least and not _is_said(article, listed) else None


def _at_first_look(session: Session, decide: Decide, page: Observed) -> str | None:
    other = page.article.other_url
    if other is None or _house(other) != _house(page.address.url) or _listed_so(session, page):
        return None
    row = session.scalars(select(AddressRow).where(AddressRow.url == other)).one_or_none()
    there = None if row is None else canonical(session, row)
    if there is not None and speaks_against(session, decide, page.article, there.id):
        return None  # named by mistake: another story stands there
    return other


def _listed_so(session: Session, page: Observed) -> bool:
    """Whether a list gave the page's headline to this address."""
    return _is_said(page.article, _listed(session, page))


def _neighbour(session: Session, page: Observed) -> str | None:
    """The address to which a list that names this one gives the page's headline, and to this one another.

    A cache that answers each address with the page of another; the page gives no address as its own.
    """
    article = page.article
    said = title_key(cleaned(article.title))
    if said is None or article.names_itself or article.declared:
        return None
    listed = _listed(session, page)
    if not listed or _is_said(article, listed):
        return None
    here, there = aliased(DiscoveryRow), DiscoveryRow
    in_one_reading = (
        (there.seed_id == here.seed_id)
        & (there.last_run_id >= here.last_run_id)  # while this is listed, that is the newest reading alone
        & (there.first_run_id <= here.last_run_id)
    )
    beside = (
        select(AddressRow.url, there.title_hint)
        .join_from(here, there, in_one_reading)
        .join(AddressRow, AddressRow.id == there.address_id)
        .where(here.address_id == page.address.id, there.address_id != page.address.id)
        .where(there.title_hint.is_not(None))
        .order_by(there.id)
    )
    return next((url for url, hint in session.execute(beside) if title_key(hint) == said), None)


def _listed(session: Session, page: Observed) -> list[str]:
    """The headlines that lists gave to the address, as keys."""
    hints = select(DiscoveryRow.title_hint).where(
        DiscoveryRow.address_id == page.address.id, DiscoveryRow.title_hint.is_not(None)
    )
    return [key for hint in session.scalars(hints) if (key := title_key(hint))]


def _is_said(article: Article, listed: list[str]) -> bool:
    """Whether one of the headlines is the page's: lists cut it at its end."""
    said = title_key(cleaned(article.title))
    return said is not None and any(key in said or said in key for key in listed)


def _house(url: str) -> str:
    """The host without the names of its doors."""
    return without_door(urlsplit(url).netloc)
