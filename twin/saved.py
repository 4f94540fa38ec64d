"""Saved real pages, served under their real addresses (``newsarchive twin --pages DIR``)."""

from __future__ import annotations

import html
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from twin.daum_lists import Item
from twin.model import KST
from twin.reply import Reply, conditional

_NAME = re.compile(r"(\d{17}|\d{18})\.html?")
_META = re.compile(rb'<meta[^>]+property="([\w:]+)"[^>]+content="([^"]*)"')


class PagesError(ValueError):
    """The folder of saved pages cannot be used; the message says why."""


@dataclass(frozen=True, slots=True)
class SavedPage:
    """One saved page: where it answers and how lists show it."""

    site: str
    site_id: str
    keys: frozenset[str]
    """The id and, on Daum, the ten-letter alias: the last part of its addresses."""
    title: str
    publisher: str
    body: bytes
    published: datetime

    @property
    def url(self) -> str:
        """The canonical address."""
        return (
            f"https://v.daum.net/v/{self.site_id}"
            if self.site == "daum"
            else f"https://www.fnnews.com/news/{self.site_id}"
        )

    def reply(self, headers: Mapping[str, str]) -> Reply:
        """The bytes as saved; the charset is left to the page's own meta."""
        return conditional(
            Reply(200, self.body, {"Content-Type": "text/html"}, story_id=self.site_id),
            headers,
            self.published,
        )

    def item(self, now: datetime) -> Item:
        """The line at the top of a list."""
        return Item(
            url=self.url,
            title=self.title,
            publisher=self.publisher,
            cp=0,
            snippet=self.title,
            when=min(self.published, now - timedelta(minutes=1)),
            image=None,
            doc_id=min(self.keys, key=len),
        )


def read_pages(folder: Path) -> tuple[SavedPage, ...]:
    """Every ``<17 or 18 digits>.html`` of the folder, newest first.

    Raises PagesError when the folder does not exist or holds no such file.
    """
    if not folder.is_dir():
        raise PagesError(f"There is no folder {folder} with saved pages.")
    found = [(match, path) for path in sorted(folder.iterdir()) if (match := _NAME.fullmatch(path.name))]
    if not found:
        raise PagesError(f"The folder {folder} holds no page named like 20260927095437316.html.")
    pages = [_saved(match.group(1), path.read_bytes()) for match, path in found]
    return tuple(sorted(pages, key=lambda page: page.published, reverse=True))


def _saved(site_id: str, body: bytes) -> SavedPage:
    meta = {
        name.decode(): html.unescape(value.decode("utf-8", "replace")) for name, value in _META.findall(body)
    }
    site = "daum" if len(site_id) == 17 else "fnnews"
    alias = meta.get("og:url", "").rstrip("/").rpartition("/")[2]
    keys = {
        site_id,
        *(
            key
            for key in (alias, meta.get("mccp:docId", ""))
            if site == "daum" and re.fullmatch(r"\w{10}|\d{17}", key)
        ),
    }
    return SavedPage(
        site=site,
        site_id=site_id,
        keys=frozenset(keys),
        title=meta.get("og:title", site_id),
        publisher=meta.get("og:article:author", "파이낸셜뉴스" if site == "fnnews" else ""),
        body=body,
        published=datetime.strptime(site_id[:14], "%Y%m%d%H%M%S").replace(tzinfo=KST),
    )
