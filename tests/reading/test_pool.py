"""Whatever a page does to the process that reads it, the pool says what it was and reads the next."""

from __future__ import annotations

import asyncio
import mmap
import os
import signal
import time
from pathlib import Path

import pytest

from crawler.quality.corpus import own_examples, shared_examples
from crawler.reading import process
from crawler.reading.limits import held_bytes
from crawler.reading.pool import ReadingPool, RulesBroke
from crawler.reading.process import ReadingDied
from crawler.reading.question import Question, ReadPage, place_of
from crawler.sources import all_sources
from storage.records import Article, CapturedPage, PageKind

from .asking import HOSTILE, alive, hostile, hostile_list, limits, own_children, until, with_pool

ROOT = Path(__file__).parents[2]
PATIENT = limits(seconds=120)


@pytest.mark.parametrize(
    ("does", "reason"),
    [
        ("hang", "reading it took longer than 1.5 s"),
        ("spin", "reading it took longer than 1.5 s"),
        ("eat", "reading it needed more than 128 MB"),
        ("crash", "it killed its reading process (signal 11)"),
        ("leave", "it killed its reading process (exit code 3)"),
        ("stop", "it killed its reading process (exit code 1)"),
    ],
)
def test_a_page_that_ends_its_process_is_told_why_and_the_next_is_read(does: str, reason: str) -> None:
    async def work(pool: ReadingPool) -> None:
        with pytest.raises(ReadingDied) as died:
            await pool.ask(hostile(does))
        assert str(died.value) == reason
        pool.limits = PATIENT  # whoever reads an ordinary page may be slow
        article: Article = await pool.ask(hostile())
        assert article.kind is PageKind.ARTICLE
        assert pool.started == 2

    with_pool(work, limits(seconds=1.5 if "1.5 s" in reason else PATIENT.seconds, memory_mb=128))


def test_an_exception_of_the_rules_comes_back_as_words_that_every_database_takes() -> None:
    async def work(pool: ReadingPool) -> None:
        with pytest.raises(RulesBroke) as broke:
            await pool.ask(hostile_list("refuse 가", None))
        assert str(broke.value) == r"ValueError: half a pair \ud800, a NUL \0, two lines: 가"
        assert "hostile_source.py" in broke.value.trace
        assert (await pool.ask(hostile())).extractor == "hostile/1"
        assert pool.started == 1

    with_pool(work)


def test_a_process_killed_from_outside_costs_no_page(tmp_path: Path) -> None:
    """Idle, it is replaced before a page is given to it; busy, the page is the caller's to give again."""

    async def work(pool: ReadingPool) -> None:
        await pool.ask(hostile())
        (idle,) = pool._idle
        os.kill(idle.pid, signal.SIGKILL)
        await until(lambda: not idle.lives)  # of which its pipe tells, a moment after the system
        assert (await pool.ask(hostile())).kind is PageKind.ARTICLE
        with pytest.raises(ReadingDied, match=r"signal 9"):
            await pool.ask(hostile(f"once {tmp_path / 'mark'}"))
        assert (await pool.ask(hostile(f"once {tmp_path / 'mark'}"), fresh=True)).kind is PageKind.ARTICLE

    with_pool(work)


def test_a_fork_server_that_is_stopped_is_replaced(monkeypatch: pytest.MonkeyPatch) -> None:
    """Who waits for a word of it would wait for ever: that a process began, that one has ended."""
    monkeypatch.setattr(process, "END_S", 0.5)
    kill = process.kill_fork_server

    def kill_and_have_time() -> None:
        """The next server loads all of its libraries, however busy the machine is."""
        monkeypatch.setattr(process, "START_S", 60.0)
        kill()

    monkeypatch.setattr(process, "kill_fork_server", kill_and_have_time)

    async def work(pool: ReadingPool) -> None:
        await pool.ask(hostile())
        (idle,) = pool._idle
        idle._limits = limits(seconds=1.5)
        for pid in (idle.pid, _parent(idle.pid)):
            os.kill(pid, signal.SIGSTOP)
        monkeypatch.setattr(process, "START_S", 1.0)
        with pytest.raises(ReadingDied, match=r"longer than 1\.5 s"):
            await pool.ask(hostile())
        assert not alive(idle.pid)
        assert (await pool.ask(hostile())).kind is PageKind.ARTICLE
        (idle,) = pool._idle
        os.kill(_parent(idle.pid), signal.SIGSTOP)
        monkeypatch.setattr(process, "START_S", 1.0)
        assert (await pool.ask(hostile(), fresh=True)).kind is PageKind.ARTICLE

    with_pool(work, PATIENT)


