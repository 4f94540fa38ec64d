"""A word diff in bounded time that loses nothing of either text."""

from __future__ import annotations

import random
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from crawler.serve.difference import difference

TEXTS = some.text(some.sampled_from("가나 \n\r\u2028\x0b1,.😀\u0301"), max_size=60)


@settings(max_examples=150, deadline=None)
@given(TEXTS, TEXTS)
def test_nothing_is_lost(old: str, new: str) -> None:
    found = difference(old, new)
    assert "".join(change.old for change in found.changes) == old
    assert "".join(change.new for change in found.changes) == new
    assert found.same == (old == new)


def test_a_changed_number_alone_is_marked() -> None:
    changed = [
        (one.old, one.new)
        for one in difference("첫 문단\n금리를 3.5%로 동결", "첫 문단\n금리를 3.25%로 동결").changes
        if not one.kept
    ]
    assert changed == [("3.5", "3.25")]


def _few_words(seed: int, letters: int) -> str:
    chance = random.Random(seed)
    return " ".join(chance.choice("가나다") for _ in range(letters // 2))


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (_few_words(1, 200_000), _few_words(2, 200_000)),
        ("가\n" * 50_000, "가\n" * 49_999 + "나\n"),
        ("가" * 5_000_000, "가" * 4_999_999 + "나"),
        (" " * 300_000, " " * 300_001),
    ],
    ids=["few words", "equal lines", "one word", "blanks"],
)
def test_texts_that_cannot_be_aligned_are_shown_whole(old: str, new: str) -> None:
    began = time.process_time()
    found = difference(old, new)
    assert not found.aligned
    assert "".join(change.new for change in found.changes) == new
    assert time.process_time() - began < 2
