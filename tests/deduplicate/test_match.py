"""The first level of deduplication: one story on two sites, and stories that only look alike."""

from datetime import UTC, datetime, timedelta

import pytest

from crawler.deduplicate.match import decide
from crawler.deduplicate.shingle import containment, numbers_agree, shape
from storage.records import Article, Instant, PageKind
from storage.records.matching import Candidate

NOON = datetime(2026, 11, 20, 3, 0, tzinfo=UTC)
TITLE = "항만 물동량 석 달 만에 늘어"
BODY = (
    "[파이낸셜뉴스] 해양항만청은 지난달 전국 항만이 처리한 화물이 1억2840만t으로 집계됐다고 20일 밝혔다.\n"
    "한 해 전보다 3.1% 늘어난 수치다. 석유제품과 자동차 수출이 살아난 덕분이라는 설명이다.\n"
    "컨테이너는 251만개로 1.4% 늘었고 부산항이 그 가운데 194만개를 맡았다.\n"
    '청 관계자는 "연말 성수기까지 증가세가 이어질 것"이라고 내다봤다.'
)


def article(**changes: object) -> Article:
    base: dict[str, object] = {
        "url": "https://v.daum.net/v/20261120120100123",
        "source": "daum",
        "extractor": "daum/2025",
        "kind": PageKind.ARTICLE,
        "publisher": "파이낸셜뉴스",
        "title": TITLE,
        "body": BODY,
        "published": Instant(at=NOON, precision="minute", raw="2026. 11. 20. 12:00"),
    }
    return Article(**(base | changes))  # type: ignore[arg-type]


def candidate(**changes: object) -> Candidate:
    base: dict[str, object] = {
        "article_id": 7,
        "publisher": "파이낸셜뉴스",
        "title": TITLE,
        "body": BODY.replace("내다봤다", "전망했다") + "\n업계는 반기는 분위기다.",
        "published_at": NOON + timedelta(minutes=4),
        "urls": ("https://www.fnnews.com/news/202611201156301234",),
        "original_urls": (),
    }
    return Candidate(**(base | changes))  # type: ignore[arg-type]


def test_a_declared_original_address_is_enough() -> None:
    declared = article(original_url="https://www.fnnews.com/news/202611201156301234", body=None)
    match = decide(declared, [candidate()])
    assert match is not None
    assert (match.article_id, match.rule, match.score) == (7, "original_url", 1.0)


def test_the_publishers_page_finds_the_portals_copy_that_came_first() -> None:
    own = article(url="https://www.fnnews.com/news/202611201156301234", source="fnnews")
    portal = candidate(urls=("https://v.daum.net/v/20261120120100123",), original_urls=(own.url,))
    match = decide(own, [portal])
    assert match is not None
    assert match.rule == "original_url"


def test_an_alias_is_the_same_article() -> None:
    match = decide(
        article(aliases=("https://v.daum.net/v/jvTmrluST6",)),
        [candidate(urls=("https://v.daum.net/v/jvTmrluST6",))],
    )
    assert match is not None
    assert match.rule == "alias"


def test_text_publisher_and_time_join_without_a_link() -> None:
    match = decide(article(), [candidate()])
    assert match is not None
    assert match.rule == "text"
    assert match.score >= 0.8


@pytest.mark.parametrize(
    "changes",
    [
        pytest.param({"publisher": "뉴스1"}, id="another publisher's story"),
        pytest.param({"publisher": None}, id="publisher unknown"),
        pytest.param({"published_at": NOON + timedelta(days=8)}, id="a weekly column"),
        pytest.param({"published_at": None}, id="time unknown"),
        pytest.param({"body": None}, id="no text"),
        pytest.param(
            {
                "body": BODY.replace("1억2840", "1억1075")
                .replace("3.1%", "0.7%")
                .replace("251", "238")
                .replace("1.4%", "2.6%")
                .replace("194", "181")
                .replace("20일", "21일")
            },
            id="the same template with other numbers",
        ),
        pytest.param({"body": "정부는 겨울철 난방비를 덜어 주는 방안을 내놓았다. " * 8}, id="another story"),
    ],
)
def test_these_stay_apart(changes: dict[str, object]) -> None:
    assert decide(article(), [candidate(**changes)]) is None


def test_short_texts_need_the_same_title_and_the_same_text() -> None:
    flash = article(title="[속보] 기준금리 동결", body="한국은행이 기준금리를 연 2.50%로 동결했다.")
    same = candidate(title="[속보] 기준금리 동결", body="한국은행이 기준금리를 연 2.50%로 동결했다.")
    other = candidate(title="[속보] 기준금리 동결", body="한국은행이 기준금리를 연 2.75%로 동결했다.")
    assert decide(flash, [same]) is not None
    assert decide(flash, [other]) is None


def test_the_order_of_candidates_does_not_matter() -> None:
    pair = [candidate(article_id=9), candidate(article_id=3)]
    matches = {decide(article(), order).article_id for order in (pair, pair[::-1])}  # type: ignore[union-attr]
    assert matches == {3}


def test_containment_is_of_the_smaller_text() -> None:
    assert containment(shape(BODY), shape("종합 " + BODY + " 뒤에 붙은 배경 설명 문단이다.")) == 1.0
    assert containment(shape(""), shape(BODY)) == 0.0


def test_the_number_guard_lets_one_number_go() -> None:
    assert numbers_agree(shape("1 2 3 4 5"), shape("1 2 3 9 8"))
    assert not numbers_agree(shape("1 2 3 4 5"), shape("1 2 7 9 8"))


SAME_SITE = {"published": None, "source": "generic", "publisher": "가상신문"}
OWN = "https://news.gasang.example/view/1"


def shown_twice(mine: dict[str, object], stored: dict[str, object]) -> str | None:
    """The rule by which two pages of an unknown site without a printed time are one; the texts are equal."""
    here = article(**(SAME_SITE | {"url": f"{OWN}?ref=a"} | mine))
    there = candidate(
        **({"urls": (f"{OWN}?x=2",), "published_at": None, "publisher": "가상신문", "body": BODY} | stored)
    )
    match = decide(here, [there])
    return match.rule if match else None


@pytest.mark.parametrize(
    ("mine", "stored"),
    [
        ({"declared": (OWN,)}, {"urls": (OWN,)}),
        ({"url": OWN}, {"declared": (OWN,)}),
        ({"declared": (OWN,)}, {"declared": (OWN,)}),
        ({"declared": ("https://a.example/", OWN)}, {"declared": (OWN,)}),
    ],
    ids=["its own came first", "its own comes last", "its own was never asked", "beside the home page"],
)
def test_pages_that_name_one_address_as_their_own_are_one(
    mine: dict[str, object], stored: dict[str, object]
) -> None:
    assert shown_twice(mine, stored) == "alias"


@pytest.mark.parametrize(
    ("mine", "stored"),
    [
        ({"declared": (OWN,)}, {"declared": ("https://news.gasang.example/view/2",)}),
        ({"declared": (OWN,), "title": "다른 일"}, {"declared": (OWN,)}),
        ({"declared": (OWN,), "body": BODY + "\n한 문장이 더 있다."}, {"declared": (OWN,)}),
        ({"declared": (OWN,), "body": None}, {"declared": (OWN,), "body": None}),
        ({}, {}),
    ],
    ids=["other addresses", "another headline", "a longer text", "pictures alone", "none"],
)
def test_one_careless_address_in_every_page_makes_none_the_same(
    mine: dict[str, object], stored: dict[str, object]
) -> None:
    assert shown_twice(mine, stored) is None
