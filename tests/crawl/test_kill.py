"""After the process dies at any moment, the same command again loses nothing and stores nothing twice."""

from __future__ import annotations

import random
import signal
import time
from pathlib import Path

import pytest

from crawler.twin import Twin
from tests.crawl.conftest import stage_on
from tests.crawl.stage import Stage


def crawl_with_kills(stage: Stage, kills: int, rng: random.Random) -> int:
    """Kill the crawl at random moments, then let it finish; how many kills hit a living process."""
    hit = 0
    for _ in range(kills):
        process = stage.start("crawl", *stage.origins(), "--delay", "0")
        time.sleep(rng.uniform(0.8, 3.5))
        hit += process.poll() is None
        process.send_signal(signal.SIGKILL)
        process.communicate()
    stage.crawl_all()
    return hit


def check_same_as_undisturbed(tmp_path: Path, kills: int, seed: int) -> None:
    with Twin(articles=80) as calm:
        undisturbed = stage_on(tmp_path / "undisturbed", calm.url)
        undisturbed.crawl_all()
    with Twin(articles=80) as calm:
        killed = stage_on(tmp_path / "killed", calm.url)
        assert crawl_with_kills(killed, kills, random.Random(seed)) > 0
    assert killed.kept() == undisturbed.kept()
    assert killed.sizes() == undisturbed.sizes()
    left = killed.rows("SELECT url, state FROM address WHERE state <> 'settled'")
    assert left == []
    assert list((tmp_path / "killed" / "warc").glob("*.open")) == []


def test_a_killed_crawl_ends_as_an_undisturbed_one(tmp_path: Path) -> None:
    check_same_as_undisturbed(tmp_path, kills=3, seed=20261122)


@pytest.mark.proof
@pytest.mark.parametrize("seed", range(20))
def test_many_kills(tmp_path: Path, seed: int) -> None:
    check_same_as_undisturbed(tmp_path, kills=5, seed=seed)
