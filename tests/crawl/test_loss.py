"""No run ends healthy, or with code 0, over something lost or missing: each kind through the command line."""

from __future__ import annotations

import os
import resource
import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import text

from storage.clock import utc_now
from storage.database.opening import open_database, writing
from storage.database.upgrading import upgrade
from storage.frontier.frontier import Frontier
from storage.frontier.leases import this_process
from storage.frontier.runs import open_run
from storage.records import WarcPlace
from storage.records.discovery import Discovery
from storage.records.runs import RunSettings
from storage.warc.reading import read_payload
from tests.crawl.interference import Rule, interfere, is_fnnews_list
from tests.crawl.stage import Done, Stage
from tests.crawl.test_failures import end, wait_for_articles
from tests.crawl.test_fetch import some_pages
from twin import Twin
from twin.reply import Reply, text_reply

# --- storage that is lost while the run goes on ---------------------------------------------------------


def open_warc(folder: Path) -> Path:
    return next((folder / "warc").glob("*.open"))


def replace_database(folder: Path) -> None:
    shutil.copy(folder / "newsarchive.db", folder / "other.db")
    (folder / "other.db").replace(folder / "newsarchive.db")


def move_warc(folder: Path) -> None:
    (folder / "warc").rename(folder / "elsewhere")
    (folder / "warc").mkdir()


def replace_warc(folder: Path) -> None:
    """In one step, while the former file goes on lying elsewhere."""
    written = open_warc(folder)
    (folder / "kept").hardlink_to(written)
    shutil.copy(written, folder / "other")
    (folder / "other").replace(written)


def drop_table(folder: Path) -> None:
    with closing(sqlite3.connect(folder / "newsarchive.db", timeout=60)) as other:
        other.execute("DROP TABLE outcome")


LOSSES: dict[str, tuple[Callable[[Path], object], str]] = {
    "the open WARC file is deleted": (lambda at: open_warc(at).unlink(), "was deleted while it was written"),
    "the folder of the WARC files is moved": (move_warc, "was moved while it was written"),
    "the database file is deleted": (
        lambda at: (at / "newsarchive.db").unlink(),
        "was deleted or moved while it was in use",
    ),
    "the database file is replaced": (replace_database, "was replaced by another while it was in use"),
    "the folder of the WARC files is deleted": (
        lambda at: shutil.rmtree(at / "warc"),
        "was deleted while it was written",
    ),
    "the open WARC file is moved": (
        lambda at: open_warc(at).rename(at / "warc" / "elsewhere"),
        "was moved while it was written",
    ),
    "the open WARC file is replaced": (
        replace_warc,
        "was replaced while it was written",
    ),
    "the open WARC file is cut": (lambda at: os.truncate(open_warc(at), 40), "was cut "),
    "the archive is deleted": (lambda at: shutil.rmtree(at, ignore_errors=True), "while "),
    "the archive is moved": (lambda at: at.rename(at.with_name("elsewhere")), "moved while"),
    "the journal of the database is deleted": (
        lambda at: (at / "newsarchive.db-wal").unlink(),
        "newsarchive.db",
    ),
    "the database file is cut": (lambda at: os.truncate(at / "newsarchive.db", 8192), "newsarchive.db"),
    "a table is dropped": (drop_table, "tables are missing"),
}
"""What happens to the archive's folder, and what must be said of it."""
OFTEN = tuple(LOSSES)[:3]
"""In every check; the others are proof."""


def while_crawling(stage: Stage, twin: Twin, happens: Callable[[Path], object]) -> Done:
    """A crawl of fnnews to whose folder something happens after its third article."""
    with stage.start("crawl", "fnnews", *stage.origins(), "--delay", "0") as process:
        try:
            wait_for_articles(twin, 3, process)
            happens(stage.folder)
            return end(process)
        finally:
            process.kill()


@pytest.mark.parametrize(
    "loss", [pytest.param(one, marks=() if one in OFTEN else pytest.mark.proof) for one in LOSSES]
)
def test_storage_lost_in_mid_run_ends_with_code_4_and_says_what(
    small_stage: Stage, small_twin: Twin, loss: str
) -> None:
    happens, said = LOSSES[loss]
    done = while_crawling(small_stage, small_twin, happens)
    assert done.code == 4, done.err[-3000:]
    assert said in done.err
    assert "Traceback" not in done.err
    assert "ended healthy" not in done.err
    if "WARC" in loss and "replaced" not in loss:
        assert small_stage.column("SELECT verdict FROM run") == ["interrupted"]
        assert said in small_stage.column("SELECT reason FROM run")[0]
        assert small_stage.column("SELECT state FROM alarm WHERE key = 'storage fnnews'") == ["lost"]
    if loss in ("the open WARC file is deleted", "the folder of the WARC files is deleted"):
        check_captures(small_stage)
    if loss == "the folder of the WARC files is deleted":
        assert small_stage.crawl("fnnews").code in (0, 1)  # 1: the small twin lists less than is declared
        assert small_stage.column("SELECT state FROM alarm WHERE key = 'storage fnnews'") == ["ok"]


