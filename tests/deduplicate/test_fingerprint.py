"""Fingerprints: the scheme cannot change without its number, and signatures tell containment."""

from __future__ import annotations

import hashlib
import random

import pytest

from crawler.deduplicate.fingerprint import (
    BANDS,
    MAX_SENTENCES,
    SLOTS,
    VERSION,
    estimated_containment,
    fingerprint,
    resembles,
)
from crawler.deduplicate.shingle import containment, shape
from tests.quality.pairs.grammar import facts, tell

TEXT = "시립 도서관이 이달부터 야간 개관을 시작한다고 27일 밝혔다.\n이용 요금은 없고 회원증만 있으면 된다."


def story(seed: int, background: int = 12) -> str:
    rng = random.Random(seed)
    return tell(rng, facts(rng), 0, background).body


def test_the_scheme_is_pinned_to_its_number() -> None:
    """When this fails, count VERSION up and write the new values: stored keys are of the old scheme."""
    made = fingerprint(TEXT)
    assert (VERSION, made.letters, made.shingles, len(made.keys)) == (1, 42, 38, BANDS + 2)
    assert hashlib.sha256(made.signature).hexdigest()[:16] == "6e6de6c984cac7a9"
    assert made.keys[:2] == (55833827890469, 237520086796198)
    assert made.keys[-2:] == (103938107216168, 127553710890774)


@pytest.mark.parametrize(
    "other",
    [
        pytest.param(f"[서울=뉴시스] 홍길동 기자 = {TEXT}", id="lead-in"),
        pytest.param(f"{TEXT}\n홍길동 기자 hong@example.com", id="signature"),
        pytest.param(TEXT.replace(" ", "  ").replace("다.", "다!"), id="white space and signs"),
    ],
)
def test_the_frame_does_not_count(other: str) -> None:
    assert fingerprint(other).keys == fingerprint(TEXT).keys
    assert fingerprint(other).signature == fingerprint(TEXT).signature


@pytest.mark.parametrize("text", ["", " \n…", "가", "가나다라"])
def test_texts_that_are_hardly_any(text: str) -> None:
    made = fingerprint(text)
    letters = sum(map(str.isalnum, text))
    assert made.letters == letters
    assert len(made.signature) == (2 * SLOTS if letters else 0)
    assert not resembles(made, fingerprint(""))


def test_keys_fit_both_databases_and_are_bounded() -> None:
    made = fingerprint("\n".join(f"{number}번째 문장은 길이가 넉넉한 문장이었다." for number in range(500)))
    assert len(made.keys) == BANDS + MAX_SENTENCES
    assert all(0 <= key < 1 << 48 for key in made.keys)


def test_signatures_estimate_containment() -> None:
    for seed in range(20):
        whole = story(seed)
        part = "\n".join(whole.split("\n")[: 8 + seed % 8])
        estimated = estimated_containment(fingerprint(whole), fingerprint(part))
        assert abs(estimated - containment(shape(whole), shape(part))) < 0.25


def test_another_version_is_never_compared() -> None:
    from dataclasses import replace

    made = fingerprint(TEXT)
    assert resembles(made, made)
    assert not resembles(made, replace(made, version=VERSION + 1))
