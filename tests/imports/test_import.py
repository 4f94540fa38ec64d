"""Captures of others in the archive: taken, judged, in the ledger; again, or after a death, nothing twice."""

from __future__ import annotations

import asyncio
import json
import os
import shutil
import subprocess
import threading
from collections.abc import Iterator
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
import time_machine
from sqlalchemy import Engine, text

from crawler.configuration.environment import Configuration
from crawler.deduplicate.likenesses import LIKENESSES
from crawler.deduplicate.match import decide
from crawler.imports.candidate import Candidate
from crawler.imports.importer import Importer, Report
from crawler.imports.intake import Intake
from crawler.imports.kinds import given
from crawler.judging.judge import Judge, Judged
from crawler.reader import READER
from crawler.reading.pool import ReadingPool
from crawler.reading.process import ReadingUnavailable
from crawler.reading.question import Lost
from crawler.rereading.captures import CaptureReader
from crawler.sources import all_sources
from storage.archive.writer import Writer
from storage.database.opening import open_database
from storage.database.upgrading import upgrade
from storage.frontier.filed import Waiting
from storage.frontier.rowless import adopt
from storage.operations.imports import Entry
from storage.query.reader import run_select
from storage.records import Article
from storage.records.runs import LeasedAddress
from storage.tombstones import Tombstone, Tombstones
from storage.warc.answers import read_answer
from storage.warc.members import beside, scan
from storage.warc.recovery import recover
from tests.imports.others import Other
from tests.imports.test_files import AT, HEAD, manifest
from tests.reading.asking import limits
from tests.rebuild.files import EDITED, PAGE, URL, answer, writer
from tests.rebuild.test_rebuild import rebuild

REVISIONS = "SELECT url, title, body, valid_from FROM revisions ORDER BY url, valid_from"
OTHER = "https://paper.example/2024/05/a-bridge"


def settings(folder: Path) -> Configuration:
    return Configuration(dir=folder, contact="desk@example.org")


def take(
    engine: Engine,
    folder: Path,
    *files: Path,
    generic: bool = False,
    judge: type[Judge] = Judge,
    intake: type[Intake] = Intake,
) -> Report:
    """Import files into the archive of a folder."""
    ours, sources, report = settings(folder), all_sources(), Report()
    stones = Tombstones(ours.dir)

    async def work() -> None:
        pool = ReadingPool(limits())
        taking = intake(engine=engine, settings=ours, sources=sources, tombstones=stones, generic=generic)
        try:
            writing = Writer(engine, decide, LIKENESSES, READER, stones)
            captures = CaptureReader(pool, ours.warc_folder, sources)
            judging = judge(engine, captures, writing, stones, sources, ())
            importer = Importer(engine, taking, judging, report)
            await importer.finish_earlier()
            for path in files:
                for one in given(path):
                    await importer.file(one, lambda looked_at: None)
            await importer.revisits()
        finally:
            taking.close()
            await pool.close()

    asyncio.run(work())
    return report


def rows(engine: Engine, statement: str) -> list[tuple[Any, ...]]:
    with run_select(engine.url.render_as_string(hide_password=False), statement) as (_, found):
        return [tuple(row) for row in found]


def history(path: Path) -> Path:
    """A page's life, out of order, with what is no page and what cannot be read."""
    other = Other(path)
    other.answer(URL, EDITED, at="2026-10-11T01:00:00Z").answer(URL, PAGE, at="2026-10-10T01:00:00Z")
    other.answer(URL, b"", status="404 Not Found", at="2026-10-12T01:00:00Z")
    other.answer(URL, b"", status="301 Moved", at="2026-10-13T01:00:00Z")
    other.answer(OTHER, PAGE).answer(
        "https://img.example/1.png", b"\x89PNG", headers=[("Content-Type", "image/png")]
    )
    other.answer(URL[:-1] + "9", PAGE, at="2126-10-13T01:00:00Z").answer(URL, PAGE, at="never")
    other.record("request", URL, b"GET / HTTP/1.1\r\n\r\n").record("metadata", URL)
    return other.close()


