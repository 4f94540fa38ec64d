"""The addresses of one list: kept once, in the order of the page, with the hints that stand beside them."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol
from urllib.parse import parse_qsl, unquote, urlencode, urljoin, urlsplit, urlunsplit

from storage.records.discovery import Discovery, Listing


class ArticleAddress(Protocol):
    """What a source says of an address that is one of its articles."""

    @property
    def url(self) -> str: ...


AddressOf = Callable[[str], ArticleAddress | None]
"""A source's address function: URL -> its canonical form, or None when it is no article of the source."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Hints:
    """What a list says about an article beside its address."""

    title: str | None = None
    time: datetime | None = None
    time_raw: str | None = None
    updated: datetime | None = None
    updated_raw: str | None = None
    section: str | None = None
    publisher: str | None = None
    author: str | None = None


NO_HINTS = Hints()
_WHOLE = re.compile(r"https?://[a-z0-9.-]+/[a-zA-Z0-9/_.~%-]*(?:\?[a-zA-Z0-9/_.~%=&-]+)?")
"""An address that joining leaves as it is, without taking both apart: nearly every one."""


class Links:
    """Collects the article addresses of one list. Links to anything else are counted, never kept."""

    def __init__(self, address: AddressOf, base_url: str) -> None:
        self._address = address
        self._base_url = base_url
        self._found: dict[str, Discovery] = {}
        self.rejected = 0

    def __len__(self) -> int:
        return len(self._found)

    def canonical(self, href: str | None) -> str | None:
        """The article's canonical address behind a link as printed, None when it is no article's."""
        if not href or not href.strip():
            return None
        found = self._article(href)
        if found is None and (meant := tidied(href)) != href:
            return self._article(meant)
        return found

    def _article(self, href: str) -> str | None:
        joined = href
        try:
            if not _WHOLE.fullmatch(href):
                joined = urljoin(self._base_url, _slashes(href.strip()))
            address = self._address(joined)
        except ValueError:  # a broken IPv6 literal, a port that is no number: one bad link, not a bad list
            if _is_sound(joined):
                raise  # nothing is wrong with the link: the source's own rule broke, and would lose articles
            return None
        return address.url if address else None

    def reject(self) -> None:
        self.rejected += 1

    def add(self, url: str, hints: Hints = NO_HINTS) -> None:
        """Keep a canonical address; a second sight of it only fills in hints that were missing."""
        seen = self._found.get(url) or Discovery(url=url, position=len(self._found) + 1)
        self._found[url] = Discovery(
            url=url,
            position=seen.position,
            title_hint=seen.title_hint or hints.title,
            time_hint=seen.time_hint or hints.time,
            time_raw=seen.time_raw or hints.time_raw,
            updated_hint=seen.updated_hint or hints.updated,
            updated_raw=seen.updated_raw or hints.updated_raw,
            section_hint=seen.section_hint or hints.section,
            publisher_hint=seen.publisher_hint or hints.publisher,
            author_hint=seen.author_hint or hints.author,
        )

    def listing(
        self, *, problem: str | None = None, next_url: str | None = None, note: str | None = None
    ) -> Listing:
        """The list as read. ``problem``: why the page is not the list that its seed promises."""
        return Listing(
            discoveries=tuple(self._found.values()),
            recognised=problem is None,
            reason=problem,
            rejected=self.rejected,
            next_url=next_url,
            note=note,
        )


_UNSEEN = re.compile(
    r"[\u00a0\u00ad\u200b-\u200f\u2028\u2029\u2060\ufeff]|%E2%80%8[B-F]|%EF%BB%BF|%C2%A0", re.IGNORECASE
)
_BROKEN_LINE = re.compile(r"(?<!\s)[^\S\r\n\t]*+[\r\n\t]\s*+")
_WRAPPED = re.compile(r"""(?:<!\[CDATA\[|<a\s[^>]*?href\s*=\s*['"]?)\s*([^'"<>\s\]]+)""", re.IGNORECASE)
"""What a link is put into once too often: a section of characters, a link."""
_ESCAPED = re.compile(r"https?%3a%2f%2f", re.IGNORECASE)
_SCHEME = re.compile(r"(https?):?/+", re.IGNORECASE)
_HOST_FIRST = re.compile(r"(?:[a-z0-9-]+\.){2,}[a-z]{2,}/", re.IGNORECASE)


def tidied(href: str) -> str:
    """A link as it was meant, where by the letter it leads nowhere.

    Letters that nobody sees, slashes too few or too many, a host without its scheme, a session behind a
    semicolon, a sentence's mark at the end, an address broken over two lines, wrapped or escaped once more.

    >>> tidied("http:/www.fnnews.com//news/202611200900000001;jsessionid=A1?a=http://b")
    'http://www.fnnews.com/news/202611200900000001?a=http://b'
    >>> tidied("www.fnnews.com/news/202611200900000001).")
    'https://www.fnnews.com/news/202611200900000001'
    >>> tidied("<![CDATA[/news/202611200900000001]]>")
    '/news/202611200900000001'
    """
    said = _BROKEN_LINE.sub("", _UNSEEN.sub("", href).strip())
    said = wrapped[1] if (wrapped := _WRAPPED.match(said)) else said
    said = unquote(said) if _ESCAPED.match(said) else said
    said = f"https://{said}" if _HOST_FIRST.match(said) else _SCHEME.sub(r"\1://", said, count=1)
    scheme, _, rest = said.partition("://") if _SCHEME.match(said) else ("", "", said)
    path, mark, query = rest.partition("?")
    path = re.sub(r"(?<=.)/{2,}", "/", re.sub(r";[^/]*", "", path)).rstrip(".,)]>\"'")
    return (f"{scheme}://" if scheme else "") + path + mark + query


def _is_sound(url: str) -> bool:
    """Whether it can be taken apart, its port as well, which is read when it is asked for."""
    try:
        _ = urlsplit(url).port
    except ValueError:
        return False
    return True


def _slashes(href: str) -> str:
    """As browsers read it (WHATWG URL): a backslash before the query is a slash."""
    path, mark, rest = href.partition("?")
    return path.replace("\\", "/") + mark + rest


def query_of(url: str) -> dict[str, str]:
    """The query of a list's address; of a name that stands there twice the last value."""
    return dict(parse_qsl(urlsplit(url).query, keep_blank_values=True))


def with_query(url: str, query: Mapping[str, str]) -> str:
    """The address with another query, without a fragment: the list's next page.

    A JSON text may hold half of a surrogate pair: it goes back to the site as it came.
    """
    parts = urlsplit(url)
    return urlunsplit((parts.scheme, parts.netloc, parts.path, urlencode(query, errors="surrogatepass"), ""))


def unrecognised(reason: str) -> Listing:
    """A page that is not the list that its seed promises, and of which nothing is kept."""
    return Listing(discoveries=(), recognised=False, reason=reason)
