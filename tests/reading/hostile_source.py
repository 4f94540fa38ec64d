"""A source outside the repository whose rules do what its pages say: loaded by its file, as any other."""

from __future__ import annotations

import ctypes
import os
import signal
import time
from collections.abc import Callable, Iterable
from datetime import datetime
from pathlib import Path

from crawler.extract.document import Document
from crawler.extract.generic import GenericPage
from crawler.sources.base import Address, Expectation, Seed, Source, Window
from storage.records.discovery import Discovery, Listing

HOST = "https://hostile.example"


def hang(_: str) -> None:
    while True:
        time.sleep(1)


def wait(path: str) -> None:
    while not Path(path).exists():
        time.sleep(0.02)


def meet(paths: str) -> None:
    """Leave word, and wait for another's."""
    ours, theirs = paths.split()
    Path(ours).touch()
    wait(theirs)


def spin(_: str) -> None:
    while True:
        pass


def eat(_: str) -> None:
    kept = []
    while True:
        kept.append(bytearray(8 * 1024 * 1024))


def crash(_: str) -> None:
    signal.signal(signal.SIGSEGV, signal.SIG_DFL)
    ctypes.string_at(0)


def leave(_: str) -> None:
    os._exit(3)


def stop(_: str) -> None:
    raise SystemExit("the rules end the program")


def refuse(word: str) -> None:
    raise ValueError(f"half a pair \ud800, a NUL \0,\n two lines: {word}")


def once(path: str) -> None:
    """Kill the process, the first time only."""
    if not Path(path).exists():
        Path(path).touch()
        os.kill(os.getpid(), signal.SIGKILL)


def who(path: str) -> None:
    """Leave word of the process."""
    with Path(path).open("a", encoding="ascii") as file:
        file.write(f"{os.getpid()}\n")


DEEDS: dict[str, Callable[[str], None]] = {
    deed.__name__: deed for deed in (hang, wait, meet, spin, eat, crash, leave, stop, refuse, once, who)
}


class HostilePage(GenericPage):
    name = "hostile/1"

    @classmethod
    def score(cls, document: Document) -> int:
        for does in document.metas.get("does", []):
            deed, _, word = does.partition(" ")
            if deed:
                DEEDS[deed](word)
        return 1


def parse(body: bytes, url: str, seen_at: datetime) -> Listing:
    deed, _, word = body.decode().partition(" ")
    if deed in DEEDS:
        DEEDS[deed](word)
    return Listing(
        discoveries=(Discovery(url=f"{HOST}/1", title_hint=url, time_hint=seen_at),), recognised=True
    )


def seeds(window: Window | None) -> Iterable[Seed]:
    day = window.since if window else "newest"
    yield Seed(url=f"{HOST}/list/{day}", kind="listing", parse=parse)
    yield Seed(url=f"{HOST}/asked-at-{time.monotonic_ns()}", kind="feed", parse=parse)


SOURCE = Source(
    name="hostile",
    title="a source outside",
    homepage=HOST,
    hosts=frozenset({"hostile.example"}),
    fetch_hosts=frozenset({"hostile.example"}),
    address=lambda url: Address(url=url, site_id=None) if url.startswith(HOST) else None,
    seeds=seeds,
    pages=(HostilePage,),
    expectation=Expectation(min_listed=0, min_articles_share=0.0, max_quarantined_share=1.0),
)
