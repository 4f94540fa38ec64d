"""A page of which nothing is known is stored as rows; the general way would have left the very same rows.

Two archives are told the same pages in the same order: one as a crawl tells them, one with a reading of
another capture, which no page of this test has and which leads each page the general way.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from sqlalchemy import Engine

from crawler.deduplicate.likenesses import LIKENESSES
from crawler.deduplicate.match import decide
from storage.archive.storing import NotStorable
from storage.archive.writer import Writer
from storage.database.opening import open_database
from storage.records import Article, Person
from tests import postgres
from tests.storage.samples import DAUM, Desk, daum_article, minutes, unlike
from tests.storage.test_first_sight import ODD, rows
from tests.storage.test_statements import asked

NOBODYS_CAPTURE = 0


@dataclass(frozen=True, slots=True)
class Page:
    """A page, and where it was fetched where that is another address."""

    article: Article
    fetched: str | None = None


def _people(*who: tuple[str | None, str | None]) -> tuple[Person, ...]:
    return tuple(Person(name=name, email=email, raw=name or email or "") for name, email in who)


CREDITS = (
    _people(("김하나", "hana@a.example")),
    _people(("김하나", None)),
    _people(("김하나", "HANA@a.example")),
    _people(("김둘", "hana@a.example")),
    _people(("박셋", None), ("박셋", "set@a.example")),
    _people(("박셋", "set@a.example"), ("박셋", None)),
    _people(("최넷", "one@a.example"), ("최넷", "two@a.example"), ("최넷", None)),
    _people((None, "nobody@a.example")),
    _people(("오씨", "nobody@a.example"), ("아씨", "nobody@a.example")),
    _people(("", "empty@a.example"), ("", None)),
    _people(("가\x00", "nul\x00@a.example"), ("가\x00", None), ("\ud800", None)),
    _people(("김둘", "hana@a.example"), ("김둘", "hana@a.example"), ("김하나", "hana@a.example")),
)


def _own(number: int) -> str:
    return f"https://www.fnnews.com/news/{number:018d}"


def _portal(number: int, of: Article, **changes: object) -> Article:
    """The portal's copy of a page."""
    place = f"{DAUM[-17:-4]}{number:04d}"
    words = {"title": of.title, "body": of.body, "publisher": of.publisher, **changes}
    return daum_article(url=f"https://v.daum.net/v/{place}", site_id=place, **words)


def _addresses() -> Iterator[Page]:
    """Pages with other addresses than the one they were fetched from."""
    short = "https://v.daum.net/v/short"
    yield Page(unlike(500), fetched="https://m.fnnews.com/news/500")
    yield Page(unlike(501, aliases=("https://m.fnnews.com/news/500", _own(500))))
    yield Page(unlike(502, site_id=None), fetched="https://m.fnnews.com/news/502")
    yield Page(unlike(503, other_url=_own(500)))
    yield Page(unlike(504, other_url=_own(999)))
    yield Page(unlike(505, declared=(_own(500), _own(505)), aliases=(_own(505),)))
    yield Page(_portal(506, unlike(506), aliases=(short, short)))
    yield Page(_portal(507, unlike(507), aliases=(short, "https://v.daum.net/v/" + "x" * 3000)))
    yield Page(
        replace(_portal(508, unlike(508)), url="https://v.daum.net/v/other", site_id=None), fetched=short
    )
    yield Page(replace(_portal(509, unlike(509)), source="fnnews"))
    yield Page(_portal(510, unlike(500), original_url=_own(500)))


def _pages() -> Iterator[Page]:
    ours = [unlike(number, **odd) for number, odd in enumerate(ODD.values(), start=100)]
    ours += [unlike(number, bylines=people) for number, people in enumerate(CREDITS, start=200)]
    elsewhere = enumerate(CREDITS[::-2], start=300)
    ours += [unlike(number, bylines=people, publisher="나일보") for number, people in elsewhere]
    yield from map(Page, ours)
    yield from _addresses()
    yield from (Page(_portal(number, page)) for number, page in enumerate(ours[::4], start=1))
    yield from map(Page, ours[::7])


@pytest.fixture(params=["sqlite", "postgresql"])
def archives(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[tuple[Desk, Desk]]:
    """Two of the same kind."""
    with ExitStack() as stack:

        def made(name: str) -> Engine:
            if request.param == "sqlite":
                shutil.copy(request.getfixturevalue("sqlite_template"), tmp_path / name)
                url = f"sqlite:///{tmp_path / name}"
            else:
                server, template = map(request.getfixturevalue, ("postgresql_server", "postgresql_template"))
                copied = stack.enter_context(postgres.database(server, template))
                url = copied.render_as_string(hide_password=False)
            engine = open_database(url)
            stack.callback(engine.dispose)
            return engine

        yield _desk(made("rows.db")), _desk(made("general.db"))


def _desk(engine: Engine) -> Desk:
    desk = Desk(engine)
    desk.writer = Writer(engine, decide, LIKENESSES, reader=7)
    return desk


def _store(desk: Desk, page: Page, number: int, *, generally: bool) -> str:
    article, source = page.article, page.article.source or ""
    address = desk.address(page.fetched or article.url, source, None if page.fetched else article.site_id)
    capture = desk.capture(article.url, minutes(number), address, source)
    try:
        stored = desk.writer.store(
            article,
            run_id=desk.runs[source],
            address_id=address,
            capture_id=capture,
            seen_at=minutes(number + 0.5),
            next_fetch_at=minutes(number + 60),
            readings={NOBODYS_CAPTURE: article} if generally else None,
        )
    except NotStorable as refused:
        return str(refused)
    return f"{stored.outcome} {stored.reason}"


def test_both_ways_leave_the_same_rows(archives: tuple[Desk, Desk]) -> None:
    pages = list(enumerate(_pages()))
    as_rows, general = (
        [_store(desk, page, number, generally=generally) for number, page in pages]
        for desk, generally in zip(archives, (False, True), strict=True)
    )
    assert as_rows == general
    told = [" ".join(words.split()[:2]) for words in as_rows]
    assert {"stored a", "stored joined:", "the page"} <= set(told)
    ours, theirs = (rows(desk) for desk in archives)
    for table, stored in ours.items():
        assert stored == theirs[table], table


def test_a_page_of_which_nothing_is_known_goes_the_short_way(archives: tuple[Desk, Desk]) -> None:
    counts = []
    for desk, generally in zip(archives, (False, True), strict=True):
        _store(desk, Page(unlike(1)), 1, generally=generally)
        with asked(desk.engine) as told:
            _store(desk, Page(unlike(2)), 2, generally=generally)
        counts.append(len(told))
    assert counts[0] < counts[1]