def test_a_file_whose_rows_were_lost_in_mid_run_waits_for_the_next_one(
    small_stage: Stage, small_twin: Twin
) -> None:
    """As after a promoted standby that lacked the last of them."""

    def lose(folder: Path) -> None:
        with closing(sqlite3.connect(folder / "newsarchive.db", timeout=60)) as other, other:
            other.execute("DELETE FROM capture WHERE url LIKE '%/robots.txt'")

    while_crawling(small_stage, small_twin, lose)
    left = open_warc(small_stage.folder).name.removesuffix(".open")
    assert not small_stage.column("SELECT url FROM capture WHERE url LIKE '%/robots.txt'")
    assert small_stage.crawl("fnnews").code in (0, 1)  # 1: the small twin lists less than is declared
    again = f"SELECT warc_file FROM capture WHERE url LIKE '%/robots.txt' AND warc_file = '{left}'"
    assert small_stage.column(again) == [left]
    assert not list((small_stage.folder / "warc").glob("*.open"))


@pytest.mark.proof
def test_open_files_that_run_out_in_mid_run(small_stage: Stage, small_twin: Twin) -> None:
    with small_stage.start("crawl", "fnnews", *small_stage.origins(), "--delay", "0") as process:
        try:
            wait_for_articles(small_twin, 3, process)
            now = len(list(Path(f"/proc/{process.pid}/fd").iterdir()))
            resource.prlimit(process.pid, resource.RLIMIT_NOFILE, (now, now))
            done = end(process)
        finally:
            process.kill()
    assert done.code == 4, done.err[-3000:]
    assert "No more files can be opened by this process" in done.err
    assert "Traceback" not in done.err
    (run,) = small_stage.rows("SELECT verdict, reason FROM run")
    assert run["verdict"] == "interrupted"
    assert "No more files can be opened" in run["reason"]
    assert small_stage.column("SELECT count(*) FROM address WHERE state = 'leased'") == [0]
    assert not set(small_stage.outcomes()) & {"failed", "quarantined", "blocked"}
    small_stage.crawl("fnnews")
    assert not set(small_stage.outcomes()) & {"failed", "quarantined"}


def check_captures(stage: Stage) -> None:
    """What a deleted file held was still in the process, and is written anew."""
    places = stage.rows("SELECT warc_file, warc_offset, warc_length, http_status FROM capture")
    assert len(places) > 10
    for row in places:
        place = WarcPlace(file=row["warc_file"], offset=row["warc_offset"], length=row["warc_length"])
        assert read_payload(stage.folder / "warc", place)[0] == row["http_status"]


@pytest.mark.proof
@pytest.mark.parametrize("statement", ["DROP TABLE outcome CASCADE", "DROP SCHEMA public CASCADE"])
def test_postgresql_tables_dropped_in_mid_run(
    small_stage: Stage, small_twin: Twin, postgresql_url: str, statement: str
) -> None:
    upgrade(postgresql_url)

    def drop(_folder: Path) -> None:
        engine = open_database(postgresql_url)
        with writing(engine) as session:  # between two transactions of the crawl: no deadlock
            session.execute(text(statement))
        engine.dispose()

    done = while_crawling(replace(small_stage, database=postgresql_url), small_twin, drop)
    assert done.code == 4, done.err[-3000:]
    assert "tables are missing" in done.err
    assert "Traceback" not in done.err


# --- answers that are no articles -----------------------------------------------------------------------

EMPTY_FEED = '<?xml version="1.0"?><rss version="2.0"><channel><title>새 소식</title></channel></rss>'


def on_lists(reply: Callable[[], Reply], but: str = "no such list") -> Rule:
    return lambda _host, path: reply() if is_fnnews_list(path) and but not in path else None


def on_articles(reply: Callable[[], Reply]) -> Rule:
    return lambda _host, path: reply() if path.startswith("/news/") else None


