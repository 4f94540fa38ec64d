"""The labelled pairs: one article is never missed or taken for another, and only versions are linked."""

from __future__ import annotations

from functools import cache

import pytest

from tests.quality.pairs.labelled import Labelled, pairs
from tests.quality.pairs.score import Score, score, summary

APART = ("second edition", "same event", "template", "template story", "unrelated", "flash, other")
UNLINKED = ("same event", "template", "template story", "unrelated", "flash, other")


@cache
def labelled() -> tuple[Labelled, ...]:
    return tuple(pairs())


@cache
def scores() -> dict[str, Score]:
    return score(labelled())


def test_there_are_enough_pairs_of_every_class() -> None:
    assert len(labelled()) >= 600
    assert min(row.pairs for row in scores().values()) >= 50


def test_precision_and_recall() -> None:
    measured = summary(scores())
    assert measured["same: precision"] == 1.0
    assert measured["same: recall"] >= 0.98
    assert measured["links: precision"] == 1.0
    assert measured["links: recall"] >= 0.97


@pytest.mark.parametrize("label", APART)
def test_these_never_become_one_article(label: str) -> None:
    assert scores()[label].joined == 0, [pair.one.title for pair in scores()[label].wrong]


@pytest.mark.parametrize("label", UNLINKED)
def test_these_are_never_linked(label: str) -> None:
    assert scores()[label].linked == 0, [pair.one.title for pair in scores()[label].wrong]


def test_the_stored_keys_lead_to_every_version() -> None:
    for label in ("same", "light edit", "second edition", "syndication", "press release", "flash, same"):
        assert scores()[label].findable == scores()[label].pairs, label
