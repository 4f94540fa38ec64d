"""The publishers that the twin plays: house style of byline, lead-in, signature and notice.

Names, domains, notices and forms are facts of docs/sites/daum.md 1.3, 2.3 and docs/sites/credits.md; a cpId
that is not named there is invented.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import cache
from importlib import resources

FINANCIAL_NEWS = "파이낸셜뉴스"
WIRES = ("뉴스1", "뉴시스", "연합뉴스")
# Where the notice names another holder than the outlet's own name (docs/sites/credits.md 4).
HOLDERS = {
    "매일경제": "매경AX",
    "스포티비뉴스": "SPOTV NEWS",
    "노컷뉴스": "CBS노컷뉴스",
    "베스트일레븐": "베스트 일레븐",
}


@dataclass(frozen=True, slots=True)
class Publisher:
    """One outlet. ``header``, ``lead`` and ``sign`` name forms of twin.credits."""

    name: str
    cp: int
    code: str
    domain: str
    home: str
    header: str
    lead: str
    sign: str
    notice: str | None
    layout: str
    promo: bool
    topics: tuple[str, ...]

    @property
    def holder(self) -> str | None:
        """Who the notice names, None without one."""
        return HOLDERS.get(self.name, self.name) if self.notice else None


@cache
def publishers() -> tuple[Publisher, ...]:
    """All publishers in file order."""
    text = resources.files("twin").joinpath("publishers.tsv").read_text("utf-8")
    rows = csv.DictReader(text.splitlines(), delimiter="\t", quoting=csv.QUOTE_NONE)
    return tuple(
        Publisher(
            name=row["name"],
            cp=int(row["cp"]),
            code=row["code"],
            domain=row["domain"],
            home=row["home"],
            header=row["header"],
            lead=row["lead"],
            sign=row["sign"],
            notice=None if row["notice"] == "none" else row["notice"],
            layout=row["layout"],
            promo=row["promo"] == "1",
            topics=tuple(row["topics"].split()),
        )
        for row in rows
    )


@cache
def publisher(name: str) -> Publisher:
    """The publisher of that name. Raises KeyError for an unknown one."""
    for each in publishers():
        if each.name == name:
            return each
    raise KeyError(f"the twin plays no publisher called {name}")
