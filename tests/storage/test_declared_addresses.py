"""Declared addresses are evidence, not proof: og:url with the home page, a section, another article."""

from __future__ import annotations

import logging
from typing import Any

import pytest
from sqlalchemy import Engine

from crawler.deduplicate.likenesses import LIKENESSES
from crawler.deduplicate.match import decide
from storage.archive.writer import Writer
from storage.records import Article, Outcome
from tests.storage.samples import BODY, DAUM, FNNEWS, Desk, daum_article, fnnews_article, instant, minutes

HOME = "https://news.example.kr/"
TEXTS = (
    "가상시는 보행교를 새로 놓는다. 다리 길이는 210m이고 내년 봄에 공사를 시작해 두 해 동안 짓는다.",
    "가상군 어항에서는 올해 첫 대구 경매가 열렸다. 한 상자 값은 지난해보다 조금 내렸다고 어민들이 전했다.",
    "가상대 연구진은 눈에 잘 띄지 않는 이끼의 이름을 새로 붙였다. 표본은 대학 박물관에 두었다.",
)


def page(number: int, **changes: Any) -> Article:
    """A page of a site that is no source: without publisher and time."""
    base: dict[str, Any] = {
        "url": f"{HOME}view/{number}",
        "site_id": None,
        "title": f"{number}번째 소식",
        "body": TEXTS[number % len(TEXTS)],
        "publisher": None,
        "published": None,
        "bylines": (),
        "source": "fnnews",
    }
    return fnnews_article(**(base | changes))


@pytest.fixture
def desk(engine: Engine) -> Desk:
    made = Desk(engine)
    made.writer = Writer(engine, decide, LIKENESSES)
    return made


def articles(desk: Desk) -> int:
    return desk.count("article")


@pytest.mark.parametrize("declared", [HOME, f"{HOME}politics", f"{HOME}view/0", "https://other.example/"])
def test_one_address_in_every_page_joins_nothing(desk: Desk, declared: str) -> None:
    """41 stories became one by it ("alias 1.00")."""
    for number in range(3):
        named = () if declared == f"{HOME}view/{number}" else (declared,)
        assert desk.store(page(number, declared=named), minutes(number)).outcome is Outcome.STORED
    assert articles(desk) == 3
    assert desk.rows("SELECT count(*) FROM address WHERE alias_of_id IS NOT NULL") == [(0,)]
    kept = desk.rows("SELECT url, declared_url, kind, believed FROM declared_addresses ORDER BY url")
    believed = 0 if declared == f"{HOME}view/0" else None
    wanted = [(f"{HOME}view/{number}", declared, "canonical", believed) for number in range(3)]
    assert kept == [row for row in wanted if row[0] != declared]


def test_the_home_page_itself_is_no_story_of_theirs(desk: Desk) -> None:
    desk.store(
        page(
            7,
            url=HOME,
            title="가상일보",
            body="첫 화면에 걸린 여러 기사의 제목과 짧은 소개가 여기에 늘어서 있다.",
        )
    )
    for number in range(3):
        desk.store(page(number, declared=(HOME,)), minutes(number))
    assert articles(desk) == 4


def test_bulletins_of_one_form_and_headline_under_their_sections_address(desk: Desk) -> None:
    """Headline and words are equal, the numbers are not."""
    section = f"{HOME}weather"
    form = "오늘 가상시의 낮 기온은 {}도까지 오르고 아침에는 {}도로 쌀쌀하겠다. 바람은 초속 {}m로 불겠다."
    desk.store(page(9, url=section, title="오늘의 날씨", body=form.format(21, 8, 3)))
    for number, degrees in enumerate(((25, 11, 5), (17, 2, 9))):
        desk.store(
            page(number, title="오늘의 날씨", body=form.format(*degrees), declared=(section,)),
            minutes(number),
        )
    assert articles(desk) == 3


def test_an_equal_headline_over_another_story_joins_nothing(desk: Desk) -> None:
    for number in range(2):
        named = (f"{HOME}view/0",) if number else ()
        desk.store(page(number, title="[인사]", declared=named), minutes(number))
    assert articles(desk) == 2


@pytest.mark.parametrize("first", ["the page", "its other page"])
@pytest.mark.parametrize("changes", [{"title": "다른 제목"}, {"body": "짧게 줄인 글."}, {}])
def test_a_page_joins_where_headline_or_text_agree(desk: Desk, first: str, changes: dict[str, Any]) -> None:
    """An AMP or print page under an address of its own."""
    amp = page(1, url=f"{HOME}amp/view/1", declared=(f"{HOME}view/1",), **changes)
    order = [page(1), amp] if first == "the page" else [amp, page(1)]
    for step, one in enumerate(order):
        desk.store(one, minutes(step))
    assert articles(desk) == 1
    assert desk.rows("SELECT believed FROM declared_addresses") == [(1,)]
    assert {rule for (rule,) in desk.rows("SELECT match_rule FROM appearances")} == {None, "alias"}


