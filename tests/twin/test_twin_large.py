"""Editions larger than the grammars have things to say."""

from __future__ import annotations

import random
from itertools import combinations

import pytest

from twin.edition import Edition
from twin.invented import paragraphs
from twin.newsroom import GRAMMAR_LASTS, Newsroom, containment, shingles
from twin.world import DEFAULT_NOW

VERSIONS = 0.5
"""Shared share of the shingles from which two texts count as versions of one another."""


def test_invented_stories_do_not_resemble_each_other() -> None:
    texts = [" ".join(paragraphs(random.Random(number))) for number in range(60)]
    sets = [shingles(text) for text in texts]
    assert max(containment(one, other) for one, other in combinations(sets, 2)) < VERSIONS / 2
    assert min(map(len, texts)) > 200


def test_a_topic_that_is_written_out_goes_on_and_is_the_same_again() -> None:
    rooms = []
    for _ in range(2):
        room = Newsroom(seed=3)
        room.written["coin"] = ["spoken for"] * GRAMMAR_LASTS
        rooms.append(room)
    first, again = ([room.write("coin", number, DEFAULT_NOW) for number in (1, 2)] for room in rooms)
    assert first == again
    assert first[0].title != first[1].title
    assert rooms[0].count("coin") == GRAMMAR_LASTS + 2


@pytest.mark.proof
def test_twenty_thousand_stories_have_numbers_and_texts_of_their_own() -> None:
    pages = [page for story in Edition(1, DEFAULT_NOW, 20_000).stories for page in story.appearances]
    assert len(pages) > 20_000
    assert len({page.url for page in pages}) == len(pages)
    daum = [page for page in pages if page.site == "daum"]
    assert len({tuple(page.paragraphs) for page in daum}) > 0.99 * len(daum)
