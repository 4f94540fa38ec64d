"""What the twin plays: both sites' world, its clock, its log of requests, and what a test may do to it."""

from __future__ import annotations

import copy
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from twin import changes
from twin.edition import open_edition
from twin.model import Story
from twin.saved import read_pages
from twin.world import DEFAULT_NOW, DEFAULT_SEED, SCENARIOS, World

LARGEST_KB = 10_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """One line of the request log. ``at`` is ``time.monotonic()`` when the request was read."""

    at: float
    host: str
    path: str
    method: str
    headers: Mapping[str, str]
    status: int


class Playing:
    """Both sites without a server.

    ``articles`` is the least number of stories, ``now`` the twin's clock (aware), ``pages`` a folder of
    saved real pages, ``memory`` how far back lists go (None: to the first story), ``page_kb`` about how large
    article pages are with what a portal has around them (None: some 9 kB). Raises ValueError for an unknown
    scenario or such a size, PagesError for an unusable folder.
    """

    def __init__(
        self,
        scenario: str = "calm",
        now: datetime | None = None,
        pages: Path | str | None = None,
        articles: int = 360,
        seed: int = DEFAULT_SEED,
        memory: timedelta | None = None,
        page_kb: float | None = None,
    ) -> None:
        opened = now or DEFAULT_NOW
        if opened.tzinfo is None:
            raise ValueError("The twin's clock needs a time zone, for example 2026-11-20T18:00+09:00.")
        opened = opened.astimezone(DEFAULT_NOW.tzinfo)
        _known(scenario)
        if page_kb is not None and not 0 < page_kb <= LARGEST_KB:
            raise ValueError(f"Pages of {page_kb:g} kB cannot be made: between 0 and {LARGEST_KB:,}.")
        self.world = World(
            edition=open_edition(seed, opened, articles),
            now=opened,
            scenario=scenario,
            saved=read_pages(Path(pages)) if pages is not None else (),
            memory=memory,
            page_kb=page_kb,
        )
        self.requests: list[Request] = []

    @property
    def url(self) -> str | None:
        """Where it is served; None: nowhere yet."""
        return None

    @property
    def now(self) -> datetime:
        """The twin's clock, in Asia/Seoul."""
        return self.world.now

    @property
    def scenario(self) -> str:
        return self.world.scenario

    @scenario.setter
    def scenario(self, name: str) -> None:
        self.world.scenario = _known(name)

    def advance(self, step: timedelta) -> None:
        """Let time pass."""
        self.world.move(step)

    def set_now(self, now: datetime) -> None:
        """Set the clock to an aware instant."""
        self.world.move(now - self.world.now)

    def publish(self, count: int = 1) -> list[Story]:
        """Publish new stories at the twin's now; every third appears on both sites."""
        return changes.publish(self.world, count)

    def edit(self, story_id: str, what: str = "body", site: str | None = None) -> None:
        """Change a story: ``body``, ``headline``, ``notice`` or ``space``; on both sites or on one."""
        changes.edit(self.world, story_id, what, site)

    def delete(self, story_id: str) -> None:
        """Take a story down: its pages answer 404, lists forget it."""
        changes.delete(self.world, story_id)

    def restore(self, story_id: str) -> None:
        """Undo ``delete``."""
        changes.restore(self.world, story_id)

    def redesign(self, site: str, part: str = "all") -> None:
        """Give ``daum`` or ``fnnews`` a markup that no known selector fits, from the next request on.

        ``part``: ``pages`` for article pages alone, ``lists`` for all but those, ``byline`` for the
        writers' names in the header of article pages, which stay recognisable and lack that one field.
        """
        changes.redesign(self.world, site, part)

    def truth(self) -> list[Story]:
        """What a perfect archive would hold now: every story published and not deleted (a deep copy)."""
        with self.world.lock:
            return copy.deepcopy(self.world.listed_stories())

    def traps(self) -> list[dict[str, str]]:
        """Address and kind of the pages of the scenario ``rough``."""
        return self.world.rough.traps()


def _known(scenario: str) -> str:
    if scenario not in SCENARIOS:
        raise ValueError(f"There is no scenario {scenario}; known are {', '.join(SCENARIOS)}.")
    return scenario