def test_two_pages_that_name_each_other_by_mistake(desk: Desk) -> None:
    desk.store(page(0, declared=(f"{HOME}view/1",)))
    desk.store(page(1, declared=(f"{HOME}view/0",)), minutes(1))
    assert articles(desk) == 2


def test_another_article_of_the_paper_named_by_mistake_is_still_fetched(desk: Desk) -> None:
    """Its address does not become an alias: the story would never be asked for."""
    other = FNNEWS[:-1] + "9"
    desk.store(fnnews_article(declared=(other,)))
    number = desk.address(other, "fnnews", "202609271158000009")
    assert desk.rows("SELECT alias_of_id, state FROM address WHERE id = :id", id=number) == [
        (None, "pending")
    ]
    desk.store(
        fnnews_article(url=other, site_id="202609271158000009", title="다른 기사", body=TEXTS[0]), minutes(1)
    )
    assert articles(desk) == 2


def test_a_declared_original_that_nothing_bears_out(desk: Desk) -> None:
    desk.store(fnnews_article())
    stored = desk.store(daum_article(original_url=FNNEWS, title="다른 기사", body=TEXTS[0]), minutes(1))
    assert articles(desk) == 2
    assert stored.outcome is Outcome.STORED
    assert desk.rows("SELECT kind, believed FROM declared_addresses") == [("original", 0)]


def test_an_alias_of_an_earlier_declaration_is_let_go(desk: Desk) -> None:
    """Archives from before have home pages and other articles as aliases."""
    desk.store(page(0))
    number = desk.address(f"{HOME}view/1", "fnnews")
    with desk.engine.begin() as connection:
        connection.exec_driver_sql(
            f"UPDATE address SET alias_of_id = (SELECT address_id FROM appearance) WHERE id = {number}"
        )
    stored = desk.store(page(1), minutes(1))
    assert stored.outcome is Outcome.STORED
    assert articles(desk) == 2
    assert desk.rows("SELECT count(*) FROM changes") == [(0,)]


def test_a_page_that_gives_the_number_of_another_story(desk: Desk) -> None:
    """Fetched under a short address, it says the number of a page that is stored and tells something else."""
    desk.store(daum_article())
    wrong = daum_article(title="다른 기사", body=TEXTS[0], publisher="가일보")
    stored = desk.store(wrong, minutes(1), fetched="https://v.daum.net/v/jvTmrluST6")
    assert stored.outcome is Outcome.STORED
    assert articles(desk) == 2
    assert desk.rows("SELECT title FROM appearances WHERE url = :url", url=DAUM) == [(daum_article().title,)]


def test_two_pages_of_one_site_are_linked_and_never_merged_by_text(desk: Desk) -> None:
    """Two fnnews pages five minutes apart became one: one title and one reporter were lost."""
    desk.store(fnnews_article())
    again = fnnews_article(
        url=FNNEWS[:-1] + "2", site_id="202609271158000002", published=instant(minutes(3)), body=BODY + LONG
    )
    first = fnnews_article(body=BODY + LONG)
    desk.store(first, minutes(1))
    desk.store(again, minutes(3))
    assert articles(desk) == 2
    assert desk.rows("SELECT kind FROM near_duplicates") == [("second_edition",)]


LONG = (
    "\n안내는 정문 옆에서 하고, 비가 오는 날에는 우산을 빌려준다고 한다."
    "\n주말 저녁에는 마당에서 작은 음악회를 열어 누구나 앉아 들을 수 있게 한다."
    "\n늦게까지 남은 이들에게는 따뜻한 차를 나누어 준다고 한다."
)


def test_an_address_under_one_number_is_one_page(desk: Desk) -> None:
    """Of an unknown site: a mobile page with the same number, publisher, time, headline and text."""
    known = {
        "publisher": "가일보",
        "published": instant(minutes(0)),
        "body": BODY + LONG,
        "title": "야간 개관",
    }
    desk.store(page(5, **known))
    desk.store(page(5, url="https://m.news.example.kr/view.php?idx=5", **known), minutes(1))
    desk.store(page(5, url="https://news.example.kr/view/6", **known), minutes(2))
    assert desk.rows("SELECT appearances FROM articles ORDER BY url") == [(2,), (1,)]


def test_a_declaration_is_told_once_for_each_kind(desk: Desk, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.WARNING, logger="newsarchive"):
        for number in range(3):
            desk.store(page(number, declared=(HOME,)), minutes(number))
        for number in range(3, 5):
            desk.store(page(number, body=TEXTS[1], original_url=f"{HOME}view/0"), minutes(number))
    said = [record.getMessage() for record in caplog.records]
    assert len(said) == 2
    assert f"{HOME}view/0 names {HOME} as its own address" in said[0]
    assert f"{HOME}view/3 names {HOME}view/0 as its original's" in said[1]


def test_a_declaration_that_is_taken_back(desk: Desk) -> None:
    desk.store(page(0, declared=(HOME,)))
    desk.store(page(0), minutes(1))
    assert desk.rows("SELECT * FROM declared_addresses") == []
    assert desk.rows("SELECT count(*) FROM changes") == [(0,)]