def test_what_is_taken_is_judged_and_all_of_it_is_in_the_ledger(engine: Engine, tmp_path: Path) -> None:
    path = history(tmp_path / "history.warc.gz")
    report = take(engine, tmp_path / "a", path)
    assert report.fates == {"taken": 3, "left": 3, "unreadable": 2}
    assert report.beside == {"warcinfo": 1, "request": 1, "metadata": 1}
    assert report.undone
    told = "\n".join(report.lines())
    for said in ("answered 301", "--generic takes it", "no page: image/png", "in the future", "'never'"):
        assert said in told
    assert "taken and judged: 1 gone, 1 revised, 1 stored" in told
    taken = rows(engine, "SELECT outcome FROM imports WHERE fate = 'taken' ORDER BY fetched_at")
    assert taken == [("stored",), ("revised",), ("gone",)]
    bodies = rows(engine, "SELECT body FROM revisions ORDER BY valid_from")
    assert ["최대 200만원" in bodies[0][0], "최대 300만원" in bodies[1][0]] == [True, True], (
        "in the order of time"
    )
    assert rows(engine, "SELECT mode, verdict, reason FROM runs") == [
        ("import", None, "import: 3 captures taken")
    ]
    ledger = "SELECT counts, problems, finished_at IS NULL FROM import_file"
    assert rows(engine, ledger)[0][1:] in [(None, 0), (None, False)]
    counted = {"taken": 3, "left": 3, "unreadable": 2, "warcinfo": 1, "request": 1, "metadata": 1}
    assert json.loads(rows(engine, ledger)[0][0]) == counted

    again = take(engine, tmp_path / "a", path)
    assert again.fates == {"known": 3, "left": 3, "unreadable": 2}
    assert again.undone, "what was unreadable is unreadable still"
    said = "of its 8 pages 5 were not taken then (3 left, 2 unreadable); they are looked at again"
    assert next(again.lines()) == f"history.warc.gz was given before: {said}"
    assert json.loads(rows(engine, ledger)[0][0]) == counted, "what is in the file, whoever took it"
    renamed = shutil.copy(path, tmp_path / "renamed.warc.gz")
    assert take(engine, tmp_path / "a", Path(renamed)).fates == again.fates, "the same bytes"
    more = history(tmp_path / "b.warc.gz")
    assert take(engine, tmp_path / "a", more).fates["known"] == 3, "the same captures in another file"
    assert rows(engine, "SELECT count(*) FROM capture") == [(3,)]


def test_where_it_came_from_is_kept_and_a_rebuild_has_it_all(engine: Engine, tmp_path: Path) -> None:
    take(engine, tmp_path / "a", history(tmp_path / "history.warc.gz"), generic=True)
    was = rows(engine, REVISIONS)
    assert len(was) == 3
    facts = []
    for path in sorted((tmp_path / "a" / "warc").glob("*.warc.gz")):
        data = path.read_bytes()
        for one in scan(data).members:
            if one.kind == "response":
                (metadata,) = beside(data, one)
                read = read_answer(
                    data[one.start : one.end], path.name, one.start, data[metadata.start : metadata.end]
                )
                facts.append(read.facts)
                assert read.capture.fetched_at.isoformat().startswith("2026-10-1")
    assert {one["imported_from"] for one in facts} == {"history.warc.gz"}
    assert {one["made_by"] for one in facts} == {"Otherbot/1.0"}
    assert all(str(one["imported_record"]).startswith("<urn:uuid:") for one in facts)
    fresh = f"sqlite:///{tmp_path / 'anew.db'}"
    upgrade(fresh)
    anew = open_database(fresh)
    report = rebuild(anew, tmp_path / "a" / "warc")
    assert report.problem_count == 0
    assert rows(anew, REVISIONS) == was
    anew.dispose()


class Doomed(Judge):
    """A judge on a machine that can start no reading process."""

    async def read(self, one: Waiting) -> Article | Lost | None:
        raise ReadingUnavailable("no process can be started")


def test_what_was_taken_and_not_judged_is_judged_by_the_next_import(engine: Engine, tmp_path: Path) -> None:
    path = history(tmp_path / "history.warc.gz")
    with pytest.raises(ReadingUnavailable):
        take(engine, tmp_path / "a", path, judge=Doomed)
    assert rows(engine, "SELECT count(*) FROM articles") == [(0,)]
    report = take(engine, tmp_path / "a", path)
    assert report.outcomes == {"stored": 1, "revised": 1, "gone": 1}
    assert rows(engine, "SELECT count(*) FROM capture") == [(3,)]
    assert rows(engine, "SELECT count(*) FROM imports WHERE fate = 'taken' AND outcome IS NULL") == [(0,)]


