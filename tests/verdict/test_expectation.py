"""A run's verdict: zero articles is never a success, and a site that refuses is not a failure of ours."""

from collections import Counter

import pytest

from crawler.sources.base import Expectation
from crawler.verdict.expectation import Tally, judge
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
    ],
)
def test_verdict(counts: dict[str, int], listed: int, whole: bool, verdict: Verdict) -> None:
    ending = judge(EXPECTED, tally(), counts=counts, listed=listed, whole=whole)
    assert ending.verdict is verdict
    assert ending.reason


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
