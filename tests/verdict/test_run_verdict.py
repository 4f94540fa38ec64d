"""A run's verdict: zero articles is never a success, and a site that refuses is not a failure of ours."""

from collections import Counter
from dataclasses import replace

import pytest

from crawler.sources.base import Expectation
from crawler.sources.generic import generic_source
from crawler.verdict.run_verdict import Tally, judge
from storage.ledger.run_ends import Unended
from storage.records import Outcome, Verdict

EXPECTED = Expectation(
    min_listed=20,
    min_articles_share=0.8,
    max_quarantined_share=0.05,
    min_fill={"title": 0.99, "bylines": 0.5},
)


def tally(articles: int = 0, **fields: int) -> Tally:
    return Tally(articles=articles, fields=Counter(fields), seeds=Counter({Outcome.STORED: 3}))


@pytest.mark.parametrize(
    ("counts", "listed", "whole", "verdict"),
    [
        pytest.param({"stored": 100}, 100, True, Verdict.HEALTHY, id="all stored"),
        pytest.param({"unchanged": 100}, 100, True, Verdict.HEALTHY, id="nothing new is healthy"),
        pytest.param({"stored": 90, "gone": 30}, 120, True, Verdict.HEALTHY, id="gone is the site's doing"),
        pytest.param({}, 0, True, Verdict.EMPTY, id="nothing listed"),
        pytest.param({"stored": 5}, 5, True, Verdict.DEGRADED, id="fewer than declared"),
        pytest.param({"stored": 5}, 5, False, Verdict.HEALTHY, id="a limit was asked for"),
        pytest.param({"stored": 99, "failed": 1}, 100, True, Verdict.DEGRADED, id="a failure"),
        pytest.param(
            {"stored": 90, "quarantined": 10}, 100, True, Verdict.DEGRADED, id="quarantine fills up"
        ),
        pytest.param({"stored": 98, "quarantined": 2}, 100, True, Verdict.HEALTHY, id="an odd page"),
        pytest.param({"not_article": 100}, 100, True, Verdict.DEGRADED, id="pages that are no articles"),
        pytest.param({"blocked": 60, "stored": 40}, 100, True, Verdict.BLOCKED, id="mostly refused"),
        pytest.param({"gone": 60, "stored": 40}, 100, True, Verdict.DEGRADED, id="mostly gone"),
        pytest.param({"gone": 1}, 1, False, Verdict.DEGRADED, id="the named page is gone"),
    ],
)
def test_verdict(counts: dict[str, int], listed: int, whole: bool, verdict: Verdict) -> None:
    ending = judge(EXPECTED, tally(), counts=counts, listed=listed, whole=whole)
    assert ending.verdict is verdict
    assert ending.reason


@pytest.mark.parametrize("counts", [{"not_article": 1}, {"not_article": 2, "gone": 1}, {"quarantined": 1}])
def test_pages_of_which_none_is_an_article_are_no_success(counts: dict[str, int]) -> None:
    """One page was within what chance explains of 80 %: a firewall's challenge was healthy."""
    for expected in (EXPECTED, generic_source(["https://news.example.kr/1"]).expectation):
        ending = judge(expected, tally(), counts=counts, listed=3, whole=False)
        assert (ending.verdict, ending.reason[:10]) == (Verdict.DEGRADED, "0 articles")
    later = judge(EXPECTED, tally(), counts={"known": 30, "not_article": 1}, listed=31, whole=True)
    assert later.verdict is Verdict.HEALTHY, "what is left of a poll may well be none"


def test_of_other_sites_every_named_page_is_to_be_an_article() -> None:
    expected = generic_source(["https://news.example.kr/1"]).expectation
    ending = judge(expected, tally(), counts={"stored": 9, "not_article": 1}, listed=10, whole=False)
    assert ending.reason == "9 articles in 10 pages, 100% expected"


@pytest.mark.parametrize("cause", ["The page refuses: Just a moment...", "redirected to https://a.kr/login"])
def test_a_page_that_turns_us_away_is_told(cause: str) -> None:
    told = tally()
    told.address(Outcome.BLOCKED, cause)
    ending = judge(EXPECTED, told, counts={"stored": 99, "blocked": 1}, listed=100, whole=True)
    assert (ending.verdict, ending.reason) == (Verdict.DEGRADED, f"1 of 1 refused: {cause}")


