"""What a crawl loads, and what it does not look through."""

from __future__ import annotations

import gc
import subprocess
import sys
from types import ModuleType

import pytest

from crawler.commands.loading import loading
from crawler.reading.question import source_in
from crawler.sources import daum

NOT_FOR_A_CRAWL = (
    "alembic",
    "sqlalchemy.dialects.postgresql",
    "rich.live",
    "PIL",
    "apscheduler",
    "pyarrow",
    "procrastinate",
    "distributed",
    "aiohttp",
)
"""Of migrations, another database, terminals, maps, schedules, exports, clusters: each takes 10 to 200 ms
(2026-11-26)."""


def test_a_crawl_loads_nothing_that_it_does_not_use_and_reads_no_source() -> None:
    """Nor is it asked where a module is called from, which reads the source of the whole stack."""
    code = f"""
import inspect, sys
asked, stack = [], inspect.stack
inspect.stack = lambda *words: asked.append(words) or stack(*words)
import crawler.orders.slot, crawler.spiders.source_spider, crawler.reading.preload
from scrapy.core.downloader import contextfactory, tls
print([name for name in {NOT_FOR_A_CRAWL!r} if name in sys.modules], asked)
print(contextfactory.ScrapyClientContextFactory.__module__, tls.ScrapyClientTLSOptions.__module__)
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines() == [
        "[] []",
        "scrapy.core.downloader.contextfactory scrapy.core.downloader.tls",
    ]


def test_what_is_loaded_is_left_out_of_collections() -> None:
    """Also where loading fails: a program that lives on collects as ever."""
    seen, frozen = [], gc.get_freeze_count()

    def load() -> None:
        with loading():
            seen.append(gc.isenabled())
            raise ImportError("no such module")

    try:
        with pytest.raises(ImportError):
            load()
        assert (seen, gc.isenabled()) == ([False], True)
        assert gc.get_freeze_count() > frozen
    finally:
        gc.unfreeze()


class Eager(ModuleType):
    """A module that makes whatever it is asked for, as six and Scrapy's own do."""

    def __getattr__(self, name: str) -> object:
        raise AssertionError(f"asked for {name}")


@pytest.mark.parametrize("module", [Eager("eager"), None, object(), 7, sys])
def test_what_declares_no_source_is_not_made_to_say_so(module: object) -> None:
    assert source_in(module) is None


def test_a_module_that_declares_a_source() -> None:
    assert source_in(daum) is daum.SOURCE
