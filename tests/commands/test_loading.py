"""What a crawl loads, and what it does not look through."""

from __future__ import annotations

import gc
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest

from crawler.commands.loading import loading
from crawler.reading.question import source_in
from crawler.sources import daum
from storage.models import Base

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
    "fsspec",
    "pydantic_settings",
    "storage.forget.answers",
)
"""Of migrations, another database, terminals, maps, schedules, exports, clusters: each takes 10 to 200 ms
(2026-11-26)."""

NOT_FOR_READING = ("scrapy", "twisted", "sqlalchemy")
FOR_READING = ("crawler.sources.daum", "crawler.sources.fnnews", "crawler.normalise.article")


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


@pytest.mark.parametrize("words", [("crawl", "daum"), ("fetch", "https://v.daum.net/v/20260927095437316")])
def test_reading_processes_are_forked_before_what_they_do_not_need_is_loaded(
    words: tuple[str, ...], tmp_path: Path
) -> None:
    """Their memory is half as large so. Each source is loaded by then: what is forked needs no file again."""
    code = f"""
import sys
from crawler import cli
from crawler.reading import server
def start_as_fork():
    print([name for name in {NOT_FOR_READING!r} if name in sys.modules])
    print([name for name in {FOR_READING!r} if name not in sys.modules])
    sys.exit()
server.start_as_fork = start_as_fork
sys.argv = ["newsarchive", *{words!r}, "--origin", "daum=http://127.0.0.1:9", "--dir", {str(tmp_path)!r}]
cli.main()
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines() == ["[]", "[]"]


def test_what_reads_without_a_crawl_forks_behind_the_sources_too(tmp_path: Path) -> None:
    """As verify and reextract: a program that was upgraded under them broke each page (2026-11-28)."""
    code = f"""
import asyncio
from multiprocessing import forkserver
from pathlib import Path
from crawler.commands.options import configured
from crawler.commands.reading import reading
async def read():
    async with reading(configured(dir=Path({str(tmp_path)!r})), 1):
        print(*forkserver._forkserver._preload_modules)
asyncio.run(read())
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert {*FOR_READING[:2], "crawler.reading.preload"} <= set(done.stdout.split())


def test_tables_do_not_postpone_their_annotations() -> None:
    """Else SQLAlchemy makes each of 362 out of its text again."""
    classes = [mapper.class_ for mapper in Base.registry.mappers]
    assert len(classes) > 30
    said = [one for row in classes for one in row.__annotations__.values()]
    assert not any(isinstance(one, str) for one in said)


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
