"""After the process dies at any moment, the same command again loses nothing and stores nothing twice.

Two independent readings are held against each other: the rows against the WARC records, and the counts
against the ledger. The undisturbed crawl of an equal twin is the third.
"""

from __future__ import annotations

import random
import signal
import sqlite3
import subprocess
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing
from pathlib import Path

import pytest
from warcio.archiveiterator import ArchiveIterator

from storage.records import WarcPlace
from storage.warc.reading import read_payload
from storage.warc.store import payload_digest
from tests.crawl.conftest import ARTICLES, stage_on
from tests.crawl.stage import Stage
from twin import Twin

DOOMS = ("record", "torn", "commit", "outcome")


def crawl_with_kills(stage: Stage, dooms: Iterable[tuple[str, int]]) -> int:
    """Kill the crawl by what has happened, then let it finish; how many kills hit a living process."""
    hit = 0
    for what, number in dooms:
        words = ("crawl", *stage.origins(), "--delay", "0")
        done = stage.run(what, str(number), *words, module="tests.crawl.doomed")
        hit += done.code == -signal.SIGKILL
    stage.crawl_all()
    return hit


def random_dooms(kills: int, rng: random.Random) -> list[tuple[str, int]]:
    """Moments anywhere in a crawl of ARTICLES stories: it writes 150 records and commits 700 times."""
    return [
        (what := rng.choice(DOOMS), rng.randint(1, 400 if what == "commit" else 60)) for _ in range(kills)
    ]


def kill(process: subprocess.Popen[str]) -> bool:
    """SIGKILL; whether there was something to kill."""
    living = process.poll() is None
    process.send_signal(signal.SIGKILL)
    process.communicate()
    return living


def check_same(killed: Stage, calm: Stage) -> None:
    """0 lost, 0 doubled: content, frontier, ledger and files."""
    assert killed.kept() == calm.kept()
    assert killed.sizes() == calm.sizes()
    assert killed.rows("SELECT url, state FROM address WHERE state <> 'settled'") == []
    assert list((killed.folder / "warc").glob("*.open")) == []
    check_rows_against_warc(killed)
    check_ledger(killed)


def check_rows_against_warc(stage: Stage) -> None:
    """Every capture row has its record, whole, and every record has its row."""
    warc = stage.folder / "warc"
    rows = stage.rows(
        "SELECT url, http_status, payload_digest, warc_file, warc_offset, warc_length FROM capture"
    )
    for row in rows:
        place = WarcPlace(file=row["warc_file"], offset=row["warc_offset"], length=row["warc_length"])
        status, _, body = read_payload(warc, place)
        assert status == row["http_status"]
        if status != 304:
            assert payload_digest(body) == row["payload_digest"]
    written = {record for file in warc.glob("*.warc.gz") for record in answers(file)}
    assert {(row["warc_file"], row["warc_offset"], row["url"]) for row in rows} == written


def answers(file: Path) -> Iterator[tuple[str, int, str]]:
    with file.open("rb") as stream:
        records = ArchiveIterator(stream)
        for record in records:
            if record.rec_type in ("response", "revisit"):
                yield file.name, records.get_record_offset(), record.rec_headers.get_header("WARC-Target-URI")


def check_ledger(stage: Stage) -> None:
    """listed = the sum of the outcomes in every run that ended; a page is fetched whole once."""
    for run in stage.column("SELECT id FROM run WHERE verdict <> 'interrupted'"):
        listed, ended = stage.balance(run)
        assert listed == ended
    assert stage.column("SELECT count(*) FROM run WHERE finished_at IS NULL") == [0]


def test_a_killed_crawl_ends_as_an_undisturbed_one(tmp_path: Path, undisturbed: Stage) -> None:
    with Twin(articles=ARTICLES) as twin:
        killed = stage_on(tmp_path / "killed", twin.url)
        # Behind a record that has no row yet; on an outcome; behind a commit. The rest is the proof's.
        dooms = [("record", 40), ("outcome", 10), ("commit", 40)]
        assert crawl_with_kills(killed, dooms) == len(dooms)
    check_same(killed, undisturbed)


# --- killed in each stage ---------------------------------------------------------------------------

STAGES = {
    "while the lists are read": "SELECT count(*) >= 3 FROM seed_visit",
    "with addresses leased": "SELECT count(*) >= 1 FROM address WHERE state = 'leased'",
    "between capture and store": "SELECT count(*) >= 1 FROM capture "
    "WHERE processed_at IS NULL AND address_id IS NOT NULL AND http_status = 200",
    "in the middle of storing": "SELECT count(*) >= 30 FROM outcome",
}


def wait_until(database: Path, question: str, process: subprocess.Popen[str]) -> bool:
    """Ask the archive until the answer is yes; False when the process ended first."""
    while process.poll() is None:
        if database.exists() and ask(database, question):
            return True
        time.sleep(0.001)
    return False


def ask(database: Path, question: str) -> bool:
    try:
        with closing(sqlite3.connect(f"file:{database}?mode=ro", uri=True, timeout=5)) as connection:
            return bool(connection.execute(question).fetchone()[0])
    except sqlite3.OperationalError:
        return False  # the tables are being made


@pytest.mark.parametrize("moment", STAGES)
@pytest.mark.proof
def test_killed_in_each_stage(tmp_path: Path, moment: str, undisturbed: Stage) -> None:
    with Twin(articles=ARTICLES) as twin:
        killed = stage_on(tmp_path / "killed", twin.url)
        process = killed.start("crawl", *killed.origins(), "--delay", "0")
        reached = wait_until(killed.folder / "newsarchive.db", STAGES[moment], process)
        kill(process)
        assert reached, "the crawl ended before the moment came"
        killed.crawl_all()
    check_same(killed, undisturbed)


# --- 200 kills ----------------------------------------------------------------------------------------

ROUNDS = 20
KILLS = 5


@pytest.mark.proof
@pytest.mark.parametrize("seed", range(ROUNDS))
@pytest.mark.parametrize("backend", ["sqlite", "postgresql"])
def test_two_hundred_kills(
    tmp_path: Path,
    backend: str,
    seed: int,
    undisturbed: Stage,
    request: pytest.FixtureRequest,
    table: Callable[[str], None],
) -> None:
    database = request.getfixturevalue("postgresql_url") if backend == "postgresql" else None
    with Twin(articles=ARTICLES) as twin:
        killed = stage_on(tmp_path / "killed", twin.url, database)
        hit = crawl_with_kills(killed, random_dooms(KILLS, random.Random(seed)))
    check_same(killed, undisturbed)
    articles = len(killed.kept()["appearance"])
    table(
        f"{backend:<10} seed {seed:>2}: {hit} of {KILLS} kills hit, {articles} appearances, 0 lost, 0 doubled"
    )


@pytest.fixture
def table(capsys: pytest.CaptureFixture[str]) -> Callable[[str], None]:
    """Prints a line of the proof's table past pytest's capture."""

    def line(text: str) -> None:
        with capsys.disabled():
            print(f"\n{text}", end="")

    return line
