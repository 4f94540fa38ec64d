"""Which page of a list comes next, and how it ends when one of several cannot be read."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import pytest

from crawler.discover.links import unrecognised
from crawler.sources.base import Seed
from crawler.spiders.visit import Visit, Wrong, given_up
from storage.records import Outcome
from storage.records.discovery import Discovery, Listing

AT = "https://www.hanbit-journal.example/sitemap.xml"


def visit(pages: int = 9) -> Visit:
    return Visit(seed=Seed(url=AT, kind="sitemap", parse=lambda *_: unrecognised(""), max_pages=pages))


def names(*further: str, articles: int = 0) -> Listing:
    found = tuple(Discovery(url=f"{AT}/{number}") for number in range(articles))
    return Listing(discoveries=found, recognised=True, further=further)


def asked_of(started: Visit, said: dict[str, Listing | Wrong]) -> tuple[list[str], Visit]:
    """The pages in the order in which they are asked for, and the visit at their end."""
    asked, on, url = [AT], started, AT
    while True:
        answer = said[url]
        read = on.behind(answer) if isinstance(answer, Wrong) else on.read({AT, url}, answer, ())
        if (follows := read.next(None)) is None:
            return asked, read
        url, on = follows
        asked.append(url)


def test_every_page_is_asked_for_once_whatever_they_name() -> None:
    said: dict[str, Listing | Wrong] = {
        AT: names("a", "b", AT, "a"),
        "a": names("c", "b", articles=2),
        "b": names(AT, "a", articles=3),
        "c": names(articles=1),
    }
    asked, end = asked_of(visit(), said)
    assert asked == [AT, "a", "c", "b"]
    assert (end.listed, end.end()) == (6, (Outcome.STORED, "listed"))


def test_no_more_pages_than_the_seed_lets() -> None:
    asked, end = asked_of(visit(pages=2), {AT: names("a", "b"), "a": names(articles=1)})
    assert (asked, end.waiting) == ([AT, "a"], ("b",))


@pytest.mark.parametrize(("pages", "says"), [(1, "it names 2 lists"), (2, "None")])
def test_an_index_of_which_nothing_may_be_read_is_told(pages: int, says: str) -> None:
    read = visit(pages=pages).read({AT}, names("a", "b"), ())
    assert str(read.barred).startswith(says)


@pytest.mark.parametrize("broken", ["a", "b", "c"])
def test_behind_one_that_cannot_be_read_the_others_are(broken: str) -> None:
    gone = Wrong(outcome=Outcome.GONE, reason="status 404")
    said = {AT: names("a", "b", "c")} | {one: names(articles=2) for one in "abc"} | {broken: gone}
    asked, end = asked_of(visit(), said)
    assert asked == [AT, "a", "b", "c"]
    assert end.listed == 4
    outcome, reason = end.end()
    assert (outcome, reason) == (
        Outcome.GONE,
        f"page {asked.index(broken) + 1}, {broken}: status 404; listed",
    )


@pytest.mark.parametrize(
    ("follows", "asked", "says"),
    [
        (f"{AT}?page=2", f"{AT}?page=2", "listed"),
        (None, None, "listed"),
        (
            "https://elsewhere.example/2",
            None,
            "listed; its next page is outside the source: elsewhere.example",
        ),
        (
            f"{AT.replace('.example', '.example:8080')}",
            None,
            "listed; its next page is outside the source: www.hanbit-journal.example:8080",
        ),
    ],
)
def test_a_next_page_of_another_site_is_told_and_not_asked(
    follows: str | None, asked: str | None, says: str
) -> None:
    read, next_url = visit().within(follows, frozenset({"www.hanbit-journal.example"}))
    assert (next_url, read.end()[1]) == (asked, says)


def test_one_page_that_names_nothing_is_passed_over_and_two_in_a_row_are_not() -> None:
    on, followed = visit(), []
    for articles in (1, 0, 2, 0, 0):
        followed.append(bool(articles) or on.passes_over)
        on = on.read({f"{AT}?{on.page}"}, names(articles=articles), ())
    assert followed == [True, True, True, True, False]


def test_of_an_index_what_is_of_another_site_is_told_and_not_asked_unless_it_is_all_that_it_names() -> None:
    hosts = frozenset({"www.hanbit-journal.example"})
    own, other = f"{AT}?1", "https://elsewhere.example/1.xml"
    read, _ = visit().read({AT}, names(other, own, other), ()).within(None, hosts)
    assert (read.waiting, read.end()[1]) == (
        (own,),
        "listed; it names a list outside the source: elsewhere.example",
    )
    alone, _ = visit().read({AT}, names(other), ()).within(None, hosts)
    assert (alone.waiting, alone.end()[1]) == ((other,), "listed")


@pytest.mark.parametrize(
    ("articles", "status", "ends"),
    [
        ((10, 10, 3), 404, True),
        ((10, 3), 410, True),
        ((10, 10), 404, False),  # perhaps the last is full: told as missing
        ((10,), 404, False),
        ((10, 0), 404, False),
        ((10, 3), 500, False),
        ((10, 3), 403, False),
    ],
)
def test_a_page_that_does_not_exist_behind_a_short_one_is_the_end_of_the_list(
    articles: tuple[int, ...], status: int, ends: bool
) -> None:
    on = visit()
    for number, count in enumerate(articles):
        on = on.read({f"{AT}?{number}"}, names(articles=count), ())
    ended = on.ended_before(status)
    assert (ended is not None) is ends
    if ended is not None:
        told = f"listed; page {len(articles) + 1}: {status}, behind a page that named fewer"
        assert ended.end() == (Outcome.STORED, told)


def test_of_many_lists_that_one_names_each_that_is_gone_is_missed() -> None:
    on = visit().read({AT}, names("a", "b", articles=5), ()).read({"a"}, names(articles=1), ())
    assert on.ended_before(404) is None


def test_a_last_page_that_comes_for_every_further_number_ends_a_list_once_it_came_twice_more() -> None:
    on, told = visit(), []
    for number, shown in enumerate((1, 2, 2, 3, 3, 3, 3)):  # the third is a cache's
        named = Listing(discoveries=(Discovery(url=f"{AT}/{shown}"),), recognised=True)
        on = on.read({f"{AT}?page={number + 1}"}, named, ())
        told.append(on.has_ended(f"{AT}?page={number + 2}"))
    end = "the pages behind page 4 are that page again"
    assert told == [None, None, None, None, None, end, end]
    assert on.has_ended(None) is None
    assert on.has_ended(f"{AT}?page=3") == "its next page is one that was read"


NOW = datetime(2026, 11, 28, 3, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("ages", "told"),
    [
        ((2800, 2801), "its newest article is of 2019-03-30"),
        ((36,), "its newest article is of 2026-10-23"),
        ((34, 2800), None),
        (range(20, 32), "its newest article is of 2026-11-08"),  # one a day until then
        (range(20, 26), None),  # too few to tell
        ((20, *range(31, 43)), None),  # it was quiet for eleven days before
        ((None, 2), None),
        ((None,), None),
        ((), None),
    ],
)
def test_a_list_that_a_site_gave_up_is_told(ages: Sequence[int | None], told: str | None) -> None:
    found = tuple(
        Discovery(url=f"{AT}/{at}", time_hint=None if age is None else NOW - timedelta(days=age))
        for at, age in enumerate(ages)
    )
    assert given_up(Listing(discoveries=found, recognised=True), NOW) == told