class Killed(Judge):
    """A judge whose process dies behind the second page that it stored."""

    stored = 0

    def end(self, one: Waiting, reading: Article | Lost | None) -> Judged:
        judged = super().end(one, reading)
        self.stored += 1
        if self.stored == 2:
            raise KeyboardInterrupt
        return judged


def test_a_death_while_pages_are_stored_leaves_none_without_its_end(engine: Engine, tmp_path: Path) -> None:
    """Three captures of one address: the second end is told before the third settles it otherwise."""
    path = history(tmp_path / "history.warc.gz")
    with pytest.raises(KeyboardInterrupt):
        take(engine, tmp_path / "a", path, judge=Killed)
    ends = "SELECT outcome, reason IS NULL FROM imports WHERE fate = 'taken' ORDER BY fetched_at"
    assert rows(engine, ends) == [("stored", False), (None, True), (None, True)]
    take(engine, tmp_path / "a", path)
    assert rows(engine, ends) == [("stored", False), ("revised", False), ("gone", False)]


def test_a_death_between_taking_and_the_ledger_is_not_seen_in_it(engine: Engine, tmp_path: Path) -> None:
    """The captures have their rows, and the ledger knows none of them: killed within a block."""
    path = history(tmp_path / "history.warc.gz")
    ledger = "SELECT url, record, fate, outcome, reason FROM imports ORDER BY position"
    other = tmp_path / "other.db"
    with pytest.raises(ReadingUnavailable):
        take(engine, tmp_path / "a", path, judge=Doomed)
    with engine.begin() as connection:
        connection.execute(text("DELETE FROM import_entry"))
    again = take(engine, tmp_path / "a", path)
    assert (again.fates["taken"], again.fates["known"]) == (3, 0)
    upgrade(f"sqlite:///{other}")
    undisturbed = open_database(f"sqlite:///{other}")
    take(undisturbed, tmp_path / "b", path)
    assert rows(engine, ledger) == rows(undisturbed, ledger)
    undisturbed.dispose()
    assert take(engine, tmp_path / "a", path).fates["known"] == 3
    assert rows(engine, "SELECT count(*) FROM capture") == [(3,)]


class Short(Intake):
    """The second page is taken by a program that has no memory left."""

    taken = 0

    def take(self, one: Candidate, file: str) -> Entry:
        self.taken += 1
        if self.taken == 2:
            raise MemoryError
        return super().take(one, file)


def test_a_program_that_runs_short_calls_no_page_unreadable(engine: Engine, tmp_path: Path) -> None:
    path = history(tmp_path / "history.warc.gz")
    with pytest.raises(MemoryError):
        take(engine, tmp_path / "a", path, intake=Short)
    assert rows(engine, "SELECT count(*) FROM imports WHERE fate = 'unreadable'") == [(0,)]
    report = take(engine, tmp_path / "a", path)
    assert report.fates == {"taken": 3, "left": 3, "unreadable": 2}


def test_a_record_whose_row_the_database_refused_gets_it_from_the_next_import(
    engine: Engine, tmp_path: Path
) -> None:
    """Its file had its final name, in which nobody looks for records without rows: verify found it."""
    path, folder = history(tmp_path / "history.warc.gz"), settings(tmp_path / "a").warc_folder
    with engine.begin() as connection:
        connection.execute(text("CREATE UNIQUE INDEX in_the_way ON capture (run_id)"))
    assert take(engine, tmp_path / "a", path).undone
    with engine.begin() as connection:
        connection.execute(text("DROP INDEX in_the_way"))
    (left,) = (one.name for one in folder.iterdir())
    assert left.endswith(".open")
    recover(folder, partial(adopt, engine))
    again = take(engine, tmp_path / "a", path)
    assert (again.fates["taken"], again.fates["known"]) == (2, 1)
    assert again.outcomes == {"revised": 1, "gone": 1}, "the first was judged when it was taken"
    assert rows(engine, "SELECT count(*) FROM capture") == [(3,)]
    assert take(engine, tmp_path / "a", path).fates["known"] == 3


class Broken(Judge):
    """A judge with a bug where it stores."""

    def _stored(self, one: Waiting, address: LeasedAddress, article: Article) -> Judged:
        raise KeyError(article.title)