def test_causes_that_differ_by_an_address_alone_are_one_where_there_are_many() -> None:
    told = tally()
    for number in range(9):
        told.address(Outcome.FAILED, f"redirected in a circle, to https://a.kr/{number} for the third time")
    for where in ("https://a.kr/1", "https://b.kr/1"):
        told.address(Outcome.QUARANTINED, f"another's: {where}")
    ending = judge(EXPECTED, told, counts={"failed": 9, "quarantined": 2}, listed=100, whole=True)
    assert "9 failed: redirected in a circle, to ... for the third time;" in ending.reason
    assert ending.reason.endswith("2 quarantined: 1 another's: https://a.kr/1, 1 another's: https://b.kr/1")


@pytest.mark.parametrize(
    ("led", "verdict"), [(10, Verdict.DEGRADED), (7, Verdict.HEALTHY), (4, Verdict.HEALTHY)]
)
def test_most_of_a_run_that_is_led_to_the_home_page_is_told(led: int, verdict: Verdict) -> None:
    """The declared share alone took ten of fourteen for chance, and the run for healthy."""
    told, half = tally(), replace(EXPECTED, min_listed=1, min_articles_share=0.3)
    for outcome, cause, count in (
        (Outcome.STORED, "a new article", 14 - led),
        (Outcome.NOT_ARTICLE, "redirected to https://a.kr/", led),
    ):
        for _ in range(count):
            told.address(outcome, cause)
    ending = judge(half, told, counts={"stored": 14 - led, "not_article": led}, listed=14, whole=True)
    assert ending.verdict is verdict
    told_so = ending.reason == "10 addresses gave one page: redirected to https://a.kr/"
    assert told_so == (verdict is Verdict.DEGRADED)


def test_a_list_that_broke_off_behind_pages_that_were_read_is_not_said_to_have_named_nothing() -> None:
    told = tally()
    told.seed(Outcome.GONE, "page 4: 404", listed=38)
    ending = judge(EXPECTED, told, counts={"stored": 60}, listed=60, whole=True)
    assert (ending.verdict, ending.reason) == (Verdict.DEGRADED, "1 seeds gone: page 4: 404")


SEEDS: dict[str, tuple[dict[tuple[Outcome, str], int], Verdict, str]] = {
    "all refused": (
        {(Outcome.BLOCKED, "refused (429)"): 10},
        Verdict.BLOCKED,
        "all 10 seeds refused: refused (429); 60 addresses ended all the same",
    ),
    "all 404": ({(Outcome.GONE, "404"): 10}, Verdict.EMPTY, "10 seeds listed no article: 404; 60 addresses"),
    "none read, for several reasons": (
        {(Outcome.BLOCKED, "refused (403)"): 3, (Outcome.FAILED, "answered 503"): 7},
        Verdict.EMPTY,
        "10 seeds listed no article: 7 answered 503, 3 refused (403); 60 addresses",
    ),
    "most failed": ({(Outcome.FAILED, "answered 503"): 6}, Verdict.DEGRADED, "6 seeds failed: answered 503"),
    "most 404": ({(Outcome.GONE, "404"): 6}, Verdict.DEGRADED, "6 seeds gone: 404"),
    "one refused": (
        {(Outcome.BLOCKED, "refused (403)"): 1},
        Verdict.DEGRADED,
        "1 seeds refused: refused (403)",
    ),
    "one that robots.txt forbids": (
        {(Outcome.BLOCKED, "forbidden by robots.txt"): 1},
        Verdict.HEALTHY,
        "60 addresses as expected",
    ),
    "one that is not asked without its owner's word": (
        {(Outcome.BLOCKED, "no robots.txt (404), and this way in needs a permission in so many words"): 1},
        Verdict.HEALTHY,
        "60 addresses as expected",
    ),
}


@pytest.mark.parametrize("case", SEEDS)
def test_left_over_addresses_do_not_make_up_for_lists(case: str) -> None:
    lost, verdict, said = SEEDS[case]
    found = Tally()
    for (outcome, reason), count in lost.items():
        for _ in range(count):
            found.seed(outcome, reason)
    for number in range(10 - sum(lost.values())):
        found.seed(Outcome.STORED, "listed", seed=f"https://example.org/{number}", listed=6)
    ending = judge(EXPECTED, found, counts={"stored": 60}, listed=60, whole=True)
    assert (ending.verdict, ending.reason[: len(said)]) == (verdict, said)


