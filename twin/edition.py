"""The whole edition: which story of which house appears where and when."""

from __future__ import annotations

import pickle
import random
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import lru_cache

from twin.assembly import Assembly
from twin.bulletins import BULLETINS, write_bulletin
from twin.model import Story
from twin.newsroom import Copy, Newsroom
from twin.publishers import FINANCIAL_NEWS, WIRES, Publisher, publisher, publishers
from twin.traps import spring_traps

# The mix of an edition of 360: well over 60 stories on both sites, some wire copy, some bulletins.
PAIR_SHARE, OWN_SHARE, WIRE_SHARE, BULLETIN_SHARE = 70 / 360, 24 / 360, 14 / 360, 12 / 360
TOPICS_OF_FNNEWS = (
    "economy",
    "industry",
    "stock",
    "estate",
    "tech",
    "coin",
    "politics",
    "society",
    "world",
    "life",
    "culture",
)


@dataclass(slots=True)
class Edition:
    """All stories, newest first on every list; grows by ``publish``."""

    seed: int
    opened: datetime
    articles: int
    stories: list[Story] = field(default_factory=list)
    newsroom: Newsroom = field(init=False)
    number: int = 0
    turn: int = 0

    def __post_init__(self) -> None:
        self.newsroom = Newsroom(self.seed)
        times = _times(self.opened, self.articles, random.Random(f"{self.seed}/times"))
        jobs = _jobs(self.articles)
        random.Random(f"{self.seed}/jobs").shuffle(jobs)
        for job, when in zip(jobs, times, strict=True):
            self.stories.extend(self._story(job, when))
        spring_traps(self.stories)

    def publish(self, count: int, now: datetime) -> list[Story]:
        """``count`` new stories, the newest at ``now``: every third one on both sites."""
        fresh: list[Story] = []
        for step in range(count):
            job = "pair" if step % 3 == 0 else "daum"
            fresh.extend(self._story(job, now - timedelta(minutes=step, seconds=17)))
        self.stories.extend(fresh)
        return fresh

    def _story(self, job: str, when: datetime) -> list[Story]:
        self.number += 1
        number = self.number
        rng = random.Random(f"{self.seed}/story/{number}")
        house = self._house(job, number, when)
        assembly = Assembly(number=number, rng=rng, house=house, when=when, now=max(when, self.opened))
        if job == "bulletin":
            return [
                assembly.on_daum(write_bulletin(BULLETINS[number % len(BULLETINS)], rng, when), bulletin=True)
            ]
        copy = self._copy(job, house, number, when)
        if job == "wire":
            return assembly.as_wire(copy, both=number % 2 == 0)
        if job == "pair":
            return [assembly.on_both(copy)]
        if job == "own":
            return [assembly.on_fnnews(copy)]
        return [assembly.on_daum(copy)]

    def _house(self, job: str, number: int, when: datetime) -> Publisher:
        if job in {"pair", "own"}:
            return publisher(FINANCIAL_NEWS)
        if job == "wire":
            return publisher(WIRES[number % 3])
        others = [house for house in publishers() if house.name != FINANCIAL_NEWS]
        return others[number % len(others)]

    def _copy(self, job: str, house: Publisher, number: int, when: datetime) -> Copy:
        """파이낸셜뉴스 takes its topics in turn, the others take of theirs the one written least."""
        if job in {"pair", "own"}:
            self.turn += 1
            return self.newsroom.write(TOPICS_OF_FNNEWS[self.turn % len(TOPICS_OF_FNNEWS)], number, when)
        rarest = min(house.topics, key=self.newsroom.count)
        return self.newsroom.write(rarest, number, when)


@lru_cache(maxsize=16)
def _pickled(seed: int, opened: datetime, articles: int) -> bytes:
    return pickle.dumps(Edition(seed=seed, opened=opened, articles=articles))


def open_edition(seed: int, opened: datetime, articles: int) -> Edition:
    """A new edition. Writing one takes 0.7 s, copying a written one 0.03 s (360 stories, November 2026)."""
    edition: Edition = pickle.loads(_pickled(seed, opened, articles))  # noqa: S301 (our own bytes, this process)
    return edition


def _jobs(articles: int) -> list[str]:
    """One job for each story; the rest after the special ones is Daum alone."""
    jobs = ["pair"] * round(articles * PAIR_SHARE) + ["own"] * round(articles * OWN_SHARE)
    jobs += ["wire"] * round(articles * WIRE_SHARE) + ["bulletin"] * round(articles * BULLETIN_SHARE)
    return jobs + ["daum"] * (articles - len(jobs))


def _times(opened: datetime, articles: int, rng: random.Random) -> list[datetime]:
    """Most of the last day and a half, the rest of earlier years, so that each template is met."""
    times = []
    for index in range(articles):
        share = index / articles
        if share < 0.78:
            back = timedelta(seconds=int(share / 0.78 * 36 * 3600) + rng.randint(65, 240))
            times.append(opened - back)
            continue
        year = (
            2025
            if share < 0.83
            else 2024
            if share < 0.86
            else 2023
            if share < 0.92
            else 2022
            if share < 0.96
            else rng.choice((2014, 2018, 2020, 2021))
        )
        times.append(
            datetime(
                year,
                rng.randint(1, 11),
                rng.randint(1, 28),
                rng.randint(6, 22),
                rng.randint(0, 59),
                rng.randint(5, 59),
                tzinfo=opened.tzinfo,
            )
        )
    return times
