"""Links: what two articles are to each other, judged the same both ways round."""

from __future__ import annotations

import random
from datetime import timedelta
from typing import Any

import pytest

from crawler.deduplicate.link import compare, name_kinds
from crawler.deduplicate.shingle import changed_words
from storage.likeness import LinkKind, Side
from tests.quality.pairs.grammar import facts, tell
from tests.quality.pairs.labelled import NOON

STORY = tell(random.Random(5), facts(random.Random(5)), 0, 8)
FLASH = "한국은행은 27일 기준금리를 연 2.50%로 동결했다고 밝혔다."


def side(number: int, publisher: str | None = "가람신문", **changes: Any) -> Side:
    values: dict[str, Any] = {
        "article_id": number,
        "publisher": publisher,
        "title": STORY.title,
        "agency": None,
        "published_at": NOON,
        "texts": (STORY.body,),
    }
    return Side(**(values | changes))


def kind(*sides: Side, pair: tuple[int, int] = (1, 2)) -> tuple[LinkKind, str | None]:
    numbers = sorted(one.article_id for one in sides)
    pairs = [(first, second) for first in numbers for second in numbers if first < second]
    named = name_kinds(sides, pairs)[pair]
    return named.kind, named.wire


def test_one_publisher_twice_is_a_second_edition() -> None:
    assert kind(side(1), side(2)) == (LinkKind.SECOND_EDITION, None)


def test_a_wire_is_named_by_publisher_or_dateline() -> None:
    assert kind(side(1, "연합뉴스"), side(2)) == (LinkKind.SYNDICATION, "연합뉴스")
    assert kind(side(1, agency="뉴시스"), side(2, "미르경제")) == (LinkKind.SYNDICATION, "뉴시스")


def test_two_reprints_of_one_wire_story_in_the_group_are_syndication_too() -> None:
    group = (side(1), side(2, "미르경제"), side(3, "뉴스1"))
    assert kind(*group) == (LinkKind.SYNDICATION, "뉴스1")


def test_two_wires_are_near_duplicates() -> None:
    assert kind(side(1, "연합뉴스"), side(2, "뉴시스")) == (LinkKind.NEAR_DUPLICATE, None)


def test_three_papers_make_a_press_release_and_an_unknown_one_does_not_count() -> None:
    papers = (side(1), side(2, "미르경제"), side(3, "누리타임스"))
    assert kind(*papers) == (LinkKind.PRESS_RELEASE, None)
    assert kind(side(1), side(2, "미르경제"), side(3, None)) == (LinkKind.NEAR_DUPLICATE, None)


@pytest.mark.parametrize(
    ("changes", "linked"),
    [
        pytest.param({}, True, id="the same flash elsewhere"),
        pytest.param({"texts": (FLASH.replace("2.50", "2.75"),)}, False, id="another number"),
        pytest.param({"texts": (FLASH.replace("한국은행", "일본은행"),)}, False, id="another house"),
        pytest.param(
            {"texts": (FLASH + "\n" + STORY.body,), "publisher": "미르경제"}, False, id="another's long story"
        ),
        pytest.param(
            {"texts": (FLASH + "\n" + STORY.body,), "publisher": "가람신문"}, True, id="its own long story"
        ),
        pytest.param(
            {
                "texts": (FLASH + "\n" + STORY.body,),
                "publisher": "가람신문",
                "published_at": NOON + timedelta(days=2),
            },
            False,
            id="its own long story, days later",
        ),
    ],
)
def test_flash_news_has_a_rule_of_its_own(changes: dict[str, Any], linked: bool) -> None:
    title = "[속보] 기준금리 동결"
    flash = side(1, texts=(FLASH,), title=title)
    other = side(2, **({"publisher": "미르경제", "texts": (FLASH,), "title": title} | changes))
    assert (compare(flash, other) is not None) is linked
    assert (compare(other, flash) is not None) is linked


def test_a_phrase_is_no_text() -> None:
    assert compare(side(1, texts=("사진 제공",)), side(2, texts=("사진 제공",))) is None
    assert compare(side(1, texts=()), side(2)) is None


def test_neither_which_article_nor_which_content_came_first_changes_the_evidence() -> None:
    longer = STORY.body + "\n이어 설명회는 다음 달에 다시 열린다."
    found = [
        compare(*sides)
        for texts in ((STORY.body, longer), (longer, STORY.body))
        for one, other in [(side(1, texts=texts), side(2, "미르경제", texts=(longer,)))]
        for sides in ((one, other), (other, one))
    ]
    assert found[0] is not None
    assert found == found[:1] * 4


def test_a_verb_in_one_of_the_texts_is_an_edit_whichever_is_asked_first() -> None:
    before = "가람시 의회는 예산안을 밝혔다 그리고 회의를 마쳤다"
    edited = before.replace("밝혔다", "밝히면서")
    assert changed_words(before, edited) == changed_words(edited, before) == (0, 3)


def test_the_best_of_all_contents_counts() -> None:
    edited = side(2, "미르경제", texts=("아주 다른 글이다. " * 30, STORY.body))
    likeness = compare(side(1), edited)
    assert likeness is not None
    assert likeness.score == 1.0
    assert likeness.evidence["rule"] == "text"