def test_a_page_that_could_not_be_stored_is_told_and_no_success(engine: Engine, tmp_path: Path) -> None:
    path = Other(tmp_path / "x.warc.gz").answer(URL, PAGE).close()
    report = take(engine, tmp_path / "a", path, judge=Broken)
    assert report.outcomes == {"failed": 1}
    assert report.undone
    assert "failed: 1: store: KeyError: " in "\n".join(report.lines())
    again = take(engine, tmp_path / "a", path, judge=Broken)
    assert (again.fates, again.outcomes, again.undone) == ({"known": 1}, {"failed": 1}, True)
    said = "1 pages that were taken failed then; they are judged once more"
    assert said in next(again.lines())
    mended = take(engine, tmp_path / "a", path)
    assert (mended.outcomes, mended.undone) == ({"stored": 1}, False)
    assert rows(engine, "SELECT outcome FROM outcomes") == [("stored",)], "one end of an address in a run"
    assert rows(engine, "SELECT fate, outcome FROM imports") == [("taken", "stored")]
    assert take(engine, tmp_path / "a", path).outcomes == {}


def test_what_was_not_taken_is_taken_when_it_can_be(engine: Engine, tmp_path: Path) -> None:
    """Given again: with --generic, behind a file that brings what a revisit names, after a repair."""
    digest = {"WARC-Payload-Digest": "sha1:UNLIKEOURS", "WARC-Profile": "identical-payload-digest"}
    other = Other(tmp_path / "x.warc.gz").answer(OTHER, PAGE).answer(URL, PAGE, at="2126-10-13T01:00:00Z")
    other.answer(URL, b"", kind="revisit", at="2026-10-12T01:00:00Z", fields=digest)
    path = other.close()
    first = take(engine, tmp_path / "a", path)
    assert first.fates == {"left": 2, "unreadable": 1}
    numbers = rows(engine, "SELECT entry_id FROM imports ORDER BY position")
    named = Other(tmp_path / "y.warc.gz").answer(URL, PAGE, fields=digest).close()
    again = take(engine, tmp_path / "a", named, path, generic=True)
    assert again.fates == {"taken": 3, "unreadable": 1}
    assert again.undone
    with time_machine.travel("2126-10-14T00:00:00Z", tick=True):
        later = take(engine, tmp_path / "a", path, generic=True)
    assert later.fates == {"taken": 1, "known": 2}
    assert not later.undone
    said = rows(
        engine, "SELECT fate, reason, outcome FROM imports WHERE file = 'x.warc.gz' ORDER BY fetched_at"
    )
    assert [fate for fate, _, _ in said] == ["taken"] * 3
    assert rows(engine, "SELECT entry_id FROM imports WHERE file = 'x.warc.gz' ORDER BY position") == numbers
    last = take(engine, tmp_path / "a", path, generic=True)
    assert (last.fates, list(last.before), last.undone) == ({"known": 3}, [], False)


def test_a_revisit_is_the_page_that_it_names(engine: Engine, tmp_path: Path) -> None:
    other = Other(tmp_path / "x.warc.gz").answer(URL, PAGE)
    digest = {"WARC-Payload-Digest": "sha1:UNLIKEOURS", "WARC-Profile": "identical-payload-digest"}
    first = Other(tmp_path / "y.warc.gz").answer(URL, PAGE, fields=digest).close()
    again = Other(tmp_path / "z.warc.gz")
    again.answer(URL, b"", kind="revisit", at="2026-10-12T01:00:00Z", fields=digest)
    again.answer(
        URL, b"", kind="revisit", at="2026-10-13T01:00:00Z", fields={"WARC-Payload-Digest": "sha1:NOBODYS"}
    )
    report = take(engine, tmp_path / "a", other.close(), first, again.close())
    assert report.reasons["left", "a revisit of what was not imported"] == 1
    assert report.outcomes == {"stored": 1, "unchanged": 1}
    seen = rows(engine, "SELECT last_seen_at FROM revision")
    assert [str(at)[:10] for (at,) in seen] == ["2026-10-12"]


