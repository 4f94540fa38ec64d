"""The scoring itself: what counts as right, as found, and as a leak."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from crawler.quality.expected import Expected, from_own, from_shared
from crawler.quality.hashing import title_hash, token_hashes
from crawler.quality.score import Found, find_leaks, score_page, summary, token_f1
from storage.records import Article, Instant, PageKind, Person, Rights

BODY = "강가에 새 다리가 놓였다.\n시장은 5일 문을 연다."
RECORD: dict[str, Any] = {
    "outcome": "article",
    "title": "새 다리",
    "publisher": "가상일보",
    "body": BODY,
    "published_at": "2023-11-01T08:01:30+09:00",
    "modified_at": None,
    "copyright_notice": "ⓒ 가상일보",
    "bylines": [{"name": "한나루", "role": "기자", "email": "naru@gasang.example"}],
}
EXPECTED = from_own(RECORD)


def article(**changes: Any) -> Article:
    given: dict[str, Any] = {
        "url": "https://www.gasang.example/1",
        "source": None,
        "extractor": "generic/1",
        "kind": PageKind.ARTICLE,
        "title": "새 다리",
        "publisher": "가상일보",
        "body": BODY,
        "published": Instant(at=datetime(2023, 10, 31, 23, 1, 5, tzinfo=UTC), precision="second", raw=""),
        "bylines": (Person(name="한나루", role="기자", email="naru@gasang.example"),),
        "rights": Rights(notice="ⓒ 가상일보"),
    }
    return Article(**(given | changes))


def test_a_right_article_has_nothing_wrong() -> None:
    scored = score_page("p", EXPECTED, article(), BODY.split("\n"))
    assert scored.wrong == ()
    assert all(scored.exact.values())
    assert scored.body == 1.0


@pytest.mark.parametrize(
    ("field", "changes"),
    [
        ("title", {"title": "새 다리 - 가상일보"}),
        ("publisher", {"publisher": "다음"}),
        ("publisher", {"publisher": None}),
        ("published", {"published": None}),
        ("modified", {"modified": Instant(at=datetime(2023, 11, 1, tzinfo=UTC), precision="day", raw="")}),
        ("notice", {"rights": Rights(notice="ⓒ 가상일보 무단전재 금지")}),
        ("emails", {"bylines": (Person(name="한나루", role="기자"),)}),
        ("outcome", {"kind": PageKind.QUARANTINED}),
    ],
)
def test_a_wrong_field_is_named(field: str, changes: dict[str, Any]) -> None:
    scored = score_page("p", EXPECTED, article(**changes), [])
    assert [name for name, right in scored.exact.items() if not right] == [field]
    assert scored.wrong[0].startswith(f"{field}: ")


def test_names_and_roles_are_sets() -> None:
    people = (
        Person(name="한나루", role="특파원", email="naru@gasang.example"),
        Person(name="윤바람", role="기자"),
    )
    scored = score_page("p", EXPECTED, article(bylines=people), [])
    assert scored.names == Found(right=1, extra=1)
    assert scored.roles == Found(extra=2, missing=1)
    assert (scored.names.precision, scored.names.recall) == (0.5, 1.0)


def test_nothing_found_and_nothing_to_find_is_right() -> None:
    assert (Found().precision, Found().recall) == (1.0, 1.0)
    assert Found(missing=2).recall == 0.0


def test_a_publisher_that_the_page_does_not_name_may_be_unknown_but_not_wrong() -> None:
    shared = from_shared(
        {
            "outcome": "article",
            "title": title_hash("새 다리"),
            "publisher": "가상일보",
            "publisher_printed": False,
            "published": "2023-11-01T08:01",
            "modified": None,
            "notice": "ⓒ 가상일보",
            "bylines": RECORD["bylines"],
            "tokens": [],
            "lines": [],
        }
    )
    assert score_page("p", shared, article(publisher=None), []).exact["publisher"]
    assert score_page("p", shared, article(), []).exact["publisher"]
    assert not score_page("p", shared, article(publisher="다음"), []).exact["publisher"]


def test_token_f1() -> None:
    assert token_f1(token_hashes("가 나 다 라"), token_hashes("가 나 다 라")) == 1.0
    assert token_f1(token_hashes("가 나 다"), token_hashes("가")) == pytest.approx(0.5)
    assert token_f1(token_hashes("가 가"), token_hashes("가")) == pytest.approx(2 / 3)
    assert token_f1(token_hashes("가"), token_hashes("나")) == 0.0
    assert token_f1(token_hashes(""), token_hashes("")) == 0.0


@pytest.mark.parametrize(
    "line",
    [
        "이 글자크기로 변경됩니다.",  # known furniture, printed or not
        "마을버스 노선 두 개 합친다",  # a headline beside the article
        "윤바람",  # a short line of the page, alone
        "그는 웃었다. 새로 단장한 강변 산책로 풍경",  # a caption glued to a sentence
    ],
)
def test_furniture_in_a_body_is_a_leak(line: str) -> None:
    printed = [*BODY.split("\n"), "마을버스 노선 두 개 합친다", "윤바람", "새로 단장한 강변 산책로 풍경"]
    assert find_leaks(EXPECTED, f"{BODY}\n{line}", printed) == (line,)


def test_the_articles_own_lines_are_no_leaks() -> None:
    own = from_own(RECORD | {"body": BODY + "\n무단전재를 두고 다툰다."})
    printed = ["새 다리", "다리가", *BODY.split("\n")]
    assert find_leaks(own, BODY + "\n무단전재를 두고 다툰다.", printed) == ()
    assert find_leaks(EXPECTED, BODY.replace("\n", " "), printed) == ()
    assert find_leaks(EXPECTED, None, printed) == ()


def test_a_body_where_there_is_none_scores_nothing() -> None:
    empty = from_own(RECORD | {"body": None})
    assert score_page("p", empty, article(), []).body == 0.0
    assert score_page("p", empty, article(body=None), []).body is None
    assert score_page("p", EXPECTED, article(body=None), []).body == 0.0


def test_a_group_is_summed_up() -> None:
    pages = [score_page("p", EXPECTED, a, []) for a in (article(), article(title=None, body="강가에"))]
    scores = summary(pages)
    assert scores["title"] == 0.5
    assert scores["names recall"] == 1.0
    assert scores["body F1"] == pytest.approx((1 + 2 / 9) / 2)
    assert scores["leaks"] == 0


def test_titles_are_compared_in_nfc() -> None:
    assert title_hash("\u1112\u1161\u11ab") == title_hash("한")
    assert title_hash("한") != title_hash("한 ")
    assert isinstance(EXPECTED, Expected)
