"""Garbage collections during a crawl: fewer of them, and everything as it was afterwards."""

from __future__ import annotations

import gc

import pytest

from crawler.orders.process import COLLECTED_AFTER, fewer_collections


def test_what_the_start_loaded_is_left_out_until_the_crawl_ends() -> None:
    before, frozen = gc.get_threshold(), gc.get_freeze_count()
    with fewer_collections():
        assert gc.get_threshold() == (COLLECTED_AFTER, *before[1:])
        assert gc.get_freeze_count() > frozen
    assert gc.get_threshold() == before
    assert gc.get_freeze_count() == 0


def test_a_crawl_that_breaks_leaves_the_collections_as_they_were() -> None:
    before = gc.get_threshold()
    with pytest.raises(RuntimeError), fewer_collections():
        raise RuntimeError
    assert gc.get_threshold() == before