def test_a_revisit_may_be_read_before_the_page_that_it_names(engine: Engine, tmp_path: Path) -> None:
    """Crawlers write several files at once, and a folder is read by its files' names."""
    digest = {"WARC-Payload-Digest": "sha1:UNLIKEOURS", "WARC-Profile": "identical-payload-digest"}
    later = {"kind": "revisit", "fields": digest}
    revisit = Other(tmp_path / "0.warc.gz").answer(URL, b"", at="2026-10-12T01:00:00Z", **later)  # type: ignore[arg-type]
    another = Other(tmp_path / "1.warc.gz").answer(URL, b"", at="2026-10-13T01:00:00Z", **later)  # type: ignore[arg-type]
    page = Other(tmp_path / "2.warc.gz").answer(URL, PAGE, fields=digest).close()
    alone = take(engine, tmp_path / "a", revisit.close())
    assert alone.reasons == {("left", "a revisit of what was not imported"): 1}
    report = take(engine, tmp_path / "a", another.close(), page)
    assert (report.fates["taken"], report.fates["left"]) == (3, 0), "also of the import before"
    assert not [line for line in report.lines() if line.startswith("left")]
    assert report.outcomes == {"stored": 1, "unchanged": 2}
    seen = rows(engine, "SELECT last_seen_at FROM revision")
    assert [str(at)[:10] for (at,) in seen] == ["2026-10-13"]
    counted = rows(engine, "SELECT counts FROM import_file ORDER BY name")
    assert [json.loads(said)["taken"] for (said,) in counted] == [1, 1, 1]
    assert not [said for (said,) in counted if "left" in said]


def test_files_of_the_archive_itself_are_known(engine: Engine, tmp_path: Path) -> None:
    """Given by mistake, or from a backup: nothing is captured twice, the 304 no more than the page."""
    with writer(tmp_path / "a" / "warc") as warc:
        answer(warc, 0)
        answer(warc, 2, b"", status=304)
        answer(warc, 3, b"", status=404)
    rebuild(engine, tmp_path / "a" / "warc")
    before = rows(engine, "SELECT * FROM capture ORDER BY id")
    report = take(engine, tmp_path / "a", tmp_path / "a" / "warc")
    assert (report.fates, report.undone) == ({"known": 3}, False)
    assert rows(engine, "SELECT * FROM capture ORDER BY id") == before


def test_what_nobody_asked_for_is_no_loss(engine: Engine, tmp_path: Path) -> None:
    """A script that cannot be decoded, a film, a page of elsewhere: left; the same of a source: told."""
    zstd = b"\x28\xb5\x2f\xfd"
    other = Other(tmp_path / "x.warc.gz")
    for url, kind in ((OTHER, "text/html"), (URL, "text/javascript"), (URL, "text/html")):
        other.answer(url, zstd, headers=[("Content-Type", kind), ("Content-Encoding", "zstd")])
    other.answer(OTHER, PAGE, at="never").answer(
        URL, zstd, status="500 Oh", headers=[("Content-Encoding", "br")]
    )
    report = take(engine, tmp_path / "a", other.close())
    assert report.fates == {"left": 4, "unreadable": 1}
    assert report.reasons["unreadable", "its zstd body breaks off after 0 bytes"] == 1
    assert take(engine, tmp_path / "a", tmp_path / "x.warc.gz", generic=True).fates["unreadable"] == 3


def test_a_file_has_any_name(engine: Engine, tmp_path: Path) -> None:
    path = Path(os.fsdecode(os.fsencode(tmp_path) + b"/\xb1\xff.warc.gz"))
    Other(tmp_path / "x.warc.gz").answer(URL, PAGE).close().rename(path)
    report = take(engine, tmp_path / "a", path)
    assert report.outcomes == {"stored": 1}
    assert rows(engine, "SELECT file FROM imports") == [("\\xb1\\xff.warc.gz",)]


def test_odd_answers_are_sentences_and_the_next_is_taken(engine: Engine, tmp_path: Path) -> None:
    """Each of these was written by some program."""
    other = Other(tmp_path / "x.warc.gz")
    other.answer(URL, PAGE, at="0001-01-01T00:00:00Z").answer(f"{URL}?q=a b\u00e9가", PAGE)
    other.answer(URL, b"", at="2026-10-10T02:00:00Z").answer(URL, b"   \n", at="2026-10-10T03:00:00Z")
    other.answer(
        URL, PAGE, at="2026-10-10T04:00:00Z", headers=[("X Y\x01", "a\x0b"), ("Content-Type", "Text/HTML")]
    )
    other.answer(URL, PAGE, at="2026-10-10T05:00:00Z", fields={"WARC-Truncated": "bored"})
    other.answer(URL.upper(), PAGE).answer("https://www.fnnews.com:443/news/202610090610281234#x", PAGE)
    other.answer("http://[::1", PAGE).answer("https://" + "가" * 900 + ".kr/", PAGE)
    report = take(engine, tmp_path / "a", other.close(), generic=True)
    assert not [why for _, why in report.reasons if why.startswith("it cannot be taken")], report.reasons
    assert sum(report.fates.values()) == 10
    assert report.reasons["unreadable", "it says it was captured in the year 1"] == 1
    assert report.reasons["left", "no page: it is empty"] == 2
    assert rows(engine, "SELECT count(*) FROM capture") == [(report.fates["taken"],)]


