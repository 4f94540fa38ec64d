"""The addresses that a page names as its own: which are this very page, and which may be anything. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Protocol
from urllib.parse import urlsplit

from crawler.normalise.url import canonical_url

_DOORS = ("www.", "m.", "amp.", "mobile.")
"""Names in front of a host that lead to the same pages under the same paths."""


class SiteAddress(Protocol):
    """An article address: the site's own id of it."""

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
    host = parts.netloc
    for door in _DOORS:
        host = host.removeprefix(door)
    return host, parts.path.rstrip("/"), parts.query
