"""Everything that the twin's state is, and the answer to one request. No sockets in here."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from twin.edition import Edition
from twin.listing import Listings
from twin.model import KST, Appearance, Story
from twin.pages import article_reply, gone_reply, other_page
from twin.redesign import redesigned, touched, unvalidated, without_byline
from twin.reply import Reply, redirect, text_reply
from twin.robots import FILES, robots_reply
from twin.rough import RoughPages
from twin.saved import SavedPage

SCENARIOS = (
    "calm",
    "rough",
    "down",
    "robots_closed",
    "robots_unreachable",
    "redesign",
    "hostile",
    "open_search",
    "ways_closed",
    "restless",
)
DEFAULT_NOW = datetime(2026, 11, 20, 18, 0, tzinfo=KST)
DEFAULT_SEED = 20261120
SLOW_SECONDS = 1.2
"""A slow answer: long enough to notice, far from any sensible time-out."""

ARTICLE_HOSTS = frozenset({"v.daum.net", "news.v.daum.net", "v.media.daum.net", "media.daum.net"})
FNNEWS_HOSTS = frozenset({"www.fnnews.com", "m.fnnews.com", "fnnews.com"})
NEIGHBOURS = frozenset(
    {"sports.daum.net", "entertain.daum.net", "gallery.v.daum.net", "issue.daum.net", "v.auto.daum.net"}
)
HOSTS = frozenset(FILES) | NEIGHBOURS


class UnknownStoryError(KeyError):
    """No story of the edition has that id."""


@dataclass(slots=True)
class World:
    """Both sites at one moment. Every public method takes the lock."""

    edition: Edition
    now: datetime
    scenario: str
    saved: tuple[SavedPage, ...] = ()
    memory: timedelta | None = None
    """How far back lists, feeds and search go; None: to the first story."""
    page_kb: float | None = None
    """About how large article pages are (surroundings.py); None: as their templates make them, some 9 kB."""
    deleted: set[str] = field(default_factory=set)
    redesigned_parts: dict[str, set[str]] = field(default_factory=dict)
    """Site -> what of it has a new markup (redesign.PARTS)."""
    asked: Counter[str] = field(default_factory=Counter)
    served: int = 0
    """Pages that the scenario ``restless`` has given."""
    lock: threading.RLock = field(default_factory=threading.RLock)
    index: dict[str, tuple[Story, Appearance]] = field(default_factory=dict)
    rough: RoughPages = field(default_factory=RoughPages)

    def __post_init__(self) -> None:
        self.add(self.edition.stories)

    def add(self, stories: list[Story]) -> None:
        """Make new stories findable by id and alias."""
        for story in stories:
            for page in story.appearances:
                self.index[page.site_id] = (story, page)
                if page.doc_id:
                    self.index[page.doc_id] = (story, page)

    def story(self, story_id: str) -> Story:
        """The story with that id. Raises UnknownStoryError."""
        for story in self.edition.stories:
            if story.story_id == story_id:
                return story
        raise UnknownStoryError(f"the twin has no story {story_id}")

    def answer(self, host: str, path: str, query: Mapping[str, str], headers: Mapping[str, str]) -> Reply:
        """The reply to GET or HEAD of that address. ``headers`` have lower-case names."""
        with self.lock:
            if host not in HOSTS:
                return text_reply(f"The twin does not play {host}.", status=421)
            if self.scenario == "down":
                return text_reply("Service Unavailable", status=503)
            if path == "/robots.txt":
                return robots_reply(host, self.scenario)
            return self._answer(host, path, query, headers)

    def _answer(self, host: str, path: str, query: Mapping[str, str], headers: Mapping[str, str]) -> Reply:
        site = "fnnews" if host in FNNEWS_HOSTS else "daum"
        parts = {"all"} if self.scenario == "redesign" else self.redesigned_parts.get(site, set())
        dress = touched(parts, article=_article_key(host, path) is not None)
        if dress is None:
            return self._plain(host, path, query, headers)
        # what the old markup's validators say holds no more
        reply = self._plain(host, path, query, {})
        return redesigned(reply) if dress == "all" else without_byline(reply)

    def _plain(self, host: str, path: str, query: Mapping[str, str], headers: Mapping[str, str]) -> Reply:
        """The reply in the markup that is known."""
        if self.scenario == "rough" and (rough := self.rough.answer(host, path)) is not None:
            return rough
        article = self._article(host, path, headers)
        if article is not None:
            return article
        listings = Listings(self.remembered_stories(), self.saved, self.now, self.scenario, self.rough)
        return (
            listings.answer(host, path, query, headers)
            or other_page(host, path)
            or text_reply("Not Found", status=404)
        )

    def listed_stories(self) -> list[Story]:
        """What lists may show now: published and not deleted, newest first."""
        shown = [
            story
            for story in self.edition.stories
            if story.story_id not in self.deleted and story.published <= self.now
        ]
        return sorted(shown, key=lambda story: story.published, reverse=True)

    def remembered_stories(self) -> list[Story]:
        """What lists show now: of ``listed_stories`` those no older than the memory."""
        stories = self.listed_stories()
        if self.memory is None:
            return stories
        return [story for story in stories if story.published >= self.now - self.memory]

    def _article(self, host: str, path: str, headers: Mapping[str, str]) -> Reply | None:
        key = _article_key(host, path)
        if key is None:
            return None
        if host in ARTICLE_HOSTS:
            return self._daum_article(host, key, headers)
        return self._shown(key, "fnnews", headers, amp=path.startswith("/amp"))

    def _daum_article(self, host: str, key: str, headers: Mapping[str, str]) -> Reply | None:
        """Old hosts redirect to v.daum.net, but news.v.daum.net still answers itself for pages of 2022."""
        found = self.index.get(key)
        old = found is not None and found[1].template == "daum/2022"
        if host != "v.daum.net" and not (host == "news.v.daum.net" and (old or found is None)):
            return redirect(f"https://v.daum.net/v/{key}", 301)
        return self._shown(key, "daum", headers, amp=False)

    def _shown(self, key: str, site: str, headers: Mapping[str, str], *, amp: bool) -> Reply | None:
        for page in self.saved:
            if page.site == site and key in page.keys:
                return page.reply(headers)
        story, appearance = self.index.get(key, (None, None))
        if story is None or appearance is None or appearance.site != site:
            return None
        if story.story_id in self.deleted or story.published > self.now:
            return gone_reply(site, 404)
        if appearance.gone:
            return gone_reply(site, appearance.gone)
        return self._disturbed(story, appearance, self._dressed(story, appearance, headers, amp=amp))

    def _dressed(self, story: Story, page: Appearance, headers: Mapping[str, str], *, amp: bool) -> Reply:
        """The article's page; in the scenario ``restless`` no two answers have the same surroundings."""
        if self.scenario != "restless":
            return article_reply(story, page, headers, amp=amp, kilobytes=self.page_kb)
        self.served += 1
        around_it = str(self.served)
        return unvalidated(
            article_reply(story, page, {}, amp=amp, around_it=around_it, kilobytes=self.page_kb)
        )

    def _disturbed(self, story: Story, page: Appearance, reply: Reply) -> Reply:
        """The first request of a troubled page goes wrong; later ones are fine."""
        if not story.faults:
            return reply
        self.asked[page.site_id] += 1
        return spoiled(story.faults[0], self.asked[page.site_id], reply)

    def move(self, step: timedelta) -> None:
        """Let time pass."""
        with self.lock:
            self.now += step


def _article_key(host: str, path: str) -> str | None:
    """The site's id in an article's address; None for any other address."""
    key = path.rstrip("/").rpartition("/")[2]
    if host in ARTICLE_HOSTS and path == f"/v/{key}":
        return key
    if host in FNNEWS_HOSTS and path in {f"/news/{key}", f"/ampNews/{key}"}:
        return key
    return None


def spoiled(fault: str, count: int, reply: Reply) -> Reply:
    """The reply as the fault leaves it on the ``count``-th request."""
    if fault == "slow":
        return Reply(reply.status, reply.body, reply.headers, wait=SLOW_SECONDS, story_id=reply.story_id)
    if count > 1 or reply.status == 304:
        return reply
    if fault == "429":
        return Reply(
            429, b"Too Many Requests", {"Retry-After": "1", "Content-Type": "text/plain; charset=utf-8"}
        )
    if fault == "503":
        return Reply(503, b"Service Unavailable", {"Content-Type": "text/plain; charset=utf-8"})
    return Reply(
        reply.status,
        reply.body[: len(reply.body) // 2],
        reply.headers,
        promised=len(reply.body),
        story_id=reply.story_id,
    )