def _parent(pid: int) -> int:
    return int(Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[1])


def test_a_process_is_renewed_after_so_many_pages_and_none_is_left(tmp_path: Path) -> None:
    log = tmp_path / "pids"
    before = own_children()

    async def work(pool: ReadingPool) -> list[Article]:
        questions = [hostile(f"who {log}") for _ in range(300)]
        return list(await asyncio.gather(*map(pool.ask, questions)))

    articles = with_pool(work, limits(processes=2, pages=50))
    assert len(articles) == 300
    assert {article.kind for article in articles} == {PageKind.ARTICLE}
    pids = log.read_text().split()
    assert len(pids) == 300
    assert max(pids.count(pid) for pid in pids) == 50
    assert not [pid for pid in set(pids) if alive(int(pid))]
    names = [Path(f"/proc/{pid}/cmdline").read_bytes() for pid in own_children() - before]
    assert all(b"forkserver" in name or b"resource_tracker" in name for name in names)
    assert len(names) <= 2, "the fork server and its helper end with the program"


def test_a_cancelled_question_does_not_answer_the_next_one() -> None:
    async def work(pool: ReadingPool) -> None:
        asking = asyncio.ensure_future(pool.ask(hostile("hang")))
        await asyncio.sleep(0.3)
        asking.cancel()
        with pytest.raises(asyncio.CancelledError):
            await asking
        assert (await pool.ask(hostile())).kind is PageKind.ARTICLE

    with_pool(work)


def test_a_pool_closed_with_a_page_in_hand_leaves_nothing() -> None:
    async def work(pool: ReadingPool) -> tuple[int, asyncio.Future[Article]]:
        asking = asyncio.ensure_future(pool.ask(hostile("hang")))
        await until(lambda: bool(pool._busy))
        (busy,) = pool._busy
        return busy.pid, asking

    async def run() -> int:
        pool = ReadingPool(limits())
        pid, asking = await work(pool)
        await pool.close()
        with pytest.raises(ReadingDied):
            await asking
        return pid

    began = time.monotonic()
    assert not alive(asyncio.run(run()))
    assert time.monotonic() - began < 15


def test_a_child_reads_every_saved_page_as_this_process_does() -> None:
    """The property that lets `extract` and the gate read inline."""
    examples = own_examples(ROOT) + shared_examples(ROOT)
    assert len(examples) > 20

    def question(page: CapturedPage, name: str | None) -> Question:
        return ReadPage(page=page, source=place_of(all_sources()[name]) if name else None)

    questions = [question(example.page, example.source) for example in examples]

    async def work(pool: ReadingPool) -> list[Article]:
        return list(await asyncio.gather(*map(pool.ask, questions)))

    apart = with_pool(work)
    for example, ours, theirs in zip(examples, [q.answer() for q in questions], apart, strict=True):
        assert theirs == ours, example.name


def test_big_and_odd_but_harmless_pages_are_read() -> None:
    """What must not fall to a cap: an embedded picture of 6 MB, NULs, entities, a page of one long line."""
    body = "<p>" + "시는 강 건너 마을까지 새 다리를 열었다고 밝혔다. " * 40 + "</p>"
    picture = "<img src='data:image/png;base64," + "QUJD" * 1_500_000 + "'>"
    state = "<script>var s='" + "a < b <c d " * 200_000 + "'</script>"
    bomb = "<!DOCTYPE html [<!ENTITY a 'aaaa'><!ENTITY b '&a;&a;&a;&a;'>]>"
    pages = [picture + body, state + body, "\0" * 1_000_000 + body, "&b;" * 100_000 + body]

    async def work(pool: ReadingPool) -> None:
        for middle in pages:
            html = (
                f"{bomb}<html><head><title>다리</title></head><body><article>{middle}</article></body></html>"
            )
            page = CapturedPage(url="https://hostile.example/1", body=html.encode())
            article = await pool.ask(ReadPage(page=page, source=place_of(HOSTILE)))
            assert article.kind is PageKind.ARTICLE, (html[:80], article.reason)
            assert "새 다리를 열었다고 밝혔다" in (article.body or "")

    with_pool(work, limits(memory_mb=512))


def test_what_a_process_holds_is_measured() -> None:
    before = held_bytes()
    # From the system itself: the allocator may give what the tests before have freed.
    held = mmap.mmap(-1, 64 * 1024 * 1024, flags=mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS)
    assert held_bytes() - before >= len(held) // 2
