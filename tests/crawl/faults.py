"""The command line with a fault in one stage: `python -m tests.crawl.faults`, a JSON list of plans on stdin.

Each plan is run by a fork of this process, so that loading the program is paid for once; what stands in the
place of a stage's function is put there in the fork, and the program itself is the real one. A plan:
``faults``, a list of [stage (a key of STAGES), kind (of KINDS, or a way to hang), nth (the call that throws;
0: every call)], ``argv``, ``environment``, ``log``, and ``limit_s`` and ``grace_s`` of a standstill. Prints
each plan's exit code and how many seconds it took.
"""

from __future__ import annotations

import asyncio
import functools
import inspect
import json
import os
import pkgutil
import sys
import threading
import time
from collections.abc import Callable
from typing import Any

from crawler.reading.question import Question
from crawler.run.boundary import caught, given
from tests.warm import load

STAGES = {
    "open the run": "storage.frontier.runs:open_run",
    "take over": "crawler.run.captures:take_over",
    "list the seeds": "crawler.run.plan:RunPlan.seeds",
    "ask a list": "crawler.spiders.seed_visits:SeedVisits._request",
    "parse a feed": "crawler.sources.fnnews:parse_feed",
    "parse a list": "crawler.sources.fnnews:parse_listing",
    "choose": "crawler.spiders.source_spider:SourceSpider.wanted",
    "discover": "storage.frontier.frontier:Frontier.discover",
    "next page": "crawler.spiders.seed_visits:SeedVisits._goes_on",
    "record a seed": "storage.frontier.runs:record_seed",
    "end of a list's answer": "crawler.spiders.seed_visits:SeedVisits._listed",
    "lease": "storage.frontier.frontier:Frontier.lease",
    "ask a page": "crawler.spiders.source_spider:SourceSpider.article_request",
    "host": "crawler.fetch.middlewares:HostMiddleware._check",
    "robots": "crawler.fetch.middlewares:RobotsMiddleware._obey",
    "robots.txt": "crawler.fetch.middlewares:robots_verdict",
    "tdmrep.json": "crawler.fetch.middlewares:TdmMiddleware._read",
    "tdm": "crawler.capture.tdmrep:reservation_for",
    "turn": "storage.frontier.frontier:Frontier.take_turn",
    "end of a turn": "storage.frontier.answered:ended",
    "download": "scrapy.core.downloader.handlers.http11:HTTP11DownloadHandler.download_request",
    "retry": "crawler.fetch.middlewares:PoliteRetryMiddleware._again",
    "capture": "crawler.fetch.download:capture_exchange",
    "record a capture": "storage.frontier.answered:capture_row",
    "errback": "crawler.spiders.source_spider:SourceSpider._not_answered",
    "errback of a list": "crawler.spiders.seed_visits:SeedVisits._not_answered",
    "callback": "crawler.spiders.source_spider:SourceSpider._judged",
    "page item": "crawler.spiders.source_spider:SourceSpider._page_item",
    "extract": "crawler.pipelines:ExtractPipeline.process_item",
    "end of a page": "crawler.pipelines:StorePipeline._end",
    "store": "storage.archive.writer:Writer.store",
    "settle": "storage.frontier.frontier:Frontier.settle",
    "verdict": "crawler.run.closing:conclude",
    "alarms": "crawler.run.closing:tell_of_run",
    "close the run": "storage.frontier.runs:close_run",
    "confirm": "crawler.run.closing:confirm",
}
"""Each stage, by the function that is its work."""


class Untellable(Exception):
    """An error whose words cannot be had."""

    def __str__(self) -> str:
        raise RuntimeError("no words")


class Panic(BaseException):
    """As an extension in Rust throws it: no Exception."""


KINDS: dict[str, Callable[[], BaseException]] = {
    "ValueError": lambda: ValueError("two\nlines, \x00 and half a pair \ud83d"),
    "CancelledError": asyncio.CancelledError,
    "RecursionError": lambda: RecursionError("maximum recursion depth exceeded"),
    "MemoryError": MemoryError,
    "StopIteration": StopIteration,
    "SystemExit": lambda: SystemExit(7),
    "Panic": lambda: Panic("called unwrap on None"),
    "Untellable": Untellable,
    "ExceptionGroup": lambda: ExceptionGroup("several", [ValueError("1"), KeyError("2")]),
    "long": lambda: ValueError("가" * 100_000),
}


