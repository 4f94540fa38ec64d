"""The generic path beside trafilatura: counted on the same truth, pinned, and refused where it sinks."""

from __future__ import annotations

from functools import cache

import pytest

from crawler.quality import __main__ as gate
from crawler.quality import beside, corpus, floors
from crawler.quality.beside import OWN_GROUP, SHARED_GROUP, Pair, pair_of, summary
from crawler.quality.corpus import Corpus
from crawler.quality.floors import problems, promised, read_pinned
from tests.quality.saved import ROOT


@cache
def corpora() -> tuple[Corpus, ...]:
    return tuple(corpus.corpora(ROOT))


def test_the_generic_path_is_never_worse_than_the_library() -> None:
    pairs = beside.pairs_of(corpora(), ROOT)
    assert len(pairs[OWN_GROUP]) >= 16
    for today, path in gate.measured_beside(ROOT, corpora(), pairs):
        assert problems(today, read_pinned(path)) == []


@pytest.mark.parametrize("group", [OWN_GROUP, SHARED_GROUP])
def test_what_is_pinned_is_what_is_promised_at_least(group: str) -> None:
    pinned = read_pinned(ROOT / beside.FLOORS[group]).floors[group]
    assert all(pinned[measure] >= least for measure, least in promised(group).items())


def test_a_summary_names_the_mean_the_lead_and_the_worst() -> None:
    pairs = [Pair(page="a", ours=1.0, library=0.8), Pair(page="b", ours=0.5, library=0.9)]
    found = summary(pairs)
    assert found["ours"] == 0.75
    assert found["ahead of trafilatura"] == pytest.approx(-0.1)
    assert found["furthest behind"] == pytest.approx(-0.4)
    assert summary(pairs[:1])["furthest behind"] == 0.0


def test_a_lead_that_is_lost_and_a_page_far_behind_are_named() -> None:
    scores = {"ours": 0.75, "ahead of trafilatura": -0.1, "furthest behind": -0.4}
    today = floors.Measured(scores={OWN_GROUP: scores}, digest="x")
    pinned = floors.Pinned(floors={OWN_GROUP: {"ours": 0.7}}, digest="x")
    assert problems(today, pinned) == [
        f"{OWN_GROUP}: ahead of trafilatura is -0.1000, its floor 0.0000",
        f"{OWN_GROUP}: furthest behind is -0.4000, its floor -0.2000",
    ]


def test_a_page_without_a_body_has_no_pair() -> None:
    bodiless = next(e for c in corpora() for e in c.examples if e.expected.tokens is None)
    with pytest.raises(ValueError, match="no body"):
        pair_of(bodiless)
