"""A revision is told by its content: not by its layout, nor by how its letters are put together."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from storage.archive.appearances import digest_of

LETTERS = "가각ㄱᄀ\u1161\u11a8e\u0301\u0327é\uf90a\u3099か㎏ a"
"""Whole letters, letters in pieces, marks that change places, compatibility letters."""


def of(text: str) -> str:
    return digest_of("title", None, text, None, None)


@settings(deadline=None)
@given(some.text(LETTERS, max_size=6))
def test_a_letter_in_pieces_is_the_letter(text: str) -> None:
    whole = unicodedata.normalize("NFC", text)
    kept = {"\uf90a", "\u3099"} & set(text)  # what composing would turn into another letter stays as it is
    assert kept or of(text) == of(whole)


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("각", "\u1100\u1161\u11a8", True),
        ("é", "e\u0301", True),
        ("e\u0327\u0301", "e\u0301\u0327", True),
        ("가 나", "가\n\n나 ", True),
        ("金", "\uf90a", False),
        ("kg", "㎏", False),
        ("가", "나", False),
    ],
)
def test_what_counts(one: str, other: str, same: bool) -> None:
    assert (of(one) == of(other)) is same