def answering(status: int) -> Callable[[], Reply]:
    return lambda: text_reply("no", status=status)


ALL_NEWS = "/rss/r20/fn_realnews_all.xml"
THRICE = "refused 3 times in a row, the last time with 403"
ANSWERS: dict[str, tuple[Rule, str, str]] = {
    "all lists 403": (on_lists(answering(403)), "blocked", THRICE),
    "all lists 404": (on_lists(answering(404)), "empty", "21 seeds listed no article: 404; "),
    "all lists 304": (on_lists(lambda: Reply(304)), "empty", "answered 304, though no condition was sent; "),
    "9 of 10 lists 404": (on_lists(answering(404), but="realnews_all"), "degraded", "9 seeds gone: 404"),
    "a list redirected to another": (
        lambda _host, path: Reply(302, b"", {"Location": ALL_NEWS}) if "economy" in path else None,
        "degraded",
        f"1 seeds failed: redirected to https://www.fnnews.com{ALL_NEWS}: which is another list",
    ),
    "one list empty": (
        lambda _host, path: text_reply(EMPTY_FEED, kind="text/xml") if "economy" in path else None,
        "degraded",
        "1 list is empty: https://www.fnnews.com/rss/r20/fn_realnews_economy.xml (it named something in ",
    ),
    "all articles 404": (on_articles(answering(404)), "degraded", " gone"),
    "all articles 403": (on_articles(answering(403)), "blocked", THRICE),
}
"""What is answered after a first run left addresses behind: the verdict, and words of its reason."""


@pytest.mark.proof
@pytest.mark.parametrize("answer", ANSWERS)
def test_left_over_addresses_make_no_run_healthy(small_stage: Stage, small_twin: Twin, answer: str) -> None:
    rule, verdict, said = ANSWERS[answer]
    assert small_stage.crawl("fnnews", "--limit", "4").code == 0
    interfere(small_twin, rule)
    done = small_stage.crawl("fnnews")
    assert done.code == 1, done.err[-3000:]
    (run,) = small_stage.rows("SELECT verdict, reason FROM run WHERE id = 2")
    assert (run["verdict"], said in run["reason"]) == (verdict, True), run


def test_a_304_that_nobody_asked_for_is_a_failure_and_no_condition_for_later(
    small_stage: Stage, small_twin: Twin
) -> None:
    """Nothing is held that could be unmodified, and the tag that came with it names nothing held."""
    page = some_pages(small_twin, "fnnews", 1)[0]
    interfere(small_twin, on_articles(lambda: Reply(304, b"", {"ETag": '"x"'})))
    done = small_stage.run("fetch", page.url, *small_stage.origins(), "--delay", "0")
    assert done.code == 1, done.err[-3000:]
    assert small_stage.outcomes() == {"failed": 1}
    assert small_stage.column("SELECT etag FROM address") == [None]


# --- accounts that do not add up ------------------------------------------------------------------------


def test_named_addresses_that_another_run_holds_are_told(small_stage: Stage, small_twin: Twin) -> None:
    held, free = some_pages(small_twin, "fnnews", 2)
    hold(small_stage, held.url)
    done = small_stage.run("fetch", held.url, free.url, *small_stage.origins(), "--delay", "0")
    assert done.code == 1, done.err[-3000:]
    reason = small_stage.column("SELECT reason FROM run ORDER BY id DESC")[0]
    assert f"1 listed without an outcome, 1 of them held by another run ({held.url})" in reason


def hold(stage: Stage, url: str) -> None:
    """Another run, alive, has the address."""
    upgrade(stage.database)
    engine = open_database(stage.database)
    other, now = this_process("other"), utc_now()
    run = open_run(engine, "fnnews", "fetch", other, now, RunSettings())
    frontier = Frontier(engine)
    frontier.discover(run, "fnnews", "command line", [(Discovery(url=url), None)], now)
    assert len(frontier.lease(run, "fnnews", other, now, 900, 1)) == 1
    engine.dispose()


@pytest.mark.proof
def test_a_recheck_with_nothing_due_says_so(small_stage: Stage) -> None:
    done = small_stage.crawl("fnnews", "--mode", "recheck")
    assert (done.code, "nothing was due; no known page will be" in done.err) == (0, True), done.err[-2000:]
    small_stage.crawl("fnnews")
    done = small_stage.crawl("fnnews", "--mode", "recheck")
    assert (done.code, "nothing was due; the next page is at " in done.err) == (0, True), done.err[-2000:]
