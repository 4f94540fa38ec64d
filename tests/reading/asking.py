"""What the tests of reading share: a pool with small limits, and pages of the hostile source."""

from __future__ import annotations

import asyncio
import importlib.util
import os
import sys
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from pathlib import Path
from types import ModuleType
from typing import TypeVar

from crawler.reading.limits import Limits
from crawler.reading.pool import ReadingPool
from crawler.reading.question import ReadList, ReadPage, place_of, seed_place
from crawler.sources.base import Source, Window
from storage.records import CapturedPage

T = TypeVar("T")

SENTENCE = "시는 강 건너 마을까지 가는 새 다리를 열었다고 밝혔다. "


def limits(processes: int = 1, seconds: float = 20, memory_mb: int = 256, pages: int = 500) -> Limits:
    return Limits(processes=processes, seconds=seconds, memory_mb=memory_mb, pages=pages)


def with_pool(work: Callable[[ReadingPool], Awaitable[T]], given: Limits | None = None) -> T:
    """What a piece of work gives with a pool that is closed behind it."""

    async def run() -> T:
        pool = ReadingPool(given or limits())
        try:
            return await work(pool)
        finally:
            await pool.close()

    return asyncio.run(run())


async def until(condition: Callable[[], bool]) -> None:
    """Wait for what sets no event of ours."""
    for _ in range(6000):
        if condition():
            return
        await asyncio.sleep(0.01)
    raise AssertionError("it did not happen within a minute")


def outside(name: str, path: Path) -> Source:
    """The source of a file that is on no path, loaded as a plug-in would be."""
    if name not in sys.modules:
        spec = importlib.util.spec_from_file_location(name, path)
        assert spec is not None
        assert spec.loader is not None
        module: ModuleType = importlib.util.module_from_spec(spec)
        sys.modules[name] = module
        spec.loader.exec_module(module)
    source: Source = sys.modules[name].SOURCE
    return source


HOSTILE = outside("hostile_outside", Path(__file__).with_name("hostile_source.py"))


def hostile(does: str = "", source: Source = HOSTILE) -> ReadPage:
    """A page that makes its rules do something."""
    html = (
        f"<html><head><title>새 다리</title><meta name='does' content='{does}'></head>"
        "<body><article><h1>새 다리</h1>"
        f"<p>{SENTENCE * 5}</p><p>{SENTENCE * 5}</p></article></body></html>"
    )
    page = CapturedPage(url="https://hostile.example/1", body=html.encode())
    return ReadPage(page=page, source=place_of(source))


def hostile_list(does: str, *windows: Window | None, seed: int = 0) -> ReadList:
    """A list whose parser does something."""
    given = [one for window in windows for one in HOSTILE.seeds(window)]
    chosen = given[seed]
    place = seed_place(HOSTILE, windows, given, chosen)
    seen = datetime(2026, 11, 25, tzinfo=UTC)
    return ReadList(seed=place, body=does.encode(), url=f"{chosen.url}?page=2", seen_at=seen)


def alive(pid: int) -> bool:
    """Whether a process exists that is more than a corpse."""
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return False
    return state != "Z"


def children(pid: int) -> set[int]:
    """Every process below one."""
    found: set[int] = set()
    for entry in Path("/proc").iterdir():
        if entry.name.isdecimal():
            try:
                parent = int((entry / "stat").read_text().rpartition(")")[2].split()[1])
            except OSError:
                continue
            if parent == pid:
                found |= {int(entry.name)} | children(int(entry.name))
    return found


def own_children() -> set[int]:
    return children(os.getpid())