def throwing(work: Callable[..., Any], kind: str, nth: int) -> Callable[..., Any]:
    """The work, but for its nth call: that one throws, or hangs."""
    calls = 0

    def now() -> bool:
        nonlocal calls
        calls += 1
        return nth in (0, calls)

    if inspect.iscoroutinefunction(work):

        @functools.wraps(work)
        async def staged(*args: Any, **kwargs: Any) -> Any:
            if now():
                if kind == "waits for ever":
                    await asyncio.Event().wait()
                strike(kind)
            return await work(*args, **kwargs)

    else:

        @functools.wraps(work)
        def staged(*args: Any, **kwargs: Any) -> Any:
            if now():
                strike(kind)
            return work(*args, **kwargs)

    return staged


def strike(kind: str) -> None:
    if kind == "blocks its thread":
        threading.Event().wait()
    error = KINDS[kind]()
    raise error


def put(place: str, kind: str, nth: int) -> None:
    """Put the fault there."""
    module, _, name = STAGES[place].partition(":")
    owner_name, _, attribute = name.rpartition(".")
    owner = pkgutil.resolve_name(f"{module}:{owner_name}" if owner_name else module)
    found = inspect.getattr_static(owner, attribute)
    if isinstance(found, property):
        assert found.fget is not None
        setattr(owner, attribute, property(throwing(found.fget, kind, nth)))
    else:
        setattr(owner, attribute, throwing(found, kind, nth))


def few_lists() -> None:
    """Four lists for fnnews: two feeds, the newsflash, a section. More tell nothing."""
    from crawler.sources import fnnews

    fnnews.FEEDS = {slug: fnnews.FEEDS[slug] for slug in ("all", "economy")}
    fnnews.MORE_FEEDS = {}
    fnnews.SECTION_LISTS = dict([*fnnews.SECTION_LISTS.items()][:1])


def read_here() -> None:
    """Read lists and pages on a thread: to start a reading process would be half the cost of a plan. What a
    page can do to one is tested with them."""
    from crawler.reading.pool import ReadingPool

    async def ask(_pool: ReadingPool, question: Question, *, fresh: bool = False) -> Any:
        return given(*await asyncio.to_thread(caught, question.answer))

    async def warm(_pool: ReadingPool) -> None:
        pass

    ReadingPool.ask, ReadingPool.warm = ask, warm  # type: ignore[assignment,method-assign]


def run(plan: dict[str, Any]) -> None:
    """One plan in this process, which it ends."""
    log = os.open(plan["log"], os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
    os.dup2(log, 1)
    os.dup2(log, 2)
    os.environ.update(plan["environment"])
    sys.argv = ["newsarchive", *plan["argv"]]
    from crawler.configuration.environment import configuration
    from crawler.run import crawl_run, standstill

    configuration.cache_clear()  # read when the program was loaded, before this plan's environment
    standstill.LIMIT_S = plan.get("limit_s", standstill.LIMIT_S)
    standstill.GRACE_S = plan.get("grace_s", standstill.GRACE_S)
    if "limit_s" in plan:
        crawl_run.HEARTBEAT_S = plan["limit_s"] / 4  # as often within the limit as it beats in a day's run
    few_lists()
    read_here()
    for stage, kind, nth in plan["faults"]:
        put(stage, kind, nth)
    from crawler.cli import main

    try:
        main()
    except SystemExit as end:
        if "limit_s" in plan:
            raise  # where a thread hangs, how the program leaves is what is asked
        sys.stderr.flush()
        os._exit(
            int(end.code or 0)
        )  # taking everything down is a third of a plan's cost, and is the same in all


AT_ONCE = 3
"""Plans run side by side: a little more than two cores, for each also waits. Those that hang only wait."""


def main() -> None:
    plans = json.load(sys.stdin)
    load()
    waiting = list(enumerate(plans))
    running: dict[int, tuple[int, float]] = {}
    codes: dict[int, tuple[int, float]] = {}
    while waiting or running:
        while waiting and (len(running) < AT_ONCE or "limit_s" in waiting[0][1]):
            number, plan = waiting.pop(0)
            child = os.fork()
            if not child:
                run(plan)
                os._exit(0)
            running[child] = (number, time.monotonic())
        child, status = os.wait()
        number, began = running.pop(child)
        codes[number] = (os.waitstatus_to_exitcode(status), time.monotonic() - began)
    json.dump([codes[number] for number in range(len(plans))], sys.stdout)


if __name__ == "__main__":
    main()