def test_refusals_are_told_by_their_own_cause() -> None:
    """429s were once told as "forbidden by robots.txt", which was the cause of one list."""
    found = tally()
    found.seed(Outcome.BLOCKED, "forbidden by robots.txt")
    for _ in range(9):
        found.address(Outcome.BLOCKED, "refused (429)")
    found.address(Outcome.BLOCKED, "refused (403)")
    ending = judge(EXPECTED, found, counts={"blocked": 10}, listed=10, whole=True)
    assert ending.reason == "10 of 10 refused: 9 refused (429), 1 refused (403)"
    some = judge(EXPECTED, found, counts={"blocked": 10, "stored": 90}, listed=100, whole=True)
    assert some.verdict is Verdict.DEGRADED
    assert "10 of 10 refused: 9 refused (429), 1 refused (403)" in some.reason


def test_pages_that_a_rule_keeps_from_us_are_no_failure() -> None:
    found = tally()
    for _ in range(10):
        found.address(Outcome.BLOCKED, "outside the source: sports.daum.net")
    ending = judge(EXPECTED, found, counts={"blocked": 10, "stored": 90}, listed=100, whole=True)
    assert ending.verdict is Verdict.HEALTHY


@pytest.mark.parametrize(("addresses", "verdict"), [(4, Verdict.HEALTHY), (5, Verdict.DEGRADED)])
def test_many_addresses_that_give_one_page_are_told(addresses: int, verdict: Verdict) -> None:
    """Led to one old article all of them were duplicates of it, and the run was healthy."""
    found = tally()
    for _ in range(addresses):
        found.address(Outcome.DUPLICATE, "another address of https://a.kr/3")
    counts = {"duplicate": addresses, "stored": 90}
    ending = judge(EXPECTED, found, counts=counts, listed=100, whole=True)
    assert ending.verdict is verdict
    words = "5 addresses gave one page: another address of https://a.kr/3"
    assert (ending.reason == words) == (verdict is Verdict.DEGRADED)


def test_a_known_page_that_is_gone_is_what_a_recheck_is_for() -> None:
    for gone, verdict in ((1, Verdict.HEALTHY), (4, Verdict.HEALTHY), (5, Verdict.DEGRADED)):
        counts = {"gone": gone}
        ending = judge(EXPECTED, Tally(), counts=counts, listed=gone, whole=False, rechecking=True)
        assert ending.verdict is verdict


def test_what_was_listed_and_has_no_outcome_is_named() -> None:
    left = Unended(count=5, held=3, examples=("https://a/1", "https://a/2", "https://a/3"))
    ending = judge(EXPECTED, tally(), counts={"stored": 26}, listed=31, whole=True, unended=left)
    assert ending.verdict is Verdict.DEGRADED
    assert ending.reason == (
        "5 listed without an outcome, 3 of them held by another run "
        "(https://a/1, https://a/2, https://a/3 and 2 more)"
    )


def test_all_seeds_refused_is_blocked() -> None:
    refused = Tally(seeds=Counter({Outcome.BLOCKED: 3}))
    assert judge(EXPECTED, refused, counts={}, listed=0, whole=True).verdict is Verdict.BLOCKED


def test_a_seed_that_lists_nothing_it_should_is_told() -> None:
    broken = Tally(seeds=Counter({Outcome.STORED: 3, Outcome.QUARANTINED: 1}))
    ending = judge(EXPECTED, broken, counts={"stored": 50}, listed=50, whole=True)
    assert (ending.verdict, ending.reason) == (Verdict.DEGRADED, "1 seeds failed")


def test_a_field_that_dries_up_is_named() -> None:
    ending = judge(EXPECTED, tally(50, title=50, bylines=3), counts={"stored": 50}, listed=50, whole=True)
    assert ending.verdict is Verdict.DEGRADED
    assert ending.reason == "bylines in 3 of 50 articles, 50% expected"


def test_a_recheck_with_nothing_due_is_healthy() -> None:
    ending = judge(EXPECTED, Tally(), counts={}, listed=0, whole=False)
    assert (ending.verdict, ending.reason) == (Verdict.HEALTHY, "nothing was due")


@pytest.mark.parametrize(
    ("articles", "bylines", "verdict"),
    [
        (5, 2, Verdict.HEALTHY),
        (25, 11, Verdict.HEALTHY),
        (12, 0, Verdict.DEGRADED),
        (50, 10, Verdict.DEGRADED),
    ],
)
def test_a_few_articles_may_lack_a_field_by_chance(articles: int, bylines: int, verdict: Verdict) -> None:
    found = tally(articles, title=articles, bylines=bylines)
    counts = {"stored": articles}
    assert judge(EXPECTED, found, counts=counts, listed=articles, whole=False).verdict is verdict


def test_one_page_that_is_no_article_among_three_is_chance() -> None:
    ending = judge(EXPECTED, tally(), counts={"stored": 2, "not_article": 1}, listed=3, whole=False)
    assert ending.verdict is Verdict.HEALTHY
