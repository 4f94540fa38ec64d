"""Answers about texts are kept by their size."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest

from crawler.deduplicate.kept import EACH, Kept, kept
from crawler.deduplicate.shingle import SIGNS_KEPT, shape


def counting(signs: int) -> tuple[Kept[str], list[str]]:
    asked: list[str] = []

    def backwards(text: str) -> str:
        """Turned round."""
        asked.append(text)
        return text[::-1]

    return kept(signs)(backwards), asked


def test_an_answer_is_made_once() -> None:
    backwards, asked = counting(1000)
    assert [backwards("가나"), backwards("가나"), backwards("")] == ["나가", "나가", ""]
    assert asked == ["가나", ""]
    assert backwards.__doc__ == "Turned round."


def test_what_was_asked_for_longest_ago_goes_first() -> None:
    backwards, asked = counting(3 * (EACH + 2))
    for text in ("가나", "다라", "마바", "가나", "사아", "가나", "다라"):
        backwards(text)
    assert asked == ["가나", "다라", "마바", "사아", "다라"]
    assert backwards.held == 3 * (EACH + 2)


@pytest.mark.parametrize("length", [1, 7, 50, 899, 900, 901, 5000])
def test_no_more_is_held_than_may_be(length: int) -> None:
    """Long texts and very many short ones alike; one that alone is too long is answered and not kept."""
    backwards, asked = counting(1000)
    for number in range(40):
        text = f"{number:02}".ljust(length, "가")
        assert backwards(text) == text[::-1]
        assert backwards.held <= 1000
    assert (backwards.held == 0) == (length > 900)
    assert len(asked) == 40 if length > 1 else len(asked) >= 40


def test_a_function_that_raises_leaves_nothing() -> None:
    def refuse(text: str) -> str:
        raise ValueError(text)

    refusing = Kept(refuse, 1000)
    for _ in range(2):
        with pytest.raises(ValueError, match="가"):
            refusing("가")
    assert refusing.held == 0


def test_threads_count_alike() -> None:
    backwards, _ = counting(2000)
    texts = [str(number) * 20 for number in range(60)] * 20
    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(backwards, texts)) == [text[::-1] for text in texts]
    assert 0 < backwards.held <= 2000


def test_long_texts_do_not_fill_the_memory() -> None:
    """Bodies of 70,000 signs, of which 256 were kept: half a gigabyte."""
    for number in range(5):
        shape(f"{number} " + "가나다라 " * 14_000)
    assert shape.held <= SIGNS_KEPT