def test_saved_pages_and_addresses(engine: Engine, tmp_path: Path) -> None:
    made = manifest(tmp_path / "m", [HEAD, ["a.html", URL, AT], ["a.html", OTHER, AT], ["a.html", "no", AT]])
    (made.parent / "a.html").write_bytes(PAGE)
    urls = tmp_path / "urls.txt"
    urls.write_text(f"{URL}\n{URL[:-1]}5\n{OTHER}\nnothing\n")
    report = take(engine, tmp_path / "a", made, urls)
    assert report.fates == {"taken": 1, "left": 3, "queued": 2, "unreadable": 1}
    assert rows(engine, "SELECT url FROM articles") == [(URL,)]
    waiting = rows(engine, "SELECT url FROM address WHERE state = 'pending' ORDER BY url")
    assert waiting == sorted([(URL,), (f"{URL[:-1]}5",)])
    assert {seed for (seed,) in rows(engine, "SELECT url FROM seed")} >= {"import:urls.txt"}


def test_what_was_taken_down_is_not_taken_in(engine: Engine, tmp_path: Path) -> None:
    stones = Tombstones(tmp_path / "a")
    stones.bury(Tombstone(id="1", at=AT, reason="asked", by="desk", addresses=(stones.address(URL),)))
    report = take(engine, tmp_path / "a", Other(tmp_path / "x.warc.gz").answer(URL, PAGE).close())
    assert report.reasons == {("left", "tombstone"): 1}
    assert rows(engine, "SELECT * FROM articles") == []
    assert list((tmp_path / "a").glob("warc/*")) == []


class Site(BaseHTTPRequestHandler):
    """The page under any address, in chunks; asked as a proxy, so that the address is the real one."""

    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()
        for at in range(0, len(PAGE), 1000):
            part = PAGE[at : at + 1000]
            self.wfile.write(f"{len(part):x}\r\n".encode() + part + b"\r\n")
        self.wfile.write(b"0\r\n\r\n")

    def log_message(self, *_: object) -> None:
        """Nothing."""


@pytest.fixture
def proxy() -> Iterator[str]:
    with ThreadingHTTPServer(("127.0.0.1", 0), Site) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_address[1]}"
        server.shutdown()


@pytest.mark.skipif(shutil.which("wget") is None, reason="wget is not here")
@pytest.mark.parametrize("packed", [True, False])
def test_a_file_of_wget(sqlite_url: str, tmp_path: Path, proxy: str, packed: bool) -> None:
    command = [
        "wget",
        "-q",
        "-e",
        f"http_proxy={proxy}",
        "--warc-file=w",
        "-O",
        "page",
        URL.replace("https", "http"),
    ]
    if not packed:
        command.insert(1, "--no-warc-compression")
    subprocess.run(command, cwd=tmp_path, check=True, timeout=60)
    (path,) = tmp_path.glob("w.warc*")
    engine = open_database(sqlite_url)
    report = take(engine, tmp_path / "a", path)
    assert report.fates == {"taken": 1}, list(report.lines())
    assert report.outcomes == {"stored": 1}
    assert report.beside["request"] == 1
    assert [url.partition(":")[2] for (url,) in rows(engine, "SELECT url FROM articles")] == [
        URL.partition(":")[2]
    ]
    (entry,) = rows(engine, "SELECT file, record, reason FROM imports")
    assert entry[0] == path.name
    engine.dispose()


def test_a_page_that_a_proxy_has_rewritten_is_a_page(engine: Engine, tmp_path: Path) -> None:
    """RFC 9110, 15.3.4: a 203 is a 200 that was changed on its way."""
    path = Other(tmp_path / "x.warc.gz").answer(URL, PAGE, status="203 Non-Authoritative").close()
    report = take(engine, tmp_path / "a", path)
    assert (report.fates, report.outcomes) == ({"taken": 1}, {"stored": 1})
