"""The addresses that a page names as its own: which are this very page, and which may be anything. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Protocol
from urllib.parse import urlsplit

from crawler.normalise.url import canonical_url
from storage.doors import without_door


class SiteAddress(Protocol):
    """An article address: its canonical form and the site's own id of it."""

    @property
    def url(self) -> str: ...
    @property
    def site_id(self) -> str | None: ...


class Numbering(Protocol):
    """What is asked of a source here: its own article addresses."""

    @property
    def address(self) -> Callable[[str], SiteAddress | None]: ...


@dataclass(frozen=True, slots=True)
class Named:
    """Both kinds, in the order named."""

    own: tuple[str, ...]
    """Other spellings of the page's address, or addresses that its site gives no other number."""
    declared: tuple[str, ...]
    """Any others: the home page, a section, another article. Evidence, not proof."""


def told_apart(url: str, site_id: str | None, named: Iterable[str], site: Numbering | None) -> Named:
    """Tell the addresses that a page names as its own apart.

    Args:
        url: the page's canonical address.
        site_id: the site's number of it, where it has one.
        named: as the page and its links say; what is no web address is left out.
        site: the source, which knows its own addresses; None: an unknown site.
    """
    known = dict.fromkeys(one for one in map(canonical_url, named) if one and one != url)
    own = tuple(one for one in known if _is_own(url, site_id, one, site))
    return Named(own=own, declared=tuple(one for one in known if one not in own))


def other_article(url: str, named: Iterable[str], site: Numbering | None) -> str | None:
    """The article address under another number that a page gives as its own, where it never gives this one.

    Args:
        url: the address that was asked for; None is known of one without a number.
        named: every address that the page gives as its own.
        site: as ``told_apart``.
    """
    asked = site.address(url) if site is not None else None
    if site is None or asked is None or asked.site_id is None:
        return None
    given = [found for one in named if (found := site.address(one)) and found.site_id]
    if not given or any(one.site_id == asked.site_id for one in given):
        return None
    return given[0].url


def _is_own(url: str, site_id: str | None, other: str, site: Numbering | None) -> bool:
    if _spelling(url) == _spelling(other):
        return True
    found = site.address(other) if site is not None else None
    return found is not None and (found.site_id == site_id or found.site_id is None)


def _spelling(url: str) -> tuple[str, str, str]:
    """What of an address names the page: not the scheme, the door or a closing slash.

    >>> _spelling("http://m.example.com/view/1/") == _spelling("https://www.example.com/view/1")
    True
    """
    parts = urlsplit(url)
    return without_door(parts.netloc), parts.path.rstrip("/"), parts.query
