"""Spans of equal content: the same from every order of observations."""

from __future__ import annotations

from datetime import timedelta
from itertools import pairwise, permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storage.archive.timeline import Span, observe
from tests.storage.samples import NOON


def spans_of(observations: list[tuple[int, str]]) -> list[Span]:
    spans: list[Span] = []
    for minute, digest in observations:
        spans = observe(spans, digest, NOON + timedelta(minutes=minute))
    return spans


def shown(spans: list[Span]) -> str:
    """``a0-2 b3-3``"""
    return " ".join(
        f"{span.digest}{(span.first - NOON).seconds // 60}-{(span.last - NOON).seconds // 60}"
        for span in spans
    )


@pytest.mark.parametrize(
    ("observations", "wanted"),
    [
        ([(0, "a")], "a0-0"),
        ([(0, "a"), (1, "a")], "a0-1"),
        ([(0, "a"), (1, "b")], "a0-0 b1-1"),
        ([(0, "a"), (1, "b"), (2, "a")], "a0-0 b1-1 a2-2"),
        ([(0, "a"), (2, "b"), (3, "b"), (5, "a")], "a0-0 b2-3 a5-5"),
    ],
)
def test_every_order_gives_the_same_spans(observations: list[tuple[int, str]], wanted: str) -> None:
    for order in permutations(observations):
        assert shown(spans_of(list(order))) == wanted


def test_a_late_observation_within_a_span_cuts_it() -> None:
    assert shown(spans_of([(0, "a"), (1, "a"), (9, "a"), (5, "b")])) == "a0-0 b5-5 a9-9"


def test_the_same_instant_read_anew_replaces_the_span() -> None:
    assert shown(spans_of([(0, "a"), (3, "a"), (5, "c"), (0, "b")])) == "b0-3 c5-5"
    assert shown(spans_of([(0, "a"), (5, "b"), (5, "a")])) == "a0-5"
    assert shown(spans_of([(0, "a"), (3, "a"), (3, "b")])) == "a0-0 b3-3"


observations = st.lists(
    st.tuples(st.integers(0, 30), st.sampled_from("abc")), unique_by=lambda seen: seen[0], max_size=12
)


@given(observations)
def test_in_the_order_of_time_every_observation_is_held(seen: list[tuple[int, str]]) -> None:
    spans = spans_of(sorted(seen))
    for minute, digest in seen:
        at = NOON + timedelta(minutes=minute)
        assert [span.digest for span in spans if span.first <= at <= span.last] == [digest]


@given(observations)
def test_in_any_order_spans_are_apart_and_the_newest_content_is_last(seen: list[tuple[int, str]]) -> None:
    spans = spans_of(seen)
    for left, right in pairwise(spans):
        assert left.last < right.first
        assert left.digest != right.digest
    assert [span.digest for span in spans[-1:]] == [digest for _, digest in sorted(seen)[-1:]]


@given(observations)
def test_observing_again_changes_nothing(seen: list[tuple[int, str]]) -> None:
    spans = spans_of(seen)
    assert spans_of(seen + seen[-1:]) == spans
