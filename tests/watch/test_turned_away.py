"""A site that turns every page away, or somebody on the way: told until an article comes, and asked again."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

import pytest
from sqlalchemy import Engine, update

from crawler.orders.fill import fill_orders
from crawler.verdict.hindsight import second_opinion
from crawler.verdict.run_verdict import Ending
from crawler.watch.coverage import coverage_report
from storage.database.opening import writing
from storage.models import AddressRow
from storage.records import Verdict
from storage.seoul import SEOUL
from tests.watch.archive import add_answers, add_list, add_run

TODAY = date(2026, 11, 22)
NOON = datetime.combine(TODAY - timedelta(days=2), time(12), SEOUL)
HOUR = timedelta(hours=1)
HEALTHY = Ending(verdict=Verdict.HEALTHY, reason="as expected")
PORTAL = "outside the source: portal.example"


def pages(*numbers: int) -> list[str]:
    return [f"https://v.daum.net/v/2026112009000{number:04}" for number in numbers]


def ended(engine: Engine, run: int, share: float = 0.8) -> str | None:
    """Why a run that would be healthy is not; None: it is."""
    ending = second_opinion(engine, "daum", run, NOON, HEALTHY, whole=False, articles_share=share).ending
    return ending.reason if ending.verdict is Verdict.DEGRADED else None


def fillable(engine: Engine) -> tuple[str, ...]:
    gaps = coverage_report(engine, TODAY - timedelta(days=3), TODAY, TODAY).gaps
    return tuple(url for order in fill_orders(engine, gaps) for url in order.urls)


@pytest.mark.parametrize("outcome", ["not_article", "blocked", "quarantined"])
def test_polls_for_one_page_each_are_told_together(engine: Engine, outcome: str) -> None:
    """Once each was healthy, and the alarm of the first told that all was well again."""
    add_answers(engine, add_run(engine, NOON), NOON, pages(1), "stored")
    said = []
    for number in range(2, 8):
        run, at = add_run(engine, NOON + number * HOUR), NOON + number * HOUR
        add_answers(engine, run, at, pages(number), outcome)
        said.append(ended(engine, run))
    words = "0 articles in the last {} pages that were asked, 80% expected"
    assert said == [None, None, None, None, words.format(5), words.format(6)]
    idle = add_run(engine, NOON + 9 * HOUR)
    assert ended(engine, idle) == words.format(6)
    last = add_run(engine, NOON + 10 * HOUR)
    add_answers(engine, last, NOON + 10 * HOUR, pages(2), "stored")
    assert ended(engine, last) is None
    assert ended(engine, add_run(engine, NOON + 11 * HOUR)) is None


def test_pages_that_never_gave_an_article_say_nothing_new(engine: Engine) -> None:
    first, second = add_run(engine, NOON), add_run(engine, NOON + HOUR)
    add_answers(engine, first, NOON, pages(*range(10)), "not_article")
    add_answers(engine, first, NOON, pages(10), "stored")
    add_answers(engine, second, NOON + HOUR, pages(*range(10)), "not_article")
    assert ended(engine, second) is None


def test_what_is_gone_or_was_not_answered_is_not_counted(engine: Engine) -> None:
    run = add_run(engine, NOON)
    add_answers(engine, run, NOON, pages(*range(10)), "gone")
    add_list(engine, run, pages(*range(10, 20)), NOON, outcome="blocked", seed="https://other/")
    assert ended(engine, run) is None


def test_another_sources_articles_are_not_this_ones(engine: Engine) -> None:
    run = add_run(engine, NOON)
    add_answers(engine, run, NOON, pages(*range(8)), "not_article")
    other = add_run(engine, NOON, source="fnnews")
    add_answers(engine, other, NOON, ["https://www.fnnews.com/news/1"], "stored")
    last = add_run(engine, NOON + HOUR)
    assert ended(engine, last) == "0 articles in the last 8 pages that were asked, 80% expected"
    assert ended(engine, last, share=0.0) is None


# --- asked again ----------------------------------------------------------------------------------


@pytest.mark.parametrize("reason", [PORTAL, "refused (403)", "redirected to https://v.daum.net/login"])
def test_what_was_refused_with_every_other_page_is_asked_again(engine: Engine, reason: str) -> None:
    """A portal on the way led all of them away, and the fill left them out for good."""
    for hours in range(2):
        run = add_run(engine, NOON + hours * HOUR)
        add_answers(engine, run, NOON + hours * HOUR, pages(1, 2, 3), "blocked", reason)
    (gap,) = coverage_report(engine, NOON.date(), NOON.date(), TODAY).gaps
    assert gap.reasons == (f"3 blocked ({reason}, as was every page then)",)
    assert gap.fillable
    assert fillable(engine) == tuple(pages(1, 2, 3))


def test_what_alone_was_refused_is_left_alone(engine: Engine) -> None:
    """An article came after it, at one look of several."""
    alone, with_all = add_run(engine, NOON), add_run(engine, NOON + HOUR)
    add_answers(engine, alone, NOON, pages(1), "blocked", PORTAL)
    add_answers(engine, alone, NOON, pages(2), "stored")
    add_answers(engine, with_all, NOON + HOUR, pages(1, 3), "blocked", PORTAL)
    assert fillable(engine) == tuple(pages(3))


def test_what_was_stored_before_the_portal_came_does_not_count(engine: Engine) -> None:
    run = add_run(engine, NOON)
    add_answers(engine, run, NOON, pages(2), "stored")
    add_answers(engine, run, NOON, pages(1), "blocked", PORTAL)
    assert fillable(engine) == tuple(pages(1))


@pytest.mark.parametrize("reason", ["tombstone", "tombstone: nearly a text that was taken down"])
def test_what_was_taken_down_is_not_asked_again(engine: Engine, reason: str) -> None:
    add_answers(engine, add_run(engine, NOON), NOON, pages(1), "blocked", reason)
    assert fillable(engine) == ()


def test_what_ended_otherwise_since_is_not_asked_again(engine: Engine) -> None:
    add_answers(engine, add_run(engine, NOON), NOON, pages(1), "blocked", PORTAL)
    with writing(engine) as session:
        session.execute(update(AddressRow).values(last_error="forbidden by robots.txt"))
    assert fillable(engine) == ()
