"""Field drift: a redesign is named in its first run; ordinary days are not."""

from __future__ import annotations

import itertools
import json
import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crawler.verdict.chance import tail
from crawler.verdict.drift import QUARANTINE, TemplateCount, drifts, is_fall, shape, summed

RULES = {"bylines": "script: author", "title": "h3.tit_view"}


def counted(articles: int, *, bylines: float = 0.9, published: str = "2026. 8. 20. 14:33") -> TemplateCount:
    """Invented articles of one template, of which a share has bylines."""
    count = TemplateCount()
    for number in range(articles):
        has = number < articles * bylines
        values = {"title": "코스피 2,700선 회복", "bylines": "홍길동 기자" if has else None}
        count.add(f"https://v.daum.net/v/{number}", values | {"published": published}, RULES)
    return count


def test_a_field_that_goes_missing_is_named_with_its_rule_and_first_article() -> None:
    before = {"daum/2022": counted(400)}
    (drift,) = drifts({"daum/2022": counted(20, bylines=0)}, before)
    assert (drift.field, drift.kind, drift.rule) == ("bylines", "missing", "script: author")
    assert drift.first_bad == "https://v.daum.net/v/0"
    assert "bylines of daum/2022: in 0 of 20 pages, 90% of the last 30 days" in drift.sentence()


def test_a_field_whose_values_look_different_is_named() -> None:
    before = {"daum/2022": counted(400)}
    (drift,) = drifts({"daum/2022": counted(20, published="20 August")}, before)
    assert (drift.field, drift.kind) == ("published", "shape")
    assert "'9 a', before like '9. 9. 9. 9:9'" in drift.sentence()


def bodies(*lengths: int) -> TemplateCount:
    count = TemplateCount()
    for number, length in enumerate(lengths):
        count.add(f"https://v.daum.net/v/{number}", {"body": "가" * length}, {})
    return count


@pytest.mark.parametrize(
    ("lengths", "found"),
    [
        ([600] * 14 + [1016] * 5, []),  # a day of long texts
        ([600] * 14 + [280] * 5, []),  # and one of short ones
        ([600] * 8 + [1016] * 11, ["body"]),  # most have grown: something is read that was not
        ([600] * 8 + [280] * 11, ["body"]),
        ([600] * 14 + [4000] * 5, ["body"]),  # no long text, a page
        ([600] * 14 + [20] * 5, ["body"]),
        ([600] * 10 + [1016] * 4 + [20] * 5, ["body"]),
    ],
)
def test_a_length_beside_a_known_one_must_be_most_values(lengths: list[int], found: list[str]) -> None:
    before = {"daum/2022": bodies(*[600] * 300)}
    assert [one.field for one in drifts({"daum/2022": bodies(*lengths)}, before)] == found


def test_a_template_that_takes_over_is_held_against_the_source() -> None:
    """A redesign: the known page class fits no more, another reads what it can."""
    found = drifts({"generic/1": counted(20, bylines=0)}, {"daum/2022": counted(400)})
    assert [(one.extractor, one.field) for one in found] == [("generic/1", "bylines")]


def test_pages_that_nothing_understood_lack_their_core_fields() -> None:
    now = TemplateCount()
    for number in range(5):
        now.add(f"https://v.daum.net/v/{number}", {"title": None, "published": None}, {})
    found = drifts({QUARANTINE: now}, {"daum/2022": counted(400)})
    assert {"title", "published"} <= {one.field for one in found}


def test_three_empty_titles_are_enough_when_there_always_was_one() -> None:
    assert is_fall(0, 3, 400, 400)
    assert not is_fall(0, 1, 400, 400)
    assert not is_fall(12, 20, 240, 400)  # as ever
    assert not is_fall(0, 0, 400, 400)


def test_little_history_says_nothing() -> None:
    assert drifts({"daum/2022": counted(20, bylines=0)}, {"daum/2022": counted(49)}) == []


def test_ten_years_of_ordinary_runs_raise_no_alarm() -> None:
    """30,000 runs whose articles have bylines with the same chance as ever."""
    chance = random.Random(5)
    alarms = 0
    for _ in range(30_000):
        articles, rate = chance.randint(1, 40), chance.choice([0.5, 0.9, 0.99])
        filled = sum(chance.random() < rate for _ in range(articles))
        alarms += is_fall(filled, articles, round(3000 * rate), 3000)
    assert alarms == 0


@given(st.integers(1, 200), st.floats(0.01, 0.99))
@settings(max_examples=60)
def test_the_tail_is_a_probability_that_grows(trials: int, rate: float) -> None:
    tails = [tail(successes, trials, rate) for successes in range(trials + 1)]
    assert all(0 <= one <= 1 for one in tails)
    assert all(one <= other + 1e-12 for one, other in itertools.pairwise(tails))
    assert tails[-1] == 1
    assert tails[-1] - tails[-2] == pytest.approx(rate**trials, abs=1e-9)


@pytest.mark.parametrize(
    ("name", "value", "look"),
    [
        ("published", "2026-08-20T14:33:00+09:00", "9-9-9a9:9:9+9:9"),
        ("modified", "입력 2026. 8. 20.", "가 9. 9. 9."),
        ("title", "a", "1-9 letters"),
        ("body", "가" * 5000, "3000-9999 letters"),
        ("body", "가" * 200_000, "100000 letters and more"),
    ],
)
def test_shapes(name: str, value: str, look: str) -> None:
    assert shape(name, value) == look


def test_counts_survive_their_storage() -> None:
    count = counted(30)
    again = TemplateCount.from_json(count.articles, count.as_json())
    assert json.loads(again.as_json()) == json.loads(count.as_json())
    total = summed([("a", count), ("a", again), ("b", again)])
    assert (total["a"].articles, total["a"].fields["bylines"].filled) == (60, 54)
    assert total["b"].articles == 30
